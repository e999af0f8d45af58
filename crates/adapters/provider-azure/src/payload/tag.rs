//! `GitAnnotatedTag`, from `GET …/annotatedtags/{objectId}`.
//!
//! Source: <https://learn.microsoft.com/rest/api/azure/devops/git/annotated-tags/get>,
//! API version 7.1.

use serde::Deserialize;

use super::{Text, commit::UserDatePayload};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TagPayload<'a> {
    #[serde(borrow)]
    pub(crate) message: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) tagged_by: Option<UserDatePayload<'a>>,
}
