//! Remarks and approvals, as events tell them.
//!
//! Source: <https://support.atlassian.com/bitbucket-cloud/docs/event-payloads/#Pull-request-events>,
//! read in November 2026.

use lodge_activity::{Actor, Approval, Note, Subject};
use lodge_provider_kit::Text;
use serde::Deserialize;

use super::{commit::HashPayload, profile::AccountPayload};

/// A remark on one of the three.
#[derive(Debug, Deserialize)]
pub(crate) struct CommentEventPayload<'a> {
    #[serde(borrow)]
    actor: Option<AccountPayload<'a>>,
    comment: CommentPayload<'a>,
    pullrequest: Option<NumberedPayload>,
    issue: Option<NumberedPayload>,
    commit: Option<HashPayload<'a>>,
}

#[derive(Debug, Deserialize)]
struct NumberedPayload {
    id: u64,
}

#[derive(Debug, Deserialize)]
struct CommentPayload<'a> {
    id: u64,
    #[serde(borrow)]
    content: Option<ContentPayload<'a>>,
    user: Option<AccountPayload<'a>>,
    inline: Option<InlinePayload<'a>>,
    deleted: Option<bool>,
    created_on: Option<Text<'a>>,
    updated_on: Option<Text<'a>>,
}

/// A text, and what it looks like.
#[derive(Debug, Deserialize)]
pub(crate) struct ContentPayload<'a> {
    #[serde(borrow)]
    raw: Option<Text<'a>>,
}

/// Where in a change.
#[derive(Debug, Deserialize)]
struct InlinePayload<'a> {
    #[serde(borrow)]
    path: Option<Text<'a>>,
}

/// Of `pullrequest:approved` and `pullrequest:unapproved`.
#[derive(Debug, Deserialize)]
pub(crate) struct ApprovalEventPayload<'a> {
    pullrequest: NumberedPayload,
    #[serde(borrow)]
    approval: ApprovalPayload<'a>,
}

#[derive(Debug, Deserialize)]
struct ApprovalPayload<'a> {
    #[serde(borrow)]
    date: Option<Text<'a>>,
    user: Option<AccountPayload<'a>>,
}

impl ContentPayload<'_> {
    pub(crate) fn into_text(self) -> Option<String> {
        self.raw.and_then(Text::filled)
    }
}

impl CommentEventPayload<'_> {
    /// `None` when it is gone, and when nobody says whose it is, on what, or
    /// when. It is not said that an id is unique among remarks on different
    /// things.
    pub(crate) fn into_note(self) -> Option<Note<Actor>> {
        let it = self.comment;
        let created_at = it.created_on.as_ref().and_then(Text::instant)?;
        let (on, id) = match (self.pullrequest, self.issue, self.commit) {
            (Some(on), ..) => (Subject::MergeRequest(on.id), format!("pullrequest/{}", on.id)),
            (_, Some(on), _) => (Subject::Issue(on.id), format!("issue/{}", on.id)),
            (_, _, Some(on)) => (Subject::Commit((*on.hash).to_owned()), "commit".to_owned()),
            _ => return None,
        };
        // Only who wrote it can change it.
        let author = it.user.or(self.actor).as_ref().and_then(AccountPayload::actor)?;
        (it.deleted != Some(true)).then(|| Note {
            id: format!("{id}/{}", it.id),
            on,
            author,
            body: it.content.and_then(ContentPayload::into_text).unwrap_or_default(),
            thread: None,
            path: it.inline.and_then(|it| it.path?.filled()),
            resolved: None,
            created_at,
            updated_at: it.updated_on.as_ref().and_then(Text::instant).unwrap_or(created_at),
        })
    }
}

impl ApprovalEventPayload<'_> {
    /// `None` when nobody says whose it is, or when.
    pub(crate) fn into_approval(self, approved: bool) -> Option<Approval<Actor>> {
        Some(Approval {
            merge_request: self.pullrequest.id,
            by: self.approval.user.as_ref().and_then(AccountPayload::actor)?,
            approved,
            at: self.approval.date.as_ref().and_then(Text::instant)?,
        })
    }
}
