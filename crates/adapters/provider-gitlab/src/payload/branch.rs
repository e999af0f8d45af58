//! `GET /projects/:id/repository/branches` and `…/branches/:branch`.
//!
//! Source: <https://docs.gitlab.com/api/branches/>, API v4.

use lodge_forge::Branch;
use lodge_provider_kit::Text;
use serde::Deserialize;

use super::{Time, filled};

#[derive(Debug, Deserialize)]
pub(crate) struct BranchPayload<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) commit: Option<HeadPayload<'a>>,
    protected: Option<bool>,
    default: Option<bool>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct HeadPayload<'a> {
    #[serde(borrow)]
    pub(crate) id: Option<Text<'a>>,
    #[serde(default)]
    committed_date: Time,
}

impl BranchPayload<'_> {
    /// `None` when its commit is broken at the host, and so not told.
    pub(crate) fn into_branch(self) -> Option<Branch> {
        let commit = self.commit?;
        Some(Branch {
            name: filled(self.name)?,
            sha: filled(commit.id)?,
            protected: self.protected,
            default: self.default,
            committed_at: commit.committed_date.0,
        })
    }
}
