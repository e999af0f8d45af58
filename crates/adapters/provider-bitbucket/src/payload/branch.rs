//! `branch`, from `GET …/refs/branches` and `GET …/refs/branches/{name}`.
//!
//! Source: <https://developer.atlassian.com/cloud/bitbucket/rest/api-group-refs/>,
//! API 2.0.

use lodge_forge::Branch;
use lodge_provider_kit::Text;
use serde::Deserialize;

use super::commit::CommitPayload;

#[derive(Debug, Deserialize)]
pub(crate) struct BranchPayload<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    pub(crate) target: CommitPayload<'a>,
}

impl BranchPayload<'_> {
    /// `default` is the name of the default branch.
    pub(crate) fn into_branch(self, default: Option<&str>) -> Branch {
        Branch {
            default: Some(default == Some(&*self.name)),
            committed_at: self.target.committed_at(),
            sha: self.target.hash.into(),
            name: self.name.into(),
            protected: None,
        }
    }
}
