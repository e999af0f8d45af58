//! P1: a page of repositories beside nginx that passes the same bytes on. The
//! host answers in the process: what is measured is what stands before it.

use anyhow::{Context, bail};

use super::Outcome;
use crate::{
    bench::{
        Bench, build,
        gateway::{Gateway, StartError},
        http::Client,
        nginx::Nginx,
        repositories, wrk,
    },
    scratch::Scratch,
};

/// The size that was agreed on, in bytes.
pub(super) const BODY: usize = 4_700;

/// Enough repositories for a body of that size.
const REPOSITORIES: usize = 25;

pub(super) fn measure(bench: &Bench<'_>) -> anyhow::Result<Outcome> {
    let binary = build::server(bench)?;
    let folder = Scratch::open("repositories", 200)?;
    fill(&folder)?;
    let gateway =
        Gateway::start(bench, &binary, &folder.folder, &[]).map_err(StartError::into_error)?;
    let (path, body) = page(&gateway)?;
    let nginx = Nginx::serve(&body, &[])?;
    let (ours, theirs) = (format!("{}{path}", gateway.url), format!("{}{path}", nginx.url));
    let series = bench.protocol.compare(
        bench,
        |window| wrk::rate(&ours, &gateway.token, window),
        |window| wrk::rate(&theirs, &gateway.token, window),
    )?;
    Ok(Outcome::Measured {
        figure: series.figure(),
        details: format!(
            "{}; body {} bytes, all policies on; {}",
            series.spread(),
            body.len(),
            if bench.postgres { "PostgreSQL" } else { "embedded store" }
        ),
    })
}

/// Small repositories, so that their number makes the body and not their content.
pub(super) fn fill(folder: &Scratch) -> anyhow::Result<()> {
    for number in 0..REPOSITORIES {
        repositories::make(&folder.folder.join(format!("service-{number:02}.git")), 20)?;
    }
    Ok(())
}

/// The path whose answer comes closest to the agreed size, and that answer.
pub(super) fn page(gateway: &Gateway) -> anyhow::Result<(String, String)> {
    let mut client = Client::new(&gateway.url);
    client.bearer = Some(gateway.token.clone());
    let mut ask = |limit: usize| -> anyhow::Result<(String, String)> {
        let path = format!("/v1/repositories?provider=local&limit={limit}");
        let answer = client.get(&path)?;
        answer.json().context("the page of repositories was refused")?;
        Ok((path, answer.body))
    };
    let (_, full) = ask(REPOSITORIES)?;
    if full.len() < BODY / 2 {
        bail!(
            "a page of {REPOSITORIES} repositories has {} bytes: that is not what was meant",
            full.len()
        );
    }
    let limit = (BODY * REPOSITORIES / full.len()).clamp(1, REPOSITORIES);
    ask(limit)
}
