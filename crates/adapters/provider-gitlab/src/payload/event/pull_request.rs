//! Merge Request Hook.

use lodge_forge::{EventKind, PullRequest, PullRequestSide, Subject};
use lodge_provider_kit::Text;
use serde::Deserialize;

use super::{Time, Told, filled};
use crate::payload::{
    plain,
    profile::PersonPayload,
    pull_request::{elsewhere, state},
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
    reviewers: Option<Vec<PersonPayload<'a>>>,
}

#[derive(Debug, Deserialize)]
struct AttributesPayload<'a> {
    id: u64,
    iid: u64,
    #[serde(borrow)]
    action: Option<Text<'a>>,
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    state: Option<Text<'a>>,
    draft: Option<bool>,
    work_in_progress: Option<bool>,
    author_id: Option<u64>,
    #[serde(borrow)]
    source_branch: Option<Text<'a>>,
    #[serde(borrow)]
    target_branch: Option<Text<'a>>,
    source_project_id: Option<u64>,
    target_project_id: Option<u64>,
    #[serde(borrow)]
    last_commit: Option<HeadPayload<'a>>,
    #[serde(default)]
    created_at: Time,
    #[serde(default)]
    updated_at: Time,
    #[serde(borrow)]
    merge_commit_sha: Option<Text<'a>>,
    #[serde(borrow)]
    url: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
struct ActorPayload<'a> {
    id: Option<u64>,
    #[serde(borrow)]
    username: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
struct HeadPayload<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
struct LabelPayload<'a> {
    #[serde(borrow)]
    title: Option<Text<'a>>,
}

pub(super) fn read(body: &[u8]) -> Result<Told, serde_json::Error> {
    let payload: HookPayload<'_> = serde_json::from_slice(body)?;
    let kind = match payload.object_attributes.action.as_deref() {
        Some("open" | "reopen") => EventKind::PullRequestOpened,
        Some("merge") => EventKind::PullRequestMerged,
        Some("close") => EventKind::PullRequestClosed,
        // `update`, `approved`, `unapproved` …
        _ => EventKind::PullRequestUpdated,
    };
    let at = payload.object_attributes.updated_at.0;
    let subject = Subject::PullRequest(Box::new(payload.into_pull_request()));
    Ok(Some((kind, at, subject)))
}

impl HookPayload<'_> {
    fn into_pull_request(self) -> PullRequest {
        let it = self.object_attributes;
        let (state, traits) = state(it.state.as_deref());
        // Of the author only the id is told.
        let author = self.user.filter(|user| user.id.is_some() && user.id == it.author_id);
        PullRequest {
            id: it.id.to_string(),
            number: it.iid,
            title: plain(it.title),
            body: filled(it.description),
            state,
            native_state: plain(it.state),
            draft: it.draft.or(it.work_in_progress),
            author: author.and_then(|it| filled(it.username)),
            source: PullRequestSide {
                branch: plain(it.source_branch),
                sha: filled(it.last_commit.and_then(|it| it.id)),
                repository_id: elsewhere(it.source_project_id, it.target_project_id),
            },
            target: PullRequestSide {
                branch: plain(it.target_branch),
                sha: None,
                repository_id: None,
            },
            labels: self.labels.into_iter().flatten().filter_map(|it| filled(it.title)).collect(),
            reviewers: self
                .reviewers
                .into_iter()
                .flatten()
                .filter_map(PersonPayload::called)
                .collect(),
            merged_at: None,
            closed_at: None,
            created_at: it.created_at.0,
            updated_at: it.updated_at.0,
            merge_commit_sha: filled(it.merge_commit_sha),
            comments_count: None,
            traits,
            web_url: filled(it.url),
        }
    }
}
