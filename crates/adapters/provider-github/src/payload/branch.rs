//! `Short Branch`, from `GET /repositories/{id}/branches`.
//!
//! Source: <https://docs.github.com/en/rest/branches/branches#list-branches>,
//! API version 2022-11-28.

use lodge_forge::Branch;
use lodge_provider_kit::Text;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(crate) struct BranchPayload<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    commit: ShaPayload<'a>,
    protected: Option<bool>,
}

/// An object of which only the hash counts.
#[derive(Debug, Deserialize)]
pub(crate) struct ShaPayload<'a> {
    #[serde(borrow)]
    pub(crate) sha: Text<'a>,
}

impl BranchPayload<'_> {
    /// The branch's commit.
    pub(crate) fn into_sha(self) -> String {
        self.commit.sha.into()
    }
}

impl From<BranchPayload<'_>> for Branch {
    fn from(it: BranchPayload<'_>) -> Self {
        Self {
            name: it.name.into(),
            sha: it.commit.sha.into(),
            protected: it.protected,
            default: None,
            committed_at: None,
        }
    }
}
