//! Merge Request Hook.

use lodge_activity::{Actor, Approval, Fact, MergeRequest, MergeRequestState};
use lodge_provider_kit::Text;
use serde::Deserialize;

use super::Facts;
use crate::payload::{
    Time,
    actor::{ActorPayload, either, sorted},
    course::merge_request::{description, state},
    filled, plain,
};

#[derive(Debug, Deserialize)]
struct HookPayload<'a> {
    #[serde(borrow)]
    object_attributes: AttributesPayload<'a>,
    /// Who did it.
    #[serde(borrow)]
    user: Option<ActorPayload<'a>>,
    #[serde(borrow)]
    labels: Option<Vec<LabelPayload<'a>>>,
    #[serde(borrow)]
    assignees: Option<Vec<ActorPayload<'a>>>,
    #[serde(borrow)]
    reviewers: Option<Vec<ActorPayload<'a>>>,
}

#[derive(Debug, Deserialize)]
struct AttributesPayload<'a> {
    iid: u64,
    #[serde(borrow)]
    action: Option<Text<'a>>,
    /// GitLab did it by itself, as when a push takes approvals back.
    system: Option<bool>,
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    state: Option<Text<'a>>,
    draft: Option<bool>,
    work_in_progress: Option<bool>,
    author_id: Option<u64>,
    merge_user_id: Option<u64>,
    #[serde(borrow)]
    source_branch: Option<Text<'a>>,
    #[serde(borrow)]
    target_branch: Option<Text<'a>>,
    #[serde(borrow)]
    last_commit: Option<HeadPayload<'a>>,
    #[serde(default)]
    created_at: Time,
    #[serde(default)]
    updated_at: Time,
    #[serde(borrow)]
    url: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
struct HeadPayload<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct LabelPayload<'a> {
    #[serde(borrow)]
    title: Option<Text<'a>>,
}

/// The names of `labels`, in their order.
pub(super) fn names(labels: Option<Vec<LabelPayload<'_>>>) -> Vec<String> {
    let mut names: Vec<_> =
        labels.into_iter().flatten().filter_map(|it| filled(it.title)).collect();
    names.sort_unstable();
    names
}

pub(super) fn read(body: &[u8]) -> Result<Facts, serde_json::Error> {
    let payload: HookPayload<'_> = serde_json::from_slice(body)?;
    let approval = payload.approval();
    let merge_request = payload.into_merge_request();
    Ok(merge_request.map(Fact::MergeRequest).into_iter().chain(approval).collect())
}

impl HookPayload<'_> {
    /// Somebody's word, or that they took it back. `approval` and `unapproval`
    /// are one of several that a rule asks for.
    fn approval(&self) -> Option<Fact<Actor>> {
        let it = &self.object_attributes;
        let approved = match it.action.as_deref()? {
            "approved" | "approval" => true,
            "unapproved" | "unapproval" => false,
            _ => return None,
        };
        // Who pushed did not take back what others said.
        let by = self.user.as_ref().filter(|_| it.system != Some(true))?.actor()?;
        let at = it.updated_at.0.or(it.created_at.0)?;
        Some(Fact::Approval(Approval { merge_request: it.iid, by, approved, at }))
    }

    /// `None` when there is no time.
    fn into_merge_request(self) -> Option<MergeRequest<Actor>> {
        let it = self.object_attributes;
        let created_at = it.created_at.0?;
        let updated_at = it.updated_at.0.unwrap_or(created_at);
        let state = state(it.state.as_deref());
        let action = it.action.as_deref();
        // When it ended is told by the delivery that says so, and no later one.
        let ended = |word: &str, as_| (action == Some(word) && state == as_).then_some(updated_at);
        let (merged_at, closed_at) =
            (ended("merge", MergeRequestState::Merged), ended("close", MergeRequestState::Closed));
        let who = self.user.as_ref();
        let merger = it.merge_user_id.or_else(|| who?.id.filter(|_| merged_at.is_some()));
        let merger = merger.filter(|_| state == MergeRequestState::Merged);
        Some(MergeRequest {
            number: it.iid,
            title: plain(it.title),
            description: description(it.description),
            merged_by: merger.and_then(|id| either(Some(id), self.user.clone())),
            // Of the author only the id is told.
            author: it.author_id.and_then(|id| either(Some(id), self.user)),
            state,
            draft: it.draft.or(it.work_in_progress) == Some(true),
            source_branch: plain(it.source_branch),
            target_branch: plain(it.target_branch),
            labels: names(self.labels),
            assignees: sorted(self.assignees.into_iter().flatten()),
            reviewers: sorted(self.reviewers.into_iter().flatten()),
            head_sha: filled(it.last_commit.and_then(|it| it.id)),
            created_at,
            updated_at,
            merged_at,
            closed_at,
            web_url: filled(it.url),
        })
    }
}
