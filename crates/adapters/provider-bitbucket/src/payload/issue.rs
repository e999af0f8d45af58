//! `issue`, as the events `issue:created` and `issue:updated` tell it.
//!
//! Source: <https://support.atlassian.com/bitbucket-cloud/docs/event-payloads/#Issue-events>,
//! read in November 2026.

use lodge_activity::{Actor, Issue, IssueState};
use lodge_provider_kit::Text;
use serde::{Deserialize, de::IgnoredAny};

use super::{comment::ContentPayload, link::LinksPayload, profile::AccountPayload};

/// What stands for an issue that nobody will work on any more.
const ENDED: &[&str] = &["resolved", "duplicate", "invalid", "wontfix", "closed"];

#[derive(Debug, Deserialize)]
pub(crate) struct IssueEventPayload<'a> {
    #[serde(borrow)]
    issue: IssuePayload<'a>,
    changes: Option<ChangesPayload>,
}

/// What `issue:updated` was about.
#[derive(Debug, Deserialize)]
struct ChangesPayload {
    status: Option<IgnoredAny>,
}

#[derive(Debug, Deserialize)]
struct IssuePayload<'a> {
    id: u64,
    #[serde(borrow)]
    title: Option<Text<'a>>,
    content: Option<ContentPayload<'a>>,
    state: Option<Text<'a>>,
    reporter: Option<AccountPayload<'a>>,
    assignee: Option<AccountPayload<'a>>,
    created_on: Option<Text<'a>>,
    updated_on: Option<Text<'a>>,
    links: Option<LinksPayload<'a>>,
}

impl IssueEventPayload<'_> {
    /// `None` when there is no time. When it ended is told by the event that
    /// ended it, and by no other.
    pub(crate) fn into_issue(self) -> Option<Issue<Actor>> {
        let it = self.issue;
        let created_at = it.created_on.as_ref().and_then(Text::instant)?;
        let updated_at = it.updated_on.as_ref().and_then(Text::instant).unwrap_or(created_at);
        let has_ended = it.state.as_deref().is_some_and(|it| ENDED.contains(&it));
        let ended_now = has_ended && self.changes.is_some_and(|it| it.status.is_some());
        Some(Issue {
            number: it.id,
            title: it.title.map(Into::into).unwrap_or_default(),
            description: it.content.and_then(ContentPayload::into_text),
            author: it.reporter.as_ref().and_then(AccountPayload::actor),
            state: if has_ended { IssueState::Closed } else { IssueState::Opened },
            labels: Vec::new(),
            assignees: it.assignee.as_ref().and_then(AccountPayload::actor).into_iter().collect(),
            created_at,
            updated_at,
            closed_at: ended_now.then_some(updated_at),
            due_at: None,
            web_url: it.links.and_then(|mut it| it.web_url()),
        })
    }
}
