//! `tag`, from `GET …/refs/tags`.
//!
//! Source: <https://developer.atlassian.com/cloud/bitbucket/rest/api-group-refs/>,
//! API 2.0. A tag without a message of its own has no date, message and tagger.

use lodge_forge::Tag;
use lodge_provider_kit::Text;
use serde::Deserialize;

use super::commit::{AuthorPayload, HashPayload};

#[derive(Debug, Deserialize)]
pub(crate) struct TagPayload<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    target: HashPayload<'a>,
    date: Option<Text<'a>>,
    message: Option<Text<'a>>,
    tagger: Option<AuthorPayload<'a>>,
}

impl TagPayload<'_> {
    pub(crate) fn into_tag(self) -> Tag {
        let created_at = self.date.as_ref().and_then(Text::instant);
        let annotated = self.date.is_some() || self.message.is_some() || self.tagger.is_some();
        Tag {
            name: self.name.into(),
            sha: self.target.hash.into(),
            tag_object_sha: None,
            annotated: Some(annotated),
            message: self.message.map(Into::into),
            tagger: self.tagger.map(|it| it.into_signature(created_at)),
            created_at,
        }
    }
}
