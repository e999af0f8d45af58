//! `PullRequest`, from `GET /repos/{owner}/{repo}/pulls`.
//!
//! Source: <https://docs.gitea.com/api/#tag/repository/operation/repoListPullRequests>.

use lodge_forge::{PullRequest, PullRequestSide, PullRequestState};
use lodge_provider_kit::{Few, Text};
use serde::Deserialize;

use super::{count, filled, instant, profile::UserPayload};

#[derive(Debug, Deserialize)]
pub(crate) struct PullRequestPayload<'a> {
    id: u64,
    pub(crate) number: u64,
    #[serde(borrow)]
    title: Text<'a>,
    #[serde(borrow)]
    body: Option<Text<'a>>,
    #[serde(borrow)]
    state: Text<'a>,
    merged: Option<bool>,
    draft: Option<bool>,
    is_locked: Option<bool>,
    #[serde(borrow)]
    user: Option<UserPayload<'a>>,
    #[serde(borrow)]
    pub(crate) head: Option<SidePayload<'a>>,
    #[serde(borrow)]
    base: Option<SidePayload<'a>>,
    #[serde(borrow)]
    pub(crate) merge_base: Option<Text<'a>>,
    #[serde(borrow)]
    merge_commit_sha: Option<Text<'a>>,
    #[serde(borrow)]
    labels: Option<Few<LabelPayload<'a>, 1_000>>,
    #[serde(borrow)]
    requested_reviewers: Option<Few<UserPayload<'a>, 1_000>>,
    comments: Option<i64>,
    #[serde(borrow)]
    html_url: Option<Text<'a>>,
    #[serde(borrow)]
    merged_at: Option<Text<'a>>,
    #[serde(borrow)]
    closed_at: Option<Text<'a>>,
    #[serde(borrow)]
    created_at: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) updated_at: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct SidePayload<'a> {
    #[serde(borrow)]
    r#ref: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) sha: Option<Text<'a>>,
    /// Of a repository that is gone it is not positive.
    repo_id: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct LabelPayload<'a> {
    #[serde(borrow)]
    pub(crate) name: Text<'a>,
}

impl PullRequestPayload<'_> {
    pub(crate) fn into_pull_request(self) -> PullRequest {
        let state = match (&*self.state, self.merged) {
            (_, Some(true)) => PullRequestState::Merged,
            ("open", _) => PullRequestState::Open,
            _ => PullRequestState::Closed,
        };
        let target_repository = self.base.as_ref().and_then(|it| it.repo_id);
        // Older servers say it in the title alone.
        let unfinished = ["wip:", "[wip]"].iter().any(|mark| {
            self.title.get(..mark.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(mark))
        });
        PullRequest {
            id: self.id.to_string(),
            number: self.number,
            title: self.title.into(),
            body: filled(self.body),
            state,
            native_state: self.state.into(),
            draft: self.draft.or_else(|| unfinished.then_some(true)),
            author: self.user.and_then(UserPayload::into_login),
            source: side(self.head, target_repository),
            target: side(self.base, target_repository),
            labels: self.labels.unwrap_or_default().into_iter().map(|it| it.name.into()).collect(),
            reviewers: self
                .requested_reviewers
                .unwrap_or_default()
                .into_iter()
                .filter_map(UserPayload::into_login)
                .collect(),
            merged_at: instant(self.merged_at.as_ref()),
            closed_at: instant(self.closed_at.as_ref()),
            created_at: instant(self.created_at.as_ref()),
            updated_at: instant(self.updated_at.as_ref()),
            merge_commit_sha: filled(self.merge_commit_sha)
                .filter(|_| state == PullRequestState::Merged),
            comments_count: count(self.comments),
            traits: self
                .is_locked
                .filter(|it| *it)
                .map(|_| "locked".to_owned())
                .into_iter()
                .collect(),
            web_url: filled(self.html_url),
        }
    }
}

fn side(payload: Option<SidePayload<'_>>, target: Option<i64>) -> PullRequestSide {
    let Some(payload) = payload else {
        return PullRequestSide { branch: String::new(), sha: None, repository_id: None };
    };
    let other = payload.repo_id.filter(|it| *it > 0 && Some(*it) != target);
    PullRequestSide {
        branch: filled(payload.r#ref).unwrap_or_default(),
        sha: filled(payload.sha),
        repository_id: other.map(|it| it.to_string()),
    }
}
