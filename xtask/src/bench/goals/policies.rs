//! P3: what the policies cost, on the same binary.

use super::{
    Outcome,
    throughput::{fill, page},
};
use crate::{
    bench::{
        Bench, build,
        gateway::{Gateway, StartError},
        wrk,
    },
    scratch::Scratch,
};

/// Skips firewall, limiter and usage; refused anywhere but on loopback.
const SWITCH: &str = "--unsafe-without-policies";

pub(super) fn measure(bench: &Bench<'_>) -> anyhow::Result<Outcome> {
    let binary = build::server(bench)?;
    let folder = Scratch::open("repositories", 200)?;
    fill(&folder)?;
    let without = match Gateway::start(bench, &binary, &folder.folder, &[SWITCH]) {
        Ok(gateway) => gateway,
        Err(StartError::Refused(said)) => {
            let first = said.lines().next().unwrap_or("it said nothing");
            let reason = format!("the server does not take {SWITCH}: {first}");
            return Ok(Outcome::NotMeasurable { reason });
        }
        Err(StartError::Other(error)) => return Err(error),
    };
    let with =
        Gateway::start(bench, &binary, &folder.folder, &[]).map_err(StartError::into_error)?;
    let (path, _) = page(&with)?;
    let (on, off) = (format!("{}{path}", with.url), format!("{}{path}", without.url));
    let series = bench.protocol.compare(
        bench,
        |window| wrk::rate(&on, &with.token, window),
        |window| wrk::rate(&off, &without.token, window),
    )?;
    Ok(Outcome::Measured { figure: series.figure(), details: series.spread() })
}
