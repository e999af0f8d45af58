//! `Branch`, from `GET /repos/{owner}/{repo}/branches`.
//!
//! Source: <https://docs.gitea.com/api/#tag/repository/operation/repoListBranches>.

use lodge_forge::Branch;
use lodge_provider_kit::Text;
use serde::Deserialize;

use super::instant;

#[derive(Debug, Deserialize)]
pub(crate) struct BranchPayload<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    pub(crate) commit: HeadPayload<'a>,
    protected: Option<bool>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct HeadPayload<'a> {
    #[serde(borrow)]
    pub(crate) id: Text<'a>,
    #[serde(borrow)]
    timestamp: Option<Text<'a>>,
}

impl BranchPayload<'_> {
    pub(crate) fn into_branch(self, default: Option<&str>) -> Branch {
        Branch {
            default: Some(default == Some(&*self.name)),
            name: self.name.into(),
            sha: self.commit.id.into(),
            protected: self.protected,
            committed_at: instant(self.commit.timestamp.as_ref()),
        }
    }
}
