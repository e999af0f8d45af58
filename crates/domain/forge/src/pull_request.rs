//! Pull requests, which GitLab calls merge requests.

use lodge_kernel::Timestamp;

/// Where a pull request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PullRequestState {
    /// Waiting.
    Open,
    /// Taken in.
    Merged,
    /// Ended without a merge.
    Closed,
}

/// One side of a pull request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PullRequestSide {
    /// The branch.
    pub branch: String,
    /// Its commit.
    pub sha: Option<String>,
    /// The repository, when it is another one.
    pub repository_id: Option<String>,
}

/// One pull request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PullRequest {
    /// The id that is unique at the host.
    pub id: String,
    /// The number that is unique in the repository.
    pub number: u64,
    /// The title.
    pub title: String,
    /// The description.
    pub body: Option<String>,
    /// Where it stands.
    pub state: PullRequestState,
    /// The host's own word for the state.
    pub native_state: String,
    /// Not ready for review.
    pub draft: Option<bool>,
    /// Who opened it.
    pub author: Option<String>,
    /// Where the change comes from.
    pub source: PullRequestSide,
    /// Where it goes.
    pub target: PullRequestSide,
    /// Labels.
    pub labels: Vec<String>,
    /// Who was asked to review.
    pub reviewers: Vec<String>,
    /// When it was merged.
    pub merged_at: Option<Timestamp>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// When it was opened.
    pub created_at: Option<Timestamp>,
    /// When it last changed.
    pub updated_at: Option<Timestamp>,
    /// The commit that took it in.
    pub merge_commit_sha: Option<String>,
    /// How many comments.
    pub comments_count: Option<u64>,
    /// What the frozen fields cannot say.
    pub traits: Vec<String>,
    /// Its page.
    pub web_url: Option<String>,
}
