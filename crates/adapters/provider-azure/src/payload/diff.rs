//! `GitChange`, from `GET …/commits/{id}/changes`, and `GitPullRequestChange`
//! with `GitPullRequestIteration`, from `GET …/pullRequests/{id}/iterations`.
//!
//! Source: <https://learn.microsoft.com/rest/api/azure/devops/git/commits/get-changes>,
//! <https://learn.microsoft.com/rest/api/azure/devops/git/pull-request-iteration-changes/get>,
//! API version 7.1.

use lodge_provider_kit::Few;
use serde::Deserialize;

use super::Text;

/// The changes of a commit.
#[derive(Debug, Deserialize)]
pub(crate) struct ChangesPayload<'a> {
    #[serde(borrow)]
    pub(crate) changes: Few<ChangePayload<'a>, 3_000>,
}

/// The changes of an iteration of a pull request.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EntriesPayload<'a> {
    #[serde(borrow)]
    pub(crate) change_entries: Few<ChangePayload<'a>, 3_000>,
    /// Where the next page begins; 0 or nothing on the last.
    pub(crate) next_skip: Option<usize>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChangePayload<'a> {
    #[serde(borrow)]
    pub(crate) item: ItemPayload<'a>,
    /// One or more flags: `edit, rename`.
    #[serde(borrow)]
    change_type: Option<Text<'a>>,
    /// Where a renamed file was, as commits say it.
    #[serde(borrow)]
    source_server_item: Option<Text<'a>>,
    /// Where a renamed file was, as pull requests say it.
    #[serde(borrow)]
    original_path: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ItemPayload<'a> {
    #[serde(borrow)]
    pub(crate) path: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) object_id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) original_object_id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) git_object_type: Option<Text<'a>>,
    is_folder: Option<bool>,
}

impl<'a> ChangePayload<'a> {
    pub(crate) fn has(&self, flag: &str) -> bool {
        let flags = self.change_type.as_deref().unwrap_or_default();
        flags.split(',').any(|it| it.trim().eq_ignore_ascii_case(flag))
    }

    pub(crate) fn is_folder(&self) -> bool {
        // A folder that was renamed away is only known by its kind.
        self.item.is_folder == Some(true) || self.item.git_object_type.as_deref() == Some("tree")
    }

    /// Where a renamed file was.
    pub(crate) fn source(&mut self) -> Option<Text<'a>> {
        self.source_server_item.take().or_else(|| self.original_path.take())
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IterationPayload<'a> {
    pub(crate) id: Option<u64>,
    /// Where both sides parted.
    #[serde(borrow)]
    pub(crate) common_ref_commit: Option<CommitIdPayload<'a>>,
    #[serde(borrow)]
    pub(crate) source_ref_commit: Option<CommitIdPayload<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CommitIdPayload<'a> {
    #[serde(borrow)]
    pub(crate) commit_id: Option<Text<'a>>,
}

impl CommitIdPayload<'_> {
    pub(crate) fn into_sha(self) -> Option<String> {
        self.commit_id.and_then(Text::filled)
    }
}
