//! Issue Hook, of issues and of other work items.

use lodge_activity::{Actor, Fact, Issue, IssueState};
use lodge_provider_kit::Text;
use serde::Deserialize;

use super::{
    Facts,
    merge_request::{LabelPayload, names},
};
use crate::payload::{
    Time,
    actor::{ActorPayload, either, sorted},
    course::issue::{description, end_of_day, state},
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
}

#[derive(Debug, Deserialize)]
struct AttributesPayload<'a> {
    iid: u64,
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    state: Option<Text<'a>>,
    author_id: Option<u64>,
    #[serde(default)]
    created_at: Time,
    #[serde(default)]
    updated_at: Time,
    #[serde(default)]
    closed_at: Time,
    #[serde(borrow)]
    due_date: Option<Text<'a>>,
    #[serde(borrow)]
    url: Option<Text<'a>>,
}

pub(super) fn read(body: &[u8]) -> Result<Facts, serde_json::Error> {
    let payload: HookPayload<'_> = serde_json::from_slice(body)?;
    Ok(payload.into_issue().map(Fact::Issue).into_iter().collect())
}

impl HookPayload<'_> {
    /// `None` when there is no time.
    fn into_issue(self) -> Option<Issue<Actor>> {
        let it = self.object_attributes;
        let created_at = it.created_at.0?;
        let state = state(it.state.as_deref());
        Some(Issue {
            number: it.iid,
            title: plain(it.title),
            description: description(it.description),
            author: it.author_id.and_then(|id| either(Some(id), self.user)),
            state,
            labels: names(self.labels),
            assignees: sorted(self.assignees.into_iter().flatten()),
            created_at,
            updated_at: it.updated_at.0.unwrap_or(created_at),
            closed_at: it.closed_at.0.filter(|_| state == IssueState::Closed),
            due_at: it.due_date.as_deref().and_then(end_of_day),
            web_url: filled(it.url),
        })
    }
}
