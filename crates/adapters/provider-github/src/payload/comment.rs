//! Remarks, as the events `issue_comment`, `pull_request_review_comment` and
//! `commit_comment` tell them.
//!
//! Source: <https://docs.github.com/en/webhooks/webhook-events-and-payloads#issue_comment>,
//! `#pull_request_review_comment` and `#commit_comment` of the same page.

use lodge_activity::{Actor, Note, Subject};
use lodge_provider_kit::{Text, account};
use serde::{Deserialize, de::IgnoredAny};

use super::{
    filled, instant,
    profile::{UserPayload, login},
};

/// What a remark on lines of a pull request is called.
const ON_LINES: &str = "review_comment";

/// A remark on one of the three. What it is on says which: the name of the event
/// is not proved.
#[derive(Debug, Deserialize)]
pub(crate) struct CommentEventPayload<'a> {
    #[serde(borrow)]
    action: Option<Text<'a>>,
    comment: CommentPayload<'a>,
    issue: Option<NumberedPayload>,
    pull_request: Option<NumberedPayload>,
}

#[derive(Debug, Deserialize)]
struct NumberedPayload {
    number: u64,
    /// Of an issue that is a pull request it is there.
    pull_request: Option<IgnoredAny>,
}

#[derive(Debug, Deserialize)]
struct CommentPayload<'a> {
    id: u64,
    #[serde(borrow)]
    body: Option<Text<'a>>,
    user: Option<UserPayload<'a>>,
    commit_id: Option<Text<'a>>,
    path: Option<Text<'a>>,
    /// The first remark of the thread, of all that follow it.
    in_reply_to_id: Option<u64>,
    created_at: Option<Text<'a>>,
    updated_at: Option<Text<'a>>,
}

impl CommentEventPayload<'_> {
    /// `None` when it is gone, and when nobody says whose it is, on what, or
    /// when. Each of the three counts its remarks by itself.
    pub(crate) fn into_note(self) -> Option<Note<Actor>> {
        let it = self.comment;
        let is_gone = self.action.as_deref() == Some("deleted");
        let created_at = instant(it.created_at).filter(|_| !is_gone)?;
        let (kind, on) = match (self.issue, self.pull_request) {
            (Some(at), None) if at.pull_request.is_some() => {
                ("comment", Subject::MergeRequest(at.number))
            }
            (Some(at), None) => ("comment", Subject::Issue(at.number)),
            (None, Some(at)) => (ON_LINES, Subject::MergeRequest(at.number)),
            (None, None) => ("commit_comment", Subject::Commit(filled(it.commit_id)?)),
            (Some(_), Some(_)) => return None,
        };
        let first = it.in_reply_to_id.unwrap_or(it.id);
        Some(Note {
            id: format!("{kind}/{}", it.id),
            on,
            author: login(it.user).map(account)?,
            body: filled(it.body).unwrap_or_default(),
            thread: (kind == ON_LINES).then(|| format!("{kind}/{first}")),
            path: filled(it.path),
            resolved: None,
            created_at,
            updated_at: instant(it.updated_at).unwrap_or(created_at),
        })
    }
}
