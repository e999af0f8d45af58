//! P13: questions to a host that count against its quota, for repeated reads.
//! A count and no time, so that one round each is enough.

use std::thread;

use anyhow::{Context, ensure};
use serde_json::Value;

use super::Outcome;
use crate::{
    bench::{
        Bench, build,
        gateway::{Gateway, StartError},
        http::Client,
        repositories::make,
    },
    scratch::Scratch,
};

/// Readers at the same time; each reads every path, round by round.
const READERS: usize = 10;
const ROUNDS: usize = 10;
const PATHS: [&str; 10] = [
    "",
    "/branches",
    "/commits",
    "/pull-requests",
    "/contributors",
    "/tags",
    "/releases",
    "/checks",
    "/deployments",
    "/file-tree",
];

/// GitHub, imitated: there a 304 costs nothing.
const HOST: &str = "github";

/// Asks for everything again.
const SWITCH: &str = "--ask-hosts-every-time";

pub(super) fn measure(bench: &Bench<'_>) -> anyhow::Result<Outcome> {
    let binary = build::server(bench)?;
    let folder = Scratch::open("repositories", 200)?;
    make(&folder.folder.join("team/one.git"), 200)?;
    let simulate = format!("--simulate={HOST}");
    let count = |flags: &[&str]| {
        let flags: Vec<_> = ["--demo", &simulate].iter().chain(flags).copied().collect();
        let gateway = Gateway::start(bench, &binary, &folder.folder, &flags);
        counted(&gateway.map_err(StartError::into_error)?)
    };
    let (with, without) = (count(&[])?, count(&[SWITCH])?);
    Ok(Outcome::Measured {
        figure: f64::from(with) / f64::from(without),
        details: format!(
            "{with} and {without} questions for {} reads by {READERS} readers",
            READERS * ROUNDS * PATHS.len()
        ),
    })
}

/// How many questions the host counts while everything is read.
fn counted(gateway: &Gateway) -> anyhow::Result<u32> {
    let repository = repository(gateway)?;
    let before = counter(gateway)?;
    thread::scope(|scope| {
        let readers: Vec<_> =
            (0..READERS).map(|_| scope.spawn(|| read_everything(gateway, &repository))).collect();
        let ended = readers.into_iter().map(|it| it.join().ok().context("a reader is gone")?);
        ended.collect::<anyhow::Result<Vec<()>>>()
    })?;
    Ok(counter(gateway)? - before)
}

fn reader(gateway: &Gateway) -> Client {
    let mut reader = Client::new(&gateway.url);
    reader.bearer = Some(gateway.token.clone());
    reader
}

/// The path of the host's repository.
fn repository(gateway: &Gateway) -> anyhow::Result<String> {
    let listed = reader(gateway).get("/v1/repositories?limit=100")?.json()?;
    let all = listed.get("data").and_then(Value::as_array).context("there is no list")?;
    let text = |it: &Value, name: &str| it.get(name).and_then(Value::as_str).map(str::to_owned);
    let theirs = all.iter().find(|it| text(it, "provider").as_deref() == Some(HOST));
    let id = theirs.and_then(|it| text(it, "id")).context("the host has no repository")?;
    Ok(format!("/v1/repositories/{HOST}/{id}"))
}

fn read_everything(gateway: &Gateway, repository: &str) -> anyhow::Result<()> {
    let mut reader = reader(gateway);
    for _ in 0..ROUNDS {
        for path in PATHS {
            let answer = reader.get(&format!("{repository}{path}"))?;
            ensure!(answer.status == 200, "{path}: {} {}", answer.status, answer.body);
        }
    }
    Ok(())
}

fn counter(gateway: &Gateway) -> anyhow::Result<u32> {
    let said = gateway.said();
    let (_, after) = said.split_once("simulated hosts on ").context("no host is simulated")?;
    let origin = after.lines().next().unwrap_or_default();
    let told = Client::new(origin).get(&format!("/_simulation/{HOST}/counters"))?.json()?;
    let counted = told.get("counted").and_then(Value::as_u64).context("nothing is counted")?;
    Ok(u32::try_from(counted)?)
}
