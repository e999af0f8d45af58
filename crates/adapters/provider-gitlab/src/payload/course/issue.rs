//! `GET /projects/:id/issues`.
//!
//! Source: <https://docs.gitlab.com/api/issues/>, API v4.

use std::time::Duration;

use lodge_activity::{Actor, Issue, IssueState};
use lodge_kernel::Timestamp;
use lodge_provider_kit::{Few, Text};
use serde::Deserialize;

use crate::payload::{
    Time,
    actor::{ActorPayload, sorted},
    cut, filled, plain,
};

#[derive(Debug, Deserialize)]
pub(crate) struct IssuePayload<'a> {
    iid: u64,
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    state: Option<Text<'a>>,
    #[serde(borrow)]
    author: Option<ActorPayload<'a>>,
    #[serde(borrow)]
    assignees: Option<Few<ActorPayload<'a>, 1_000>>,
    #[serde(borrow)]
    labels: Option<Few<Text<'a>, 1_000>>,
    #[serde(default)]
    created_at: Time,
    #[serde(default)]
    updated_at: Time,
    #[serde(default)]
    closed_at: Time,
    #[serde(borrow)]
    due_date: Option<Text<'a>>,
    #[serde(borrow)]
    web_url: Option<Text<'a>>,
}

impl IssuePayload<'_> {
    /// `None` when there is no time.
    pub(crate) fn into_issue(self) -> Option<Issue<Actor>> {
        let created_at = self.created_at.0?;
        let mut labels: Vec<_> = self.labels.into_iter().flatten().map(String::from).collect();
        labels.sort_unstable();
        Some(Issue {
            number: self.iid,
            title: plain(self.title),
            description: description(self.description),
            author: self.author.and_then(ActorPayload::into_actor),
            state: state(self.state.as_deref()),
            labels,
            assignees: sorted(self.assignees.into_iter().flatten()),
            created_at,
            updated_at: self.updated_at.0.unwrap_or(created_at),
            closed_at: self.closed_at.0,
            due_at: self.due_date.as_deref().and_then(end_of_day),
            web_url: filled(self.web_url),
        })
    }
}

/// The description as it is kept.
pub(crate) fn description(text: Option<Text<'_>>) -> Option<String> {
    let text = cut(text, Issue::<Actor>::LONGEST);
    (!text.is_empty()).then_some(text)
}

pub(crate) fn state(word: Option<&str>) -> IssueState {
    word.and_then(IssueState::parse).unwrap_or(IssueState::Opened)
}

/// The last microsecond of the day `2026-11-22`, UTC.
pub(crate) fn end_of_day(date: &str) -> Option<Timestamp> {
    const DAY: Duration = Duration::from_hours(24);
    let begins = Timestamp::parse(&format!("{date}T00:00:00Z")).ok()?;
    Some(begins.plus(DAY).minus(Duration::from_micros(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_with_its_last_microsecond() {
        let end = end_of_day("2026-11-22").unwrap();
        let next = Timestamp::parse("2026-11-23T00:00:00Z").unwrap();
        assert_eq!(end.plus(Duration::from_micros(1)), next);
        for wrong in ["", "soon", "2026-13-01", "2026-11-22T00:00:00Z"] {
            assert_eq!(end_of_day(wrong), None, "{wrong}");
        }
    }
}
