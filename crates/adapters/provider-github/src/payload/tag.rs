//! `Tag`, from `GET /repositories/{id}/tags`.
//!
//! Source: <https://docs.github.com/en/rest/repos/repos#list-repository-tags>,
//! API version 2022-11-28.

use lodge_forge::Tag;
use lodge_provider_kit::Text;
use serde::Deserialize;

use super::branch::ShaPayload;

#[derive(Debug, Deserialize)]
pub(crate) struct TagPayload<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    commit: ShaPayload<'a>,
}

impl From<TagPayload<'_>> for Tag {
    fn from(it: TagPayload<'_>) -> Self {
        Self {
            name: it.name.into(),
            sha: it.commit.sha.into(),
            // The list leads to commits, past the tag objects: each of those
            // would cost two questions.
            tag_object_sha: None,
            annotated: None,
            message: None,
            tagger: None,
            created_at: None,
        }
    }
}
