//! `Tag`, from `GET /repos/{owner}/{repo}/tags`.
//!
//! Source: <https://docs.gitea.com/api/#tag/repository/operation/repoListTags>.

use lodge_forge::Tag;
use lodge_provider_kit::Text;
use serde::Deserialize;

use super::{filled, instant};

#[derive(Debug, Deserialize)]
pub(crate) struct TagPayload<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    /// The tag object; the commit itself for a tag without one.
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) commit: TaggedPayload<'a>,
    /// Of a tag without a message, the commit's.
    #[serde(borrow)]
    message: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct TaggedPayload<'a> {
    #[serde(borrow)]
    pub(crate) sha: Text<'a>,
    /// When the tag was made.
    #[serde(borrow)]
    created: Option<Text<'a>>,
}

impl TagPayload<'_> {
    pub(crate) fn into_tag(self) -> Tag {
        let object = filled(self.id);
        let annotated = object.as_deref().map(|it| it != &*self.commit.sha);
        let own = annotated == Some(true);
        Tag {
            name: self.name.into(),
            tag_object_sha: object.filter(|_| own),
            annotated,
            message: filled(self.message).filter(|_| own),
            tagger: None,
            created_at: instant(self.commit.created.as_ref()).filter(|_| own),
            sha: self.commit.sha.into(),
        }
    }
}
