//! `Pull Request Review`, as the event `pull_request_review` tells it.
//!
//! Source: <https://docs.github.com/en/webhooks/webhook-events-and-payloads#pull_request_review>.

use lodge_activity::{Actor, Approval, Fact, Note, Subject};
use lodge_provider_kit::{Text, account};
use serde::Deserialize;

use super::{
    filled, instant,
    profile::{UserPayload, login},
};

#[derive(Debug, Deserialize)]
pub(crate) struct ReviewEventPayload<'a> {
    #[serde(borrow)]
    action: Option<Text<'a>>,
    review: ReviewPayload<'a>,
    pull_request: ReviewedPayload<'a>,
}

#[derive(Debug, Deserialize)]
struct ReviewPayload<'a> {
    id: u64,
    #[serde(borrow)]
    state: Option<Text<'a>>,
    user: Option<UserPayload<'a>>,
    body: Option<Text<'a>>,
    submitted_at: Option<Text<'a>>,
    /// Not told by every version.
    updated_at: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
struct ReviewedPayload<'a> {
    number: u64,
    #[serde(borrow)]
    updated_at: Option<Text<'a>>,
}

impl ReviewEventPayload<'_> {
    /// The word of who reviewed, and what they remarked. One that remarks says
    /// neither yes nor no, and takes no word back. Nothing when nobody says whose
    /// it is, or when.
    pub(crate) fn into_facts(self) -> Vec<Fact<Actor>> {
        let Self { action, review: it, pull_request } = self;
        let by = login(it.user).map(account);
        let Some((by, at)) = by.zip(instant(it.submitted_at)) else { return Vec::new() };
        // One that is dismissed keeps the time at which it was given. So it takes
        // back itself, and nothing that was said later.
        let approved = match it.state.as_deref() {
            Some("approved") => Some(true),
            Some("changes_requested" | "dismissed") => Some(false),
            _ => None,
        };
        let word = approved.map(|approved| {
            let (merge_request, by) = (pull_request.number, by.clone());
            Fact::Approval(Approval { merge_request, by, approved, at })
        });
        let is_edited = action.as_deref() == Some("edited");
        let edited_at = instant(pull_request.updated_at).filter(|_| is_edited);
        let remark = filled(it.body).map(|body| {
            Fact::Note(Note {
                id: format!("review/{}", it.id),
                on: Subject::MergeRequest(pull_request.number),
                author: by,
                body,
                thread: None,
                path: None,
                resolved: None,
                created_at: at,
                updated_at: instant(it.updated_at).or(edited_at).unwrap_or(at),
            })
        });
        word.into_iter().chain(remark).collect()
    }
}
