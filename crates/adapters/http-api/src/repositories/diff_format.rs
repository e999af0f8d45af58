//! Diffs as JSON or as a patch.

use std::fmt::Write as _;

use actix_web::HttpResponse;
use lodge_forge::{Diff, FileStatus};
use lodge_gateway::read::{Answer, ReadError};

use crate::{
    caller::{Bearer, Needs},
    problem::Problem,
    views::DiffView,
};

/// What the query of a diff may hold.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DiffQuery {
    format: Option<String>,
}

impl DiffQuery {
    /// A patch is asked for, rather than JSON.
    pub(crate) fn is_patch(&self) -> Result<bool, Problem> {
        match self.format.as_deref() {
            None | Some("json") => Ok(false),
            Some("patch") => Ok(true),
            Some(_) => Err(Problem::invalid("`format` is `json` or `patch`")),
        }
    }
}

/// Presents a diff as it was asked for.
pub(crate) async fn present<P: Needs>(
    caller: &Bearer<P>,
    read: Result<Answer<Diff>, ReadError>,
    patch: bool,
) -> Result<HttpResponse, Problem> {
    if patch {
        caller.text(read, |diff| to_patch(&diff)).await
    } else {
        caller.object(read, DiffView::new).await
    }
}

/// The diff as `git diff` prints it. A file without a patch has its header.
fn to_patch(diff: &Diff) -> String {
    let mut text = String::new();
    for file in &diff.files {
        let old = file.previous_path.as_deref().unwrap_or(&file.path);
        let new = &file.path;
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "diff --git a/{old} b/{new}");
        let added = file.status == FileStatus::Added;
        let removed = file.status == FileStatus::Removed;
        if let Some(mode) = file.mode.as_deref().filter(|_| added) {
            let _ = writeln!(text, "new file mode {mode}");
        }
        if let Some(mode) = file.previous_mode.as_deref().filter(|_| removed) {
            let _ = writeln!(text, "deleted file mode {mode}");
        }
        if file.status == FileStatus::Renamed {
            let _ = writeln!(text, "rename from {old}\nrename to {new}");
        }
        let Some(patch) = file.patch.as_deref().filter(|it| !it.is_empty()) else { continue };
        let old = if added { "/dev/null".to_owned() } else { format!("a/{old}") };
        let new = if removed { "/dev/null".to_owned() } else { format!("b/{new}") };
        let _ = writeln!(text, "--- {old}\n+++ {new}");
        text.push_str(patch);
        if !patch.ends_with('\n') {
            text.push('\n');
        }
    }
    text
}
