//! `GET /projects/:id/merge_requests`.
//!
//! Source: <https://docs.gitlab.com/api/merge_requests/>, API v4.

use lodge_activity::{Actor, MergeRequest, MergeRequestState};
use lodge_provider_kit::{Few, Text};
use serde::Deserialize;

use crate::payload::{
    Time,
    actor::{ActorPayload, sorted},
    cut, filled, plain,
};

#[derive(Debug, Deserialize)]
pub(crate) struct MergeRequestPayload<'a> {
    iid: u64,
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    state: Option<Text<'a>>,
    draft: Option<bool>,
    /// The name of `draft` before GitLab 14.8.
    work_in_progress: Option<bool>,
    #[serde(borrow)]
    author: Option<ActorPayload<'a>>,
    #[serde(borrow)]
    assignees: Option<Few<ActorPayload<'a>, 1_000>>,
    #[serde(borrow)]
    reviewers: Option<Few<ActorPayload<'a>, 1_000>>,
    #[serde(borrow)]
    source_branch: Option<Text<'a>>,
    #[serde(borrow)]
    target_branch: Option<Text<'a>>,
    #[serde(borrow)]
    labels: Option<Few<Text<'a>, 1_000>>,
    #[serde(borrow)]
    sha: Option<Text<'a>>,
    #[serde(borrow)]
    merge_user: Option<ActorPayload<'a>>,
    /// The name of `merge_user` before GitLab 14.7.
    #[serde(borrow)]
    merged_by: Option<ActorPayload<'a>>,
    #[serde(default)]
    created_at: Time,
    #[serde(default)]
    updated_at: Time,
    #[serde(default)]
    merged_at: Time,
    #[serde(default)]
    closed_at: Time,
    #[serde(borrow)]
    web_url: Option<Text<'a>>,
}

impl MergeRequestPayload<'_> {
    /// `None` when there is no time.
    pub(crate) fn into_merge_request(self) -> Option<MergeRequest<Actor>> {
        let created_at = self.created_at.0?;
        let state = state(self.state.as_deref());
        let merged = state == MergeRequestState::Merged;
        // Who only said that it is to be merged later is told here too.
        let merged_by = self.merge_user.or(self.merged_by).filter(|_| merged);
        let mut labels: Vec<_> = self.labels.into_iter().flatten().map(String::from).collect();
        labels.sort_unstable();
        Some(MergeRequest {
            number: self.iid,
            title: plain(self.title),
            description: description(self.description),
            author: self.author.and_then(ActorPayload::into_actor),
            state,
            draft: self.draft.or(self.work_in_progress) == Some(true),
            source_branch: plain(self.source_branch),
            target_branch: plain(self.target_branch),
            labels,
            assignees: sorted(self.assignees.into_iter().flatten()),
            reviewers: sorted(self.reviewers.into_iter().flatten()),
            head_sha: filled(self.sha),
            merged_by: merged_by.and_then(ActorPayload::into_actor),
            created_at,
            updated_at: self.updated_at.0.unwrap_or(created_at),
            merged_at: self.merged_at.0.filter(|_| merged),
            closed_at: self.closed_at.0.filter(|_| state == MergeRequestState::Closed),
            web_url: filled(self.web_url),
        })
    }
}

/// The description as it is kept.
pub(crate) fn description(text: Option<Text<'_>>) -> Option<String> {
    let text = cut(text, MergeRequest::<Actor>::LONGEST);
    (!text.is_empty()).then_some(text)
}

/// `locked` is an open one that is being merged.
pub(crate) fn state(word: Option<&str>) -> MergeRequestState {
    word.and_then(MergeRequestState::parse).unwrap_or(MergeRequestState::Opened)
}
