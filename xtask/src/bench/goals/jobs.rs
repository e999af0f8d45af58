//! P8 and P9: jobs on PostgreSQL beside npm's graphile-worker, on one cluster.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Context;
use serde_json::Value;

use super::Outcome;
use crate::{
    bench::{Bench, build, protocol::Series},
    postgres::Cluster,
    programs::{Needed, ensure, in_path},
    run::read,
    scratch::Scratch,
};

const NPM: Needed =
    Needed { what: "npm, with node", debian_package: "npm", elsewhere: "see https://nodejs.org" };

/// What we are measured beside.
const PACKAGE: &str = "graphile-worker@0.18.0";
const SCRIPT: &str = include_str!("../graphile.mjs");
/// How many jobs each side does at once, unbatched and in batches.
const FEW: &str = "24";
const MANY: &str = "500";

/// Both sides over one cluster.
struct Sides {
    ours: PathBuf,
    theirs: Scratch,
    cluster: Cluster,
    jobs: String,
    pickups: String,
}

impl Sides {
    fn prepare(bench: &Bench<'_>) -> anyhow::Result<Self> {
        let npm = ensure(&NPM, || in_path("npm"))?;
        let ours = build::example(bench, "lodge-server", "jobs")?;
        let theirs = Scratch::open("graphile", 200)?;
        // Without it, npm installs into the nearest folder above that has one.
        fs::write(theirs.folder.join("package.json"), r#"{"private":true}"#)?;
        fs::write(theirs.folder.join("graphile.mjs"), SCRIPT)?;
        let mut install = Command::new(npm);
        install.args(["install", "--no-audit", "--no-fund", "--ignore-scripts", PACKAGE]);
        read(install.current_dir(&theirs.folder))?;
        let (jobs, pickups) = if bench.quick { ("3000", "60") } else { ("20000", "400") };
        let cluster = Cluster::start()?;
        Ok(Self { ours, theirs, cluster, jobs: jobs.to_owned(), pickups: pickups.to_owned() })
    }

    fn ours(&self, words: &[&str], figure: &str) -> anyhow::Result<f64> {
        let (mode, rest) = words.split_first().context("no words")?;
        let mut program = Command::new(&self.ours);
        said(program.arg(mode).arg(self.cluster.url()).args(rest), figure)
    }

    fn theirs(&self, words: &[&str], figure: &str) -> anyhow::Result<f64> {
        let mut program = Command::new("node");
        program.current_dir(&self.theirs.folder).env("BENCH_URL", self.cluster.url());
        said(program.arg(Path::new("graphile.mjs")).args(words), figure)
    }
}

/// The figure out of the line of JSON that a program prints.
fn said(program: &mut Command, figure: &str) -> anyhow::Result<f64> {
    let line = read(program)?;
    let line: Value = serde_json::from_str(line.trim()).context("it printed no JSON")?;
    line.get(figure).and_then(Value::as_f64).with_context(|| format!("it gave no {figure}"))
}

/// P8, job by job: each side as it is used, 24 at once.
pub(super) fn measure(bench: &Bench<'_>) -> anyhow::Result<Outcome> {
    let sides = Sides::prepare(bench)?;
    let series = bench.protocol.compare(
        bench,
        |_| sides.ours(&["rate", &sides.jobs, FEW], "jobs_per_s"),
        |_| sides.theirs(&["rate", &sides.jobs, FEW, "0"], "jobs_per_s"),
    )?;
    Ok(outcome(&series, &format!("{} empty jobs, {FEW} at once", sides.jobs)))
}

/// P8, in batches: 500 at once, and their local queue of 500.
pub(super) fn measure_batched(bench: &Bench<'_>) -> anyhow::Result<Outcome> {
    let sides = Sides::prepare(bench)?;
    let series = bench.protocol.compare(
        bench,
        |_| sides.ours(&["rate", &sides.jobs, MANY], "jobs_per_s"),
        |_| sides.theirs(&["rate", &sides.jobs, FEW, MANY], "jobs_per_s"),
    )?;
    Ok(outcome(&series, &format!("{} empty jobs, batches of {MANY}", sides.jobs)))
}

/// P9: asked for and begun in one process, the worker at rest.
pub(super) fn measure_pickup(bench: &Bench<'_>) -> anyhow::Result<Outcome> {
    let sides = Sides::prepare(bench)?;
    let series = bench.protocol.compare(
        bench,
        |_| sides.ours(&["pickup", &sides.pickups], "p50_ms"),
        |_| sides.theirs(&["pickup", &sides.pickups], "p50_ms"),
    )?;
    Ok(outcome(&series, &format!("p50 of {}, asked for in the worker's process", sides.pickups)))
}

fn outcome(series: &Series, what: &str) -> Outcome {
    Outcome::Measured {
        figure: series.figure(),
        details: format!("{}; {what}, one PostgreSQL, {PACKAGE}", series.spread()),
    }
}
