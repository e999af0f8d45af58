//! Branches, commits, tags, and the people who wrote them.

use lodge_kernel::Timestamp;

/// Who wrote something, and when. Text that was not UTF-8 has `U+FFFD` in the
/// place of what could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The name in the commit.
    pub name: Option<String>,
    /// The address in the commit.
    pub email: Option<String>,
    /// The date in the commit.
    pub date: Option<Timestamp>,
    /// The account at the host, when the host knows it.
    pub user: Option<String>,
}

/// One branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// The name, without `refs/heads/`.
    pub name: String,
    /// The commit it points to.
    pub sha: String,
    /// The host guards it.
    pub protected: Option<bool>,
    /// It is the default branch.
    pub default: Option<bool>,
    /// When its commit was made.
    pub committed_at: Option<Timestamp>,
}

/// How many lines a commit changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommitStats {
    /// Lines added.
    pub additions: u64,
    /// Lines removed.
    pub deletions: u64,
}

/// One commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// The commit's hash.
    pub sha: String,
    /// The whole message.
    pub message: String,
    /// The message's first line.
    pub title: String,
    /// Who wrote the change.
    pub author: Option<Signature>,
    /// Who made the commit.
    pub committer: Option<Signature>,
    /// The commits before it; two or more for a merge.
    pub parents: Vec<String>,
    /// Changed lines, when the host tells them in lists.
    pub stats: Option<CommitStats>,
    /// The host has checked the signature.
    pub verified: Option<bool>,
    /// Its page.
    pub web_url: Option<String>,
}

/// One person who wrote commits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contributor {
    /// What makes the person one: the login, else the address in lower case.
    pub key: String,
    /// The name.
    pub name: Option<String>,
    /// The address.
    pub email: Option<String>,
    /// The account at the host.
    pub login: Option<String>,
    /// A picture.
    pub avatar_url: Option<String>,
    /// How many commits.
    pub commits: u64,
    /// Lines added.
    pub additions: Option<u64>,
    /// Lines removed.
    pub deletions: Option<u64>,
    /// Worked out from commits, rather than told by the host.
    pub derived: bool,
}

/// One tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// The name, without `refs/tags/`.
    pub name: String,
    /// The commit (or, rarely, other object) it leads to.
    pub sha: String,
    /// The tag object, for an annotated tag.
    pub tag_object_sha: Option<String>,
    /// It has a message of its own.
    pub annotated: Option<bool>,
    /// That message.
    pub message: Option<String>,
    /// Who made the tag.
    pub tagger: Option<Signature>,
    /// When the tag was made.
    pub created_at: Option<Timestamp>,
}
