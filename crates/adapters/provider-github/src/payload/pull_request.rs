//! `Pull Request Simple`, from `GET /repositories/{id}/pulls`, and `Pull
//! Request`, from `GET /repositories/{id}/pulls/{number}`.
//!
//! Source: <https://docs.github.com/en/rest/pulls/pulls#list-pull-requests>,
//! API version 2022-11-28; `merge_commit_sha` is gone in 2026-03-10 and is
//! read of events only.

use lodge_activity::Actor;
use lodge_forge::{DiffTotals, PullRequest, PullRequestSide, PullRequestState};
use lodge_provider_kit::{Few, Text, account};
use serde::Deserialize;

use super::{
    filled, instant,
    profile::{UserPayload, accounts, login},
};

#[derive(Debug, Deserialize)]
pub(crate) struct PullRequestPayload<'a> {
    id: u64,
    number: u64,
    #[serde(borrow)]
    title: Option<Text<'a>>,
    body: Option<Text<'a>>,
    state: Text<'a>,
    draft: Option<bool>,
    user: Option<UserPayload<'a>>,
    head: SidePayload<'a>,
    base: SidePayload<'a>,
    labels: Option<Few<LabelPayload<'a>, 1_000>>,
    requested_reviewers: Option<Few<UserPayload<'a>, 1_000>>,
    merged_at: Option<Text<'a>>,
    closed_at: Option<Text<'a>>,
    created_at: Option<Text<'a>>,
    updated_at: Option<Text<'a>>,
    merge_commit_sha: Option<Text<'a>>,
    html_url: Option<Text<'a>>,
    comments: Option<u64>,
    changed_files: Option<u64>,
    additions: Option<u64>,
    deletions: Option<u64>,
}

#[derive(Debug, Deserialize)]
struct SidePayload<'a> {
    #[serde(rename = "ref", borrow)]
    reference: Text<'a>,
    sha: Text<'a>,
    /// `null` for a fork that is gone.
    repo: Option<IdPayload>,
}

#[derive(Debug, Deserialize)]
struct IdPayload {
    id: u64,
}

#[derive(Debug, Deserialize)]
pub(super) struct LabelPayload<'a> {
    #[serde(borrow)]
    pub(super) name: Option<Text<'a>>,
}

/// Those in an event `pull_request` whom unified words leave out.
#[derive(Debug, Deserialize)]
pub(crate) struct PeopleEventPayload<'a> {
    #[serde(borrow)]
    pull_request: PeoplePayload<'a>,
}

#[derive(Debug, Deserialize)]
struct PeoplePayload<'a> {
    #[serde(borrow)]
    merged_by: Option<UserPayload<'a>>,
    assignees: Option<Few<UserPayload<'a>, 1_000>>,
}

impl PeopleEventPayload<'_> {
    /// Who merged it, and who is to do it.
    pub(crate) fn into_people(self) -> (Option<Actor>, Vec<Actor>) {
        let it = self.pull_request;
        (login(it.merged_by).map(account), accounts(it.assignees))
    }
}

impl PullRequestPayload<'_> {
    /// The commits of its target and of its source.
    pub(crate) fn sides(&self) -> (&str, &str) {
        (&self.base.sha, &self.head.sha)
    }

    /// What it changes in all, told of a single pull request only.
    pub(crate) fn totals(&self) -> DiffTotals {
        DiffTotals {
            files: self.changed_files.unwrap_or_default(),
            additions: self.additions.unwrap_or_default(),
            deletions: self.deletions.unwrap_or_default(),
        }
    }

    /// As an event tells it: with the commit that took it in.
    pub(crate) fn into_event_subject(mut self) -> PullRequest {
        let merge_commit = self.merge_commit_sha.take().filter(|_| self.merged_at.is_some());
        PullRequest { merge_commit_sha: filled(merge_commit), ..self.into() }
    }
}

impl From<PullRequestPayload<'_>> for PullRequest {
    fn from(it: PullRequestPayload<'_>) -> Self {
        let merged_at = instant(it.merged_at);
        let own = it.base.repo.as_ref().map(|it| it.id);
        let other = it.head.repo.map(|it| it.id).filter(|id| Some(*id) != own);
        Self {
            id: it.id.to_string(),
            number: it.number,
            title: it.title.map(Into::into).unwrap_or_default(),
            body: filled(it.body),
            state: match &*it.state {
                _ if merged_at.is_some() => PullRequestState::Merged,
                "closed" => PullRequestState::Closed,
                _ => PullRequestState::Open,
            },
            native_state: it.state.into(),
            draft: it.draft,
            author: login(it.user),
            source: PullRequestSide {
                branch: it.head.reference.into(),
                sha: it.head.sha.filled(),
                repository_id: other.map(|id| id.to_string()),
            },
            target: PullRequestSide {
                branch: it.base.reference.into(),
                sha: it.base.sha.filled(),
                repository_id: None,
            },
            labels: it.labels.into_iter().flatten().filter_map(|it| filled(it.name)).collect(),
            reviewers: reviewers(it.requested_reviewers),
            merged_at,
            closed_at: instant(it.closed_at),
            created_at: instant(it.created_at),
            updated_at: instant(it.updated_at),
            merge_commit_sha: None,
            comments_count: it.comments,
            traits: Vec::new(),
            web_url: filled(it.html_url),
        }
    }
}

fn reviewers(people: Option<Few<UserPayload<'_>, 1_000>>) -> Vec<String> {
    people.into_iter().flatten().filter_map(|it| login(Some(it))).collect()
}
