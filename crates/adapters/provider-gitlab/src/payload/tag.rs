//! `GET /projects/:id/repository/tags`.
//!
//! Source: <https://docs.gitlab.com/api/tags/>, API v4.

use lodge_forge::Tag;
use lodge_provider_kit::Text;
use serde::Deserialize;

use super::{Time, filled};

#[derive(Debug, Deserialize)]
pub(crate) struct TagPayload<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    /// The tag object; the commit when there is none.
    #[serde(borrow)]
    target: Option<Text<'a>>,
    #[serde(borrow)]
    message: Option<Text<'a>>,
    #[serde(borrow)]
    commit: Option<TaggedPayload<'a>>,
    #[serde(default)]
    created_at: Time,
}

#[derive(Debug, Deserialize)]
struct TaggedPayload<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
}

impl TagPayload<'_> {
    /// `None` when it leads nowhere.
    pub(crate) fn into_tag(self) -> Option<Tag> {
        let target = filled(self.target);
        let commit = filled(self.commit.and_then(|it| it.id));
        let annotated = match (&target, &commit) {
            (Some(target), Some(commit)) => Some(target != commit),
            _ => None,
        };
        Some(Tag {
            name: filled(self.name)?,
            tag_object_sha: target.clone().filter(|_| annotated == Some(true)),
            sha: commit.or(target)?,
            annotated,
            message: filled(self.message),
            tagger: None,
            created_at: self.created_at.0,
        })
    }
}
