//! What a commit or a pull request changes.

/// What happened to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileStatus {
    /// New.
    Added,
    /// Changed in place.
    Modified,
    /// Gone.
    Removed,
    /// At another path, possibly changed.
    Renamed,
    /// A copy of another file.
    Copied,
    /// A file that became a link, a link that became a submodule …
    TypeChanged,
    /// The same.
    Unchanged,
}

/// Whether a file's patch is there, and why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatchState {
    /// As the host gave it.
    Full,
    /// Its tail is missing.
    Truncated,
    /// Binary or too large.
    Omitted,
    /// Held back by the firewall, the file's name with it.
    Withheld,
    /// Complete, with secrets masked.
    Masked,
    /// Worked out here from the two versions.
    Computed,
}

/// One file of a diff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiffFile {
    /// Where the file is now, or was before it was removed.
    pub path: String,
    /// Where a renamed or copied file came from.
    pub previous_path: Option<String>,
    /// What happened.
    pub status: FileStatus,
    /// Lines added.
    pub additions: Option<u64>,
    /// Lines removed.
    pub deletions: Option<u64>,
    /// It is not text.
    pub binary: Option<bool>,
    /// The mode now, six octal digits.
    pub mode: Option<String>,
    /// The mode before.
    pub previous_mode: Option<String>,
    /// Unified hunks (`@@ …`), without a file header.
    pub patch: Option<String>,
    /// Whether the patch is there, and why not.
    pub patch_state: PatchState,
}

/// The sums of a diff, withheld files included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DiffTotals {
    /// Files changed.
    pub files: u64,
    /// Lines added.
    pub additions: u64,
    /// Lines removed.
    pub deletions: u64,
}

/// What a commit or a pull request changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diff {
    /// The commit before; `None` for a first commit.
    pub base_sha: Option<String>,
    /// The commit after.
    pub head_sha: Option<String>,
    /// The files, in the host's order.
    pub files: Vec<DiffFile>,
    /// The sums.
    pub totals: DiffTotals,
    /// Why something is missing; `None` when nothing is.
    pub truncated: Option<String>,
}
