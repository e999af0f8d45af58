//! `Issue`, as the event `issues` tells it.
//!
//! Source: <https://docs.github.com/en/webhooks/webhook-events-and-payloads#issues>.

use lodge_activity::{Actor, Issue, IssueState};
use lodge_provider_kit::{Few, Text, account};
use serde::{Deserialize, de::IgnoredAny};

use super::{
    filled, instant,
    profile::{UserPayload, accounts, login},
    pull_request::LabelPayload,
};

#[derive(Debug, Deserialize)]
pub(crate) struct IssueEventPayload<'a> {
    #[serde(borrow)]
    action: Option<Text<'a>>,
    issue: IssuePayload<'a>,
}

#[derive(Debug, Deserialize)]
struct IssuePayload<'a> {
    number: u64,
    #[serde(borrow)]
    title: Option<Text<'a>>,
    body: Option<Text<'a>>,
    state: Option<Text<'a>>,
    user: Option<UserPayload<'a>>,
    labels: Option<Few<LabelPayload<'a>, 1_000>>,
    assignees: Option<Few<UserPayload<'a>, 1_000>>,
    created_at: Option<Text<'a>>,
    updated_at: Option<Text<'a>>,
    closed_at: Option<Text<'a>>,
    html_url: Option<Text<'a>>,
    /// Of a pull request it is there.
    pull_request: Option<IgnoredAny>,
}

impl IssueEventPayload<'_> {
    /// `None` when it is gone, or gone elsewhere: it is told as it was. `None`,
    /// too, when there is no time, and for a pull request.
    pub(crate) fn into_issue(self) -> Option<Issue<Actor>> {
        let it = self.issue;
        let is_gone = matches!(self.action.as_deref(), Some("deleted" | "transferred"));
        let untold = is_gone || it.pull_request.is_some();
        let created_at = instant(it.created_at).filter(|_| !untold)?;
        let is_closed = it.state.as_deref() == Some("closed");
        let labels = it.labels.into_iter().flatten();
        let mut labels: Vec<_> = labels.filter_map(|it| filled(it.name)).collect();
        labels.sort_unstable();
        Some(Issue {
            number: it.number,
            title: filled(it.title).unwrap_or_default(),
            description: filled(it.body),
            author: login(it.user).map(account),
            state: if is_closed { IssueState::Closed } else { IssueState::Opened },
            labels,
            assignees: accounts(it.assignees),
            created_at,
            updated_at: instant(it.updated_at).unwrap_or(created_at),
            closed_at: instant(it.closed_at).filter(|_| is_closed),
            due_at: None,
            web_url: filled(it.html_url),
        })
    }
}
