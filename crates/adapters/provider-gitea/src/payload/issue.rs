//! `Issue` and `Comment`, as the events `issues` and `issue_comment` tell them,
//! and what the events of reviews tell.
//!
//! Source: <https://docs.gitea.com/usage/webhooks>,
//! <https://docs.gitea.com/api/#tag/issue/operation/issueGetIssue>.

use lodge_activity::{Actor, Approval, Issue, IssueState, Note, Subject};
use lodge_provider_kit::{Few, Text, account};
use serde::{Deserialize, de::IgnoredAny};

use super::{
    filled, instant,
    profile::UserPayload,
    pull_request::{LabelPayload, PullRequestPayload},
};

#[derive(Debug, Deserialize)]
pub(crate) struct IssueEventPayload<'a> {
    #[serde(borrow)]
    action: Option<Text<'a>>,
    #[serde(borrow)]
    issue: IssuePayload<'a>,
}

#[derive(Debug, Deserialize)]
struct IssuePayload<'a> {
    number: u64,
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow)]
    body: Option<Text<'a>>,
    #[serde(borrow)]
    state: Option<Text<'a>>,
    #[serde(borrow)]
    user: Option<UserPayload<'a>>,
    #[serde(borrow)]
    labels: Option<Few<LabelPayload<'a>, 1_000>>,
    #[serde(borrow)]
    assignees: Option<Few<UserPayload<'a>, 1_000>>,
    #[serde(borrow)]
    created_at: Option<Text<'a>>,
    #[serde(borrow)]
    updated_at: Option<Text<'a>>,
    #[serde(borrow)]
    closed_at: Option<Text<'a>>,
    /// The end of the day, by the server's clock.
    #[serde(borrow)]
    due_date: Option<Text<'a>>,
    #[serde(borrow)]
    html_url: Option<Text<'a>>,
    /// Of a pull request it is there.
    pull_request: Option<IgnoredAny>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct CommentEventPayload<'a> {
    #[serde(borrow)]
    action: Option<Text<'a>>,
    #[serde(borrow)]
    issue: IssuePayload<'a>,
    #[serde(borrow)]
    comment: CommentPayload<'a>,
    is_pull: Option<bool>,
}

#[derive(Debug, Deserialize)]
struct CommentPayload<'a> {
    id: u64,
    #[serde(borrow)]
    body: Option<Text<'a>>,
    #[serde(borrow)]
    user: Option<UserPayload<'a>>,
    #[serde(borrow)]
    created_at: Option<Text<'a>>,
    #[serde(borrow)]
    updated_at: Option<Text<'a>>,
}

/// Of `pull_request_approved` and `pull_request_rejected`. What the review says
/// has no id.
#[derive(Debug, Deserialize)]
pub(crate) struct ReviewEventPayload<'a> {
    #[serde(borrow)]
    action: Option<Text<'a>>,
    #[serde(borrow)]
    review: ReviewPayload<'a>,
    #[serde(borrow)]
    pull_request: PullRequestPayload<'a>,
    /// Who reviewed it.
    #[serde(borrow)]
    sender: Option<UserPayload<'a>>,
}

#[derive(Debug, Deserialize)]
struct ReviewPayload<'a> {
    #[serde(rename = "type", borrow)]
    kind: Option<Text<'a>>,
}

/// What is gone is told as it was.
fn is_gone(action: Option<&str>) -> bool {
    action == Some("deleted")
}

impl IssueEventPayload<'_> {
    /// `None` when it is gone, when there is no time, and for a pull request.
    pub(crate) fn into_issue(self) -> Option<Issue<Actor>> {
        let it = self.issue;
        let is_none = is_gone(self.action.as_deref()) || it.pull_request.is_some();
        let created_at = instant(it.created_at.as_ref()).filter(|_| !is_none)?;
        let is_closed = it.state.as_deref() == Some("closed");
        let labels = it.labels.unwrap_or_default().into_iter();
        let mut labels: Vec<String> = labels.map(|it| it.name.into()).collect();
        labels.sort_unstable();
        let mut assignees: Vec<_> = it
            .assignees
            .unwrap_or_default()
            .into_iter()
            .filter_map(UserPayload::into_login)
            .map(account)
            .collect();
        assignees.sort_unstable();
        Some(Issue {
            number: it.number,
            title: filled(it.title).unwrap_or_default(),
            description: filled(it.body),
            author: it.user.and_then(UserPayload::into_login).map(account),
            state: if is_closed { IssueState::Closed } else { IssueState::Opened },
            labels,
            assignees,
            created_at,
            updated_at: instant(it.updated_at.as_ref()).unwrap_or(created_at),
            closed_at: instant(it.closed_at.as_ref()).filter(|_| is_closed),
            due_at: instant(it.due_date.as_ref()),
            web_url: filled(it.html_url),
        })
    }
}

impl CommentEventPayload<'_> {
    /// `None` when it is gone, and when nobody says whose it is, or when.
    pub(crate) fn into_note(self) -> Option<Note<Actor>> {
        let (it, number) = (self.comment, self.issue.number);
        let is_gone = is_gone(self.action.as_deref());
        let created_at = instant(it.created_at.as_ref()).filter(|_| !is_gone)?;
        let on_pull_request = self.is_pull == Some(true) || self.issue.pull_request.is_some();
        Some(Note {
            id: it.id.to_string(),
            on: if on_pull_request {
                Subject::MergeRequest(number)
            } else {
                Subject::Issue(number)
            },
            author: it.user.and_then(UserPayload::into_login).map(account)?,
            body: filled(it.body).unwrap_or_default(),
            thread: None,
            path: None,
            resolved: None,
            created_at,
            updated_at: instant(it.updated_at.as_ref()).unwrap_or(created_at),
        })
    }
}

impl ReviewEventPayload<'_> {
    /// Who reviewed says that it may be taken in, or that it may not. When is
    /// what the pull request last changed. `None` for a body that tells no review,
    /// or one that says neither.
    pub(crate) fn into_approval(self) -> Option<Approval<Actor>> {
        if self.action.as_deref() != Some("reviewed") {
            return None;
        }
        let approved = match self.review.kind.as_deref()? {
            "pull_request_review_approved" => true,
            "pull_request_review_rejected" => false,
            _ => return None,
        };
        Some(Approval {
            merge_request: self.pull_request.number,
            by: self.sender.and_then(UserPayload::into_login).map(account)?,
            approved,
            at: instant(self.pull_request.updated_at.as_ref())?,
        })
    }
}
