//! `GET /projects/:id/repository/commits`.
//!
//! Source: <https://docs.gitlab.com/api/commits/>, API v4.

use lodge_activity::{Actor, Commit};
use lodge_provider_kit::{Few, Text};
use serde::Deserialize;

use crate::payload::{Time, cut, filled};

#[derive(Debug, Deserialize)]
pub(crate) struct CommitPayload<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    message: Option<Text<'a>>,
    #[serde(borrow)]
    author_name: Option<Text<'a>>,
    #[serde(borrow)]
    author_email: Option<Text<'a>>,
    #[serde(default)]
    authored_date: Time,
    #[serde(default)]
    committed_date: Time,
    #[serde(borrow)]
    parent_ids: Option<Few<Text<'a>, 1_000>>,
    #[serde(borrow)]
    web_url: Option<Text<'a>>,
}

impl CommitPayload<'_> {
    /// `None` when there is no hash, or no time.
    pub(crate) fn into_commit(self) -> Option<Commit<Actor>> {
        Some(Commit {
            sha: filled(self.id)?,
            parents: self.parent_ids.map(|it| it.into_iter().map(String::from).collect()),
            message: cut(self.message, Commit::<Actor>::LONGEST),
            author: Actor {
                email: filled(self.author_email),
                name: filled(self.author_name),
                ..Actor::default()
            },
            authored_at: self.authored_date.0.or(self.committed_date.0)?,
            changes: None,
            web_url: filled(self.web_url),
        })
    }
}
