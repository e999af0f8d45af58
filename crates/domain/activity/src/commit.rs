//! Commits.

use lodge_kernel::Timestamp;

/// One commit of a project, on whatever branch. What a hash stands for never
/// changes, but who tells of it may not know all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Commit<A> {
    /// The full hash.
    pub sha: String,
    /// The hashes of the commits before it; two or more for a merge. `None`
    /// where a webhook told of it, which does not say.
    pub parents: Option<Vec<String>>,
    /// The message, at most [`LONGEST`](Self::LONGEST) bytes.
    pub message: String,
    /// Who wrote the change.
    pub author: A,
    /// When, by the author's clock.
    pub authored_at: Timestamp,
    /// What it changed. `None` until somebody has read it.
    pub changes: Option<Changes>,
    /// Its page.
    pub web_url: Option<String>,
}

impl<A> Commit<A> {
    /// How much of a message is kept, in bytes.
    pub const LONGEST: usize = 4_096;
}

/// What a commit changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Changes {
    /// The files, in the order of their paths: at most [`MOST`](Self::MOST).
    pub files: Vec<ChangedFile>,
    /// How many more there are.
    pub left_out: u32,
}

impl Changes {
    /// How many files of a commit are kept. A commit of more is generated, or
    /// brought in from elsewhere.
    pub const MOST: usize = 300;
}

/// One file that a commit changed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChangedFile {
    /// The path now, or before it was removed.
    pub path: String,
    /// Lines added; `None` where nobody counted, as of a binary file.
    pub additions: Option<u32>,
    /// Lines removed; `None` where nobody counted.
    pub deletions: Option<u32>,
}

impl<A> Commit<A> {
    /// The same, with everybody in it named by `name`.
    pub fn map<B>(self, name: &mut impl FnMut(A) -> B) -> Commit<B> {
        Commit {
            sha: self.sha,
            parents: self.parents,
            message: self.message,
            authored_at: self.authored_at,
            changes: self.changes,
            web_url: self.web_url,
            author: name(self.author),
        }
    }
}
