//! What happened in a repository, as its host told us in a webhook.

use std::fmt;

use lodge_kernel::Timestamp;

use crate::{Check, Deployment, ProviderName, PullRequest, Release, RepositoryId, Signature};

/// What kind of thing happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventKind {
    /// Commits were pushed to a branch, or a branch came or went.
    Push,
    /// A tag came or went.
    Tag,
    /// A pull request was opened, or opened again.
    PullRequestOpened,
    /// A pull request changed: commits, title, labels, reviewers …
    PullRequestUpdated,
    /// A pull request was taken in.
    PullRequestMerged,
    /// A pull request ended without a merge.
    PullRequestClosed,
    /// A result of CI came or changed.
    CheckUpdated,
    /// A release was published.
    ReleasePublished,
    /// A deployment began, changed or ended.
    DeploymentUpdated,
    /// The repository itself changed: its name, visibility, settings.
    RepositoryUpdated,
}

impl EventKind {
    /// Every kind, in the order of the documentation.
    pub const ALL: [Self; 10] = [
        Self::Push,
        Self::Tag,
        Self::PullRequestOpened,
        Self::PullRequestUpdated,
        Self::PullRequestMerged,
        Self::PullRequestClosed,
        Self::CheckUpdated,
        Self::ReleasePublished,
        Self::DeploymentUpdated,
        Self::RepositoryUpdated,
    ];

    /// The name in requests and deliveries.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Push => "push",
            Self::Tag => "tag",
            Self::PullRequestOpened => "pull_request.opened",
            Self::PullRequestUpdated => "pull_request.updated",
            Self::PullRequestMerged => "pull_request.merged",
            Self::PullRequestClosed => "pull_request.closed",
            Self::CheckUpdated => "check.updated",
            Self::ReleasePublished => "release.published",
            Self::DeploymentUpdated => "deployment.updated",
            Self::RepositoryUpdated => "repository.updated",
        }
    }

    /// The kind of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Something that happened in one repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What kind of thing.
    pub kind: EventKind,
    /// The host.
    pub provider: ProviderName,
    /// Where, by the id that a consent names.
    pub repository: RepositoryId,
    /// The repository's `namespace/name` at that moment.
    pub repository_name: Option<String>,
    /// When, by the host's clock.
    pub occurred_at: Option<Timestamp>,
    /// Whose action it was: a login, else a name.
    pub actor: Option<String>,
    /// What it happened to.
    pub subject: Subject,
}

/// What an event happened to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A branch.
    Push(Push),
    /// A tag.
    Tag(TagMove),
    /// A pull request, as it is after the event.
    PullRequest(Box<PullRequest>),
    /// A result of CI.
    Check(Box<Check>),
    /// A release.
    Release(Box<Release>),
    /// A deployment.
    Deployment(Box<Deployment>),
    /// The repository itself. What changed must be read again.
    Repository,
}

/// A branch that moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Push {
    /// The branch, without `refs/heads/`.
    pub branch: String,
    /// Its commit before; `None` for a new branch.
    pub before: Option<String>,
    /// Its commit after; `None` for a branch that is gone.
    pub after: Option<String>,
    /// The commits that the host tells: often only the newest 20.
    pub commits: Vec<PushedCommit>,
    /// How many there really were, when the host tells.
    pub total_commits: Option<u64>,
    /// History was rewritten, when the host tells.
    pub forced: Option<bool>,
}

/// One commit of a push.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushedCommit {
    /// The commit's hash.
    pub sha: String,
    /// The whole message.
    pub message: String,
    /// Who wrote it.
    pub author: Option<Signature>,
    /// Paths that came.
    pub added: Vec<String>,
    /// Paths that changed.
    pub modified: Vec<String>,
    /// Paths that went.
    pub removed: Vec<String>,
}

/// A tag that came, moved or went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagMove {
    /// The name, without `refs/tags/`.
    pub name: String,
    /// What it led to before; `None` for a new tag.
    pub before: Option<String>,
    /// What it leads to; `None` for a tag that is gone.
    pub after: Option<String>,
    /// An annotated tag's message.
    pub message: Option<String>,
}
