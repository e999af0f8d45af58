//! What is measured is what is shipped: the profile `dist`.

use std::path::PathBuf;

use super::Bench;
use crate::run::{cargo, run};

/// The server.
pub(super) fn server(bench: &Bench<'_>) -> anyhow::Result<PathBuf> {
    build(bench, &["--package", "lodge-server"])?;
    Ok(bench.workspace.target.join("dist").join("gitlodge"))
}

/// An example of one of our crates.
pub(super) fn example(bench: &Bench<'_>, package: &str, name: &str) -> anyhow::Result<PathBuf> {
    build(bench, &["--package", package, "--example", name])?;
    Ok(bench.workspace.target.join("dist").join("examples").join(name))
}

fn build(bench: &Bench<'_>, what: &[&str]) -> anyhow::Result<()> {
    run(cargo()
        .current_dir(&bench.workspace.root)
        .args(["build", "--locked", "--profile", "dist"])
        .args(what))
}
