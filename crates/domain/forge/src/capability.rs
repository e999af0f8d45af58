//! What each host can do. The capability matrix, `UNSUPPORTED_ENDPOINT` and the
//! reference page all come from here.

use std::fmt;

/// One kind of thing that can be read from a host, or made there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Resource {
    /// The connected account.
    Profile,
    /// Repositories and their metadata.
    Repositories,
    /// Branches.
    Branches,
    /// Commits of a branch.
    Commits,
    /// What one commit changed.
    CommitDiff,
    /// Pull or merge requests.
    PullRequests,
    /// What one pull request changes.
    PullRequestDiff,
    /// People who wrote commits.
    Contributors,
    /// Tags.
    Tags,
    /// Releases.
    Releases,
    /// CI results.
    Checks,
    /// Deployments.
    Deployments,
    /// The names of files.
    FileTree,
    /// Webhooks that the host sends.
    Subscriptions,
}

impl Resource {
    /// Every resource, in the order of the matrix.
    pub const ALL: [Self; 14] = [
        Self::Profile,
        Self::Repositories,
        Self::Branches,
        Self::Commits,
        Self::CommitDiff,
        Self::PullRequests,
        Self::PullRequestDiff,
        Self::Contributors,
        Self::Tags,
        Self::Releases,
        Self::Checks,
        Self::Deployments,
        Self::FileTree,
        Self::Subscriptions,
    ];

    /// The resource's name in answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Profile => "profile",
            Self::Repositories => "repositories",
            Self::Branches => "branches",
            Self::Commits => "commits",
            Self::CommitDiff => "commit_diff",
            Self::PullRequests => "pull_requests",
            Self::PullRequestDiff => "pull_request_diff",
            Self::Contributors => "contributors",
            Self::Tags => "tags",
            Self::Releases => "releases",
            Self::Checks => "checks",
            Self::Deployments => "deployments",
            Self::FileTree => "file_tree",
            Self::Subscriptions => "subscriptions",
        }
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How a host has a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Support {
    /// The host has it.
    Native,
    /// It is worked out from something else, or has gaps.
    Derived,
    /// The host has nothing like it.
    Unsupported,
}

impl Support {
    /// The word in answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Derived => "derived",
            Self::Unsupported => "unsupported",
        }
    }
}

/// One host's column of the matrix. What is not named is unsupported.
#[derive(Clone, Copy, Debug)]
pub struct Capabilities(&'static [(Resource, Support)]);

impl Capabilities {
    /// A column with these cells.
    pub const fn new(cells: &'static [(Resource, Support)]) -> Self {
        Self(cells)
    }

    /// How the host has `resource`.
    pub fn of(self, resource: Resource) -> Support {
        let cell = self.0.iter().find(|(known, _)| *known == resource);
        cell.map_or(Support::Unsupported, |(_, support)| *support)
    }

    /// Every cell, in the order of the matrix.
    pub fn cells(self) -> impl Iterator<Item = (Resource, Support)> {
        Resource::ALL.into_iter().map(move |resource| (resource, self.of(resource)))
    }
}
