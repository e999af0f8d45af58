//! `GET /projects/:id/merge_requests/:iid/discussions`, and the same of issues
//! and commits.
//!
//! Source: <https://docs.gitlab.com/api/discussions/>, API v4.

use lodge_activity::{Actor, Note, Subject};
use lodge_provider_kit::{Few, Text};
use serde::Deserialize;

use crate::payload::{Time, actor::ActorPayload, cut, filled};

#[derive(Debug, Deserialize)]
pub(crate) struct DiscussionPayload<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    notes: Option<Few<NotePayload<'a>, 5_000>>,
}

#[derive(Debug, Deserialize)]
struct NotePayload<'a> {
    id: u64,
    #[serde(borrow)]
    body: Option<Text<'a>>,
    #[serde(borrow)]
    author: Option<ActorPayload<'a>>,
    /// Written by GitLab.
    system: Option<bool>,
    resolvable: Option<bool>,
    resolved: Option<bool>,
    #[serde(borrow)]
    position: Option<PositionPayload<'a>>,
    #[serde(default)]
    created_at: Time,
    #[serde(default)]
    updated_at: Time,
}

/// Where in a change a remark stands.
#[derive(Debug, Deserialize)]
pub(crate) struct PositionPayload<'a> {
    #[serde(borrow)]
    new_path: Option<Text<'a>>,
    #[serde(borrow)]
    old_path: Option<Text<'a>>,
}

impl PositionPayload<'_> {
    /// The file, by its newer name.
    pub(crate) fn into_path(self) -> Option<String> {
        filled(self.new_path).or_else(|| filled(self.old_path))
    }
}

impl DiscussionPayload<'_> {
    /// What people said in it.
    pub(crate) fn into_notes(self, on: &Subject) -> Vec<Note<Actor>> {
        let thread = filled(self.id);
        let notes = self.notes.into_iter().flatten();
        notes.filter_map(|it| it.into_note(on, thread.as_deref())).collect()
    }
}

impl NotePayload<'_> {
    /// `None` for what GitLab wrote itself.
    fn into_note(self, on: &Subject, thread: Option<&str>) -> Option<Note<Actor>> {
        let created_at = self.created_at.0?;
        (self.system != Some(true)).then_some(())?;
        Some(Note {
            id: self.id.to_string(),
            on: on.clone(),
            author: self.author?.into_actor()?,
            body: cut(self.body, Note::<Actor>::LONGEST),
            thread: thread.map(str::to_owned),
            path: self.position.and_then(PositionPayload::into_path),
            resolved: self.resolved.filter(|_| self.resolvable == Some(true)),
            created_at,
            updated_at: self.updated_at.0.unwrap_or(created_at),
        })
    }
}
