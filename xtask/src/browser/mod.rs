//! What people and unmodified clients of OAuth and of streams meet: the journeys of
//! `tests/browser` in a real browser, and pictures of every page.

mod install;

use std::{path::Path, process::Command};

use self::install::Place;
use crate::{
    run::{cargo, run},
    terminal::say,
    workspace::Workspace,
};

/// Runs the journeys; `chosen` are files of `tests/browser`, all when empty.
///
/// # Errors
///
/// When something is missing, or a journey fails.
pub(crate) fn test(workspace: &Workspace, chosen: &[String]) -> anyhow::Result<()> {
    let place = install::ensure(workspace)?;
    let mut node = node(workspace, &place)?;
    // One after the other: each starts a gateway and a browser of its own.
    node.args(["--test", "--test-concurrency=1", "--test-reporter=spec"]);
    let files = if chosen.is_empty() { install::tests(&place.folder)? } else { chosen.to_vec() };
    run(node.args(files))
}

/// Writes a picture of every page to `target/screenshots`, or of those whose
/// names have one of the words `chosen`.
///
/// # Errors
///
/// When something is missing, or a page cannot be come to.
pub(crate) fn screenshots(workspace: &Workspace, chosen: &[String]) -> anyhow::Result<()> {
    let place = install::ensure(workspace)?;
    let folder = workspace.target.join("screenshots");
    let mut node = node(workspace, &place)?;
    node.arg("screenshots.js").args(chosen).env("GITLODGE_SCREENSHOTS", &folder);
    run(&mut node)?;
    say(&format!("look at {}", folder.display()));
    Ok(())
}

/// Node, beside the modules, told where everything is.
fn node(workspace: &Workspace, place: &Place) -> anyhow::Result<Command> {
    run(cargo().current_dir(&workspace.root).args(["build", "--package", "lodge-server"]))?;
    let binary = workspace.target.join("debug").join("gitlodge");
    let mut node = Command::new("node");
    node.current_dir(&place.folder)
        .env("GITLODGE_TEST_BINARY", binary)
        .env("GITLODGE_TEST_CHROMIUM", &place.chromium)
        .env("GITLODGE_TEST_PYTHON", python_in(&place.folder));
    Ok(node)
}

/// The Python that has the packages of `requirements.txt`.
fn python_in(folder: &Path) -> std::path::PathBuf {
    folder.join("python").join("bin").join("python")
}
