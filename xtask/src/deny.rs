//! cargo-deny: licences, sources, and crates that belong to one place.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, bail};

use crate::{
    programs::in_path,
    run::{cargo, run},
    terminal::note,
    workspace::Workspace,
};

/// The version that `deny.toml` was written for.
const VERSION: &str = "0.20.2";

/// Checks the whole tree of dependencies against `deny.toml`.
///
/// Advisories are left out: their database is fetched from one host, and a gate
/// that depends on the network refuses good changes.
pub(crate) fn check(workspace: &Workspace) -> anyhow::Result<()> {
    let program = program()?;
    run(Command::new(program).current_dir(&workspace.root).args([
        "--all-features",
        "check",
        "bans",
        "licenses",
        "sources",
    ]))
}

/// cargo-deny from the PATH, else from our own folder of tools, else built into it.
fn program() -> anyhow::Result<PathBuf> {
    if let Some(found) = in_path("cargo-deny") {
        return Ok(found);
    }
    let tools = tools()?;
    let ours = tools.join("bin").join("cargo-deny");
    if !ours.is_file() {
        note(&format!(
            "building cargo-deny {VERSION} into {} (three minutes, once)",
            tools.display()
        ));
        install(&tools).context(format!(
            "cargo-deny is missing and cannot be built; install it with \
             `cargo install --locked cargo-deny@{VERSION}`"
        ))?;
    }
    Ok(ours)
}

fn install(tools: &Path) -> anyhow::Result<()> {
    let mut install = cargo();
    // It must not inherit a target folder that holds other settings' artefacts.
    install.env_remove("CARGO_TARGET_DIR").args(["install", "--locked", "--quiet", "--root"]);
    run(install.arg(tools).arg(format!("cargo-deny@{VERSION}")))
}

/// Where tools survive a `cargo clean`.
fn tools() -> anyhow::Result<PathBuf> {
    let cache = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let home = || env::var_os("HOME").map(|it| Path::new(&it).join(".cache"));
    match cache.or_else(home) {
        Some(cache) => Ok(cache.join("gitlodge").join("tools")),
        None => bail!("neither XDG_CACHE_HOME nor HOME is set: there is no place for cargo-deny"),
    }
}
