//! What is measured is what is shipped: the profile `dist`, unless told otherwise.

use std::path::PathBuf;

use super::Bench;
use crate::run::{cargo, run};

/// The server.
pub(super) fn server(bench: &Bench<'_>) -> anyhow::Result<PathBuf> {
    build(bench, &["--package", "lodge-server"])?;
    Ok(folder(bench).join("gitlodge"))
}

/// An example of one of our crates.
pub(super) fn example(bench: &Bench<'_>, package: &str, name: &str) -> anyhow::Result<PathBuf> {
    build(bench, &["--package", package, "--example", name])?;
    Ok(folder(bench).join("examples").join(name))
}

/// Cargo names the folder after the profile, but for the oldest one.
fn folder(bench: &Bench<'_>) -> PathBuf {
    bench.workspace.target.join(if bench.profile == "dev" { "debug" } else { bench.profile })
}

fn build(bench: &Bench<'_>, what: &[&str]) -> anyhow::Result<()> {
    run(cargo()
        .current_dir(&bench.workspace.root)
        .args(["build", "--locked", "--profile", bench.profile])
        .args(what))
}
