//! `GitRef`, from `GET …/refs`: branches and tags.
//!
//! Source: <https://learn.microsoft.com/rest/api/azure/devops/git/refs/list>,
//! API version 7.1.

use lodge_forge::Branch;
use serde::Deserialize;

use super::{Text, short_name};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RefPayload<'a> {
    /// With `refs/heads/` or `refs/tags/`.
    #[serde(borrow)]
    pub(crate) name: Text<'a>,
    #[serde(borrow)]
    pub(crate) object_id: Text<'a>,
    /// What an annotated tag leads to; only with `peelTags`.
    #[serde(borrow)]
    pub(crate) peeled_object_id: Option<Text<'a>>,
    is_locked: Option<bool>,
}

impl RefPayload<'_> {
    pub(crate) fn into_branch(self, default: Option<&str>) -> Branch {
        let name = short_name(&self.name).to_owned();
        Branch {
            sha: self.object_id.into_owned(),
            // Policies may guard a branch that is not locked; they are not told
            // here.
            protected: self.is_locked.filter(|locked| *locked),
            default: default.map(|default| default == name),
            committed_at: None,
            name,
        }
    }
}
