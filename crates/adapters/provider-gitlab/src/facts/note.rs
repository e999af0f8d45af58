//! Note Hook.

use lodge_activity::{Actor, Fact, Note, Subject};
use lodge_provider_kit::Text;
use serde::Deserialize;

use super::Facts;
use crate::payload::{
    Time,
    actor::{ActorPayload, either},
    course::note::PositionPayload,
    cut, filled,
};

#[derive(Debug, Deserialize)]
struct HookPayload<'a> {
    #[serde(borrow)]
    object_attributes: AttributesPayload<'a>,
    #[serde(borrow)]
    user: Option<ActorPayload<'a>>,
    merge_request: Option<NumberedPayload>,
    issue: Option<NumberedPayload>,
}

#[derive(Debug, Deserialize)]
struct NumberedPayload {
    iid: Option<u64>,
}

#[derive(Debug, Deserialize)]
struct AttributesPayload<'a> {
    id: u64,
    #[serde(borrow)]
    note: Option<Text<'a>>,
    #[serde(borrow)]
    noteable_type: Option<Text<'a>>,
    #[serde(borrow, rename = "type")]
    kind: Option<Text<'a>>,
    author_id: Option<u64>,
    #[serde(borrow)]
    commit_id: Option<Text<'a>>,
    /// GitLab before 13.9 does not tell it.
    #[serde(borrow)]
    discussion_id: Option<Text<'a>>,
    /// Written by GitLab.
    system: Option<bool>,
    #[serde(borrow)]
    position: Option<PositionPayload<'a>>,
    #[serde(default)]
    resolved_at: Time,
    #[serde(default)]
    created_at: Time,
    #[serde(default)]
    updated_at: Time,
}

pub(super) fn read(body: &[u8]) -> Result<Facts, serde_json::Error> {
    let payload: HookPayload<'_> = serde_json::from_slice(body)?;
    Ok(payload.into_note().map(Fact::Note).into_iter().collect())
}

impl HookPayload<'_> {
    /// `None` for what GitLab wrote, and for what is on something else.
    fn into_note(self) -> Option<Note<Actor>> {
        let it = self.object_attributes;
        let created_at = it.created_at.0?;
        (it.system != Some(true)).then_some(())?;
        let on = match it.noteable_type.as_deref()? {
            "MergeRequest" => Subject::MergeRequest(self.merge_request?.iid?),
            "Issue" | "WorkItem" => Subject::Issue(self.issue?.iid?),
            "Commit" => Subject::Commit(filled(it.commit_id)?),
            _ => return None,
        };
        // A remark that began a thread on a merge request asks for something.
        let asks = matches!(on, Subject::MergeRequest(_))
            && matches!(it.kind.as_deref(), Some("DiffNote" | "DiscussionNote"));
        Some(Note {
            id: it.id.to_string(),
            on,
            author: either(it.author_id, self.user)?,
            body: cut(it.note, Note::<Actor>::LONGEST),
            thread: filled(it.discussion_id),
            path: it.position.and_then(PositionPayload::into_path),
            resolved: asks.then(|| it.resolved_at.0.is_some()),
            created_at,
            updated_at: it.updated_at.0.unwrap_or(created_at),
        })
    }
}
