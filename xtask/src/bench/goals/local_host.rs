//! P14: reading a repository in-process beside the git program.

use std::{
    collections::BTreeMap,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use serde_json::Value;

use super::Outcome;
use crate::{
    bench::{
        Bench, build,
        protocol::{Series, median},
        repositories,
    },
    run::read,
    scratch::Scratch,
    terminal::note,
};

const COMMITS: usize = 5_000;

/// One read, in both tongues.
struct Read {
    /// As the example `p14` names it.
    name: &'static str,
    git: &'static [&'static str],
}

const READS: &[Read] = &[
    Read {
        name: "commits_100",
        git: &[
            "log",
            "-100",
            "--format=%H%x00%T%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B%x00",
            "main",
        ],
    },
    Read { name: "diff_1", git: &["show", "-U3", "-M", "main"] },
    Read { name: "tree_recursive", git: &["ls-tree", "-r", "-l", "main"] },
];

pub(super) fn measure(bench: &Bench<'_>) -> anyhow::Result<Outcome> {
    let ours = build::example(bench, "lodge-provider-local", "p14")?;
    let scratch = Scratch::open("history", 200)?;
    let repository = scratch.folder.join("history.git");
    note(&format!("making a repository of {COMMITS} commits"));
    repositories::make(&repository, COMMITS)?;

    let mut all: Vec<(&str, Series)> = Vec::new();
    for it in READS {
        note(it.name);
        // A rate is one over a time, so ours ÷ git's time is git's ÷ our rate.
        let series = bench.protocol.compare(
            bench,
            |window| Ok(1.0 / git_seconds(&repository, it.git, window)?),
            |_| Ok(1.0 / our_seconds(&ours, &repository, it.name)?),
        )?;
        all.push((it.name, series));
    }
    let figure = all.iter().map(|(_, it)| it.figure()).fold(0.0, f64::max);
    let details: Vec<String> = all
        .iter()
        .map(|(name, it)| format!("{name} {:.3} ({})", it.figure(), it.spread()))
        .collect();
    Ok(Outcome::Measured { figure, details: details.join("; ") })
}

/// The median time of one read by git, its start included: that is the alternative.
fn git_seconds(repository: &Path, arguments: &[&str], window: Duration) -> anyhow::Result<f64> {
    let (started, mut times) = (Instant::now(), Vec::new());
    while times.len() < 5 || started.elapsed() < window {
        let mut git = repositories::git(repository);
        git.args(arguments);
        let began = Instant::now();
        let said = read(&mut git)?;
        times.push(began.elapsed().as_secs_f64());
        if said.is_empty() {
            bail!("`git {}` said nothing", arguments.join(" "));
        }
    }
    Ok(median(&times))
}

/// The median time of one read by ours, which measures itself.
fn our_seconds(program: &Path, repository: &Path, name: &str) -> anyhow::Result<f64> {
    let said = read(Command::new(program).arg(repository))?;
    let micros = medians(&said)?;
    match micros.get(name) {
        Some(micros) => Ok(micros / 1e6),
        None => bail!("p14 did not measure `{name}`: {said}"),
    }
}

/// From lines such as `{"read":"commits","median_us":241.0}`.
fn medians(said: &str) -> anyhow::Result<BTreeMap<String, f64>> {
    let mut medians = BTreeMap::new();
    for line in said.lines().filter(|it| !it.trim().is_empty()) {
        let line: Value =
            serde_json::from_str(line).context("p14 printed something else than JSON")?;
        let name = line.get("read").and_then(Value::as_str).context("p14 gave no `read`")?;
        let micros =
            line.get("median_us").and_then(Value::as_f64).context("p14 gave no `median_us`")?;
        medians.insert(name.to_owned(), micros);
    }
    Ok(medians)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_the_example_are_understood() {
        let said =
            "{\"read\":\"commits\",\"median_us\":241.5}\n\n{\"read\":\"tree\",\"median_us\":50}\n";
        let expected = BTreeMap::from([("commits".to_owned(), 241.5), ("tree".to_owned(), 50.0)]);
        assert_eq!(medians(said).unwrap(), expected);
        assert!(medians("241 us").is_err());
    }
}
