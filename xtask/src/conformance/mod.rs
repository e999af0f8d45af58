//! What is proved of every Git host, and the page that says so.
//!
//! Reading order: [`sources`] and [`install`] (what others recorded), [`suites`]
//! (the tests), [`evidence`] (what they told), [`document`] (the page).

mod document;
mod evidence;
mod install;
mod sources;
mod suites;

use std::{fs, path::PathBuf};

use anyhow::{Context, bail};

use self::{evidence::Evidence, sources::SOURCES};
use crate::{
    terminal::{note, say},
    workspace::Workspace,
};

/// Where the page stands, from the root.
const PAGE: &str = "docs/conformance.md";

/// What the suites are run against.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Folder that keeps what others recorded; `recordings` in the target folder
    /// when absent. What is there already is used.
    #[arg(long, env = "GITLODGE_RECORDINGS", value_name = "DIR")]
    recordings: Option<PathBuf>,
    /// Folder with examples that no registry has: `azure-devops` and `webhooks`.
    #[arg(long, env = "GITLODGE_FIXTURES", value_name = "DIR")]
    fixtures: Option<PathBuf>,
}

/// Installs the recordings, runs the suites of every host, and writes the page.
///
/// # Errors
///
/// When a test fails. A recording that cannot be had is said, and its tests are
/// not run.
pub(crate) fn prove(workspace: &Workspace, options: &Options) -> anyhow::Result<()> {
    let target = std::path::absolute(&workspace.target)?;
    let recordings = match &options.recordings {
        Some(folder) => std::path::absolute(folder)?,
        None => target.join("recordings"),
    };
    fs::create_dir_all(&recordings)
        .with_context(|| format!("{} cannot be made", recordings.display()))?;
    let had: Vec<_> = SOURCES
        .iter()
        .map(|it| (it, install::ensure(it, &recordings, options.fixtures.as_deref())))
        .collect();
    for (source, outcome) in &had {
        match outcome {
            Ok(version) => note(&format!("{}: {version}", source.folder)),
            Err(error) => say(&format!("{} is missing, not run: {error:#}", source.folder)),
        }
    }

    let report = target.join("conformance.jsonl");
    fs::write(&report, "").with_context(|| format!("{} cannot be written", report.display()))?;
    let ran = suites::run(workspace, &recordings, &report)?;
    let failed: Vec<_> = ran.iter().filter(|it| !it.passed).map(suites::Ran::name).collect();
    if !failed.is_empty() {
        bail!("{} tests failed: {}", failed.len(), failed.join(", "));
    }
    let evidence = Evidence::read(&fs::read_to_string(&report)?, ran)?;
    let page = document::write(&evidence, &had);
    fs::write(workspace.root.join(PAGE), page)
        .with_context(|| format!("{PAGE} cannot be written"))?;
    say(&format!("{} tests passed; written to {PAGE}", evidence.ran.len()));
    Ok(())
}
