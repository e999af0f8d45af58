//! `Diff Entry`, inside `GET /repositories/{id}/commits/{sha}` and from
//! `GET /repositories/{id}/pulls/{number}/files`.
//!
//! Source: <https://docs.github.com/en/rest/commits/commits#get-a-commit>,
//! <https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files>,
//! API version 2022-11-28.

use lodge_forge::{CommitStats, DiffFile, FileStatus, PatchState};
use lodge_provider_kit::{Few, Text};
use serde::Deserialize;

use super::{branch::ShaPayload, filled};

/// The blob without content, in either object format.
const EMPTY_BLOBS: [&str; 2] = [
    "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
    "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
];

/// A commit with the files that it changed, 300 on one page.
#[derive(Debug, Deserialize)]
pub(crate) struct CommitDiffPayload<'a> {
    #[serde(borrow)]
    pub(crate) sha: Text<'a>,
    pub(crate) parents: Option<Few<ShaPayload<'a>, 3_000>>,
    pub(crate) stats: Option<StatsPayload>,
    pub(crate) files: Option<Few<FilePayload<'a>, 3_000>>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct StatsPayload {
    additions: u64,
    deletions: u64,
}

/// What two commits have in common, from
/// `GET /repositories/{id}/compare/{base}...{head}`.
#[derive(Debug, Deserialize)]
pub(crate) struct ComparisonPayload<'a> {
    #[serde(borrow)]
    pub(crate) merge_base_commit: Option<ShaPayload<'a>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct FilePayload<'a> {
    #[serde(borrow)]
    filename: Text<'a>,
    previous_filename: Option<Text<'a>>,
    /// The blob that the file is now.
    sha: Option<Text<'a>>,
    status: Option<Text<'a>>,
    additions: Option<u64>,
    deletions: Option<u64>,
    /// Missing for a binary file, a file that is too large, and where no line
    /// changed.
    patch: Option<Text<'a>>,
}

impl From<StatsPayload> for CommitStats {
    fn from(it: StatsPayload) -> Self {
        Self { additions: it.additions, deletions: it.deletions }
    }
}

impl From<FilePayload<'_>> for DiffFile {
    fn from(it: FilePayload<'_>) -> Self {
        let lines =
            it.additions.unwrap_or_default().saturating_add(it.deletions.unwrap_or_default());
        let empty = it.sha.as_deref().is_some_and(|sha| EMPTY_BLOBS.contains(&sha)) && lines == 0;
        let patch = filled(it.patch);
        Self {
            path: it.filename.into(),
            previous_path: filled(it.previous_filename),
            status: match it.status.as_deref() {
                Some("added") => FileStatus::Added,
                Some("removed") => FileStatus::Removed,
                Some("renamed") => FileStatus::Renamed,
                Some("copied") => FileStatus::Copied,
                Some("changed") => FileStatus::TypeChanged,
                Some("unchanged") => FileStatus::Unchanged,
                _ => FileStatus::Modified,
            },
            additions: it.additions,
            deletions: it.deletions,
            // Lines are counted in texts alone. Without lines it may be a
            // binary file, or one that only moved.
            binary: (patch.is_some() || lines > 0 || empty).then_some(false),
            mode: None,
            previous_mode: None,
            patch_state: if patch.is_some() || empty {
                PatchState::Full
            } else {
                PatchState::Omitted
            },
            patch,
        }
    }
}
