//! Diffs and pull requests in JSON.

use lodge_firewall::Tally;
use lodge_forge::{
    Diff, DiffFile, DiffTotals, FileStatus, PatchState, PullRequest, PullRequestSide,
    PullRequestState,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::Time;

/// What a commit or a pull request changes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Diff)]
#[expect(missing_docs, reason = "the names are those of the unified schema in lodge-forge")]
pub struct DiffView {
    pub base_sha: Option<String>,
    pub head_sha: Option<String>,
    pub files: Vec<DiffFileView>,
    pub totals: TotalsView,
    pub truncated: bool,
    pub truncated_reason: Option<String>,
    pub withheld: Vec<WithheldFileView>,
}

/// The sums of a diff, withheld files included.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DiffTotals)]
pub struct TotalsView {
    pub files: u64,
    pub additions: u64,
    pub deletions: u64,
}

/// A file whose name and patch were held back.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WithheldFile)]
pub struct WithheldFileView {
    /// Stands for the path.
    pub path: String,
    /// The rule of docs/firewall.md.
    pub reason: String,
}

/// One file of a diff.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DiffFile)]
#[expect(missing_docs, reason = "the names are those of the unified schema in lodge-forge")]
pub struct DiffFileView {
    pub path: String,
    pub previous_path: Option<String>,
    pub status: &'static str,
    pub additions: Option<u64>,
    pub deletions: Option<u64>,
    pub binary: Option<bool>,
    pub mode: Option<String>,
    pub previous_mode: Option<String>,
    pub patch: Option<String>,
    pub patch_state: &'static str,
}

impl DiffView {
    /// A reviewed diff with what was held back of it.
    pub fn new(it: Diff, tally: &Tally) -> Self {
        let withheld = tally.withheld.iter().map(|it| WithheldFileView {
            path: format!("withheld/{}", it.path_hash),
            reason: it.rule.to_string(),
        });
        Self {
            base_sha: it.base_sha,
            head_sha: it.head_sha,
            files: it.files.into_iter().map(DiffFileView::from).collect(),
            totals: it.totals.into(),
            truncated: it.truncated.is_some(),
            truncated_reason: it.truncated,
            withheld: withheld.collect(),
        }
    }
}

impl From<DiffTotals> for TotalsView {
    fn from(it: DiffTotals) -> Self {
        Self { files: it.files, additions: it.additions, deletions: it.deletions }
    }
}

impl From<DiffFile> for DiffFileView {
    fn from(it: DiffFile) -> Self {
        Self {
            path: it.path,
            previous_path: it.previous_path,
            status: match it.status {
                FileStatus::Added => "added",
                FileStatus::Modified => "modified",
                FileStatus::Removed => "removed",
                FileStatus::Renamed => "renamed",
                FileStatus::Copied => "copied",
                FileStatus::TypeChanged => "type_changed",
                FileStatus::Unchanged => "unchanged",
            },
            additions: it.additions,
            deletions: it.deletions,
            binary: it.binary,
            mode: it.mode,
            previous_mode: it.previous_mode,
            patch: it.patch,
            patch_state: match it.patch_state {
                PatchState::Full => "full",
                PatchState::Truncated => "truncated",
                PatchState::Omitted => "omitted",
                PatchState::Withheld => "withheld",
                PatchState::Masked => "masked",
                PatchState::Computed => "computed",
            },
        }
    }
}

/// One pull request.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PullRequest)]
#[expect(missing_docs, reason = "the names are those of the unified schema in lodge-forge")]
pub struct PullRequestView {
    pub id: String,
    pub number: u64,
    pub title: String,
    pub body: Option<String>,
    pub state: &'static str,
    pub native_state: String,
    pub draft: Option<bool>,
    pub author: Option<String>,
    pub source: SideView,
    pub target: SideView,
    pub labels: Vec<String>,
    pub reviewers: Vec<String>,
    pub merged_at: Option<Time>,
    pub closed_at: Option<Time>,
    pub created_at: Option<Time>,
    pub updated_at: Option<Time>,
    pub merge_commit_sha: Option<String>,
    pub comments_count: Option<u64>,
    pub traits: Vec<String>,
    pub web_url: Option<String>,
}

/// One side of a pull request.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PullRequestSide)]
pub struct SideView {
    pub branch: String,
    pub sha: Option<String>,
    pub repository_id: Option<String>,
}

impl From<PullRequestSide> for SideView {
    fn from(it: PullRequestSide) -> Self {
        Self { branch: it.branch, sha: it.sha, repository_id: it.repository_id }
    }
}

impl From<PullRequest> for PullRequestView {
    fn from(it: PullRequest) -> Self {
        Self {
            id: it.id,
            number: it.number,
            title: it.title,
            body: it.body,
            state: match it.state {
                PullRequestState::Open => "open",
                PullRequestState::Merged => "merged",
                PullRequestState::Closed => "closed",
            },
            native_state: it.native_state,
            draft: it.draft,
            author: it.author,
            source: it.source.into(),
            target: it.target.into(),
            labels: it.labels,
            reviewers: it.reviewers,
            merged_at: it.merged_at.map(Time::from),
            closed_at: it.closed_at.map(Time::from),
            created_at: it.created_at.map(Time::from),
            updated_at: it.updated_at.map(Time::from),
            merge_commit_sha: it.merge_commit_sha,
            comments_count: it.comments_count,
            traits: it.traits,
            web_url: it.web_url,
        }
    }
}
