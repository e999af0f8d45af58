//! `GitTreeRef`, from `GET …/trees/{id}`, and `GitItem`, from `GET …/items`.
//!
//! Source: <https://learn.microsoft.com/rest/api/azure/devops/git/trees/get>,
//! <https://learn.microsoft.com/rest/api/azure/devops/git/items/list>, API
//! version 7.1.

use lodge_forge::{EntryKind, TreeEntry};
use lodge_provider_kit::Few;
use serde::Deserialize;

use super::Text;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TreePayload<'a> {
    #[serde(borrow)]
    pub(crate) tree_entries: Few<EntryPayload<'a>, 100_000>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EntryPayload<'a> {
    #[serde(borrow)]
    object_id: Option<Text<'a>>,
    /// The path from the tree that was asked for.
    #[serde(borrow)]
    relative_path: Text<'a>,
    #[serde(borrow)]
    mode: Option<Text<'a>>,
    #[serde(borrow)]
    git_object_type: Option<Text<'a>>,
    size: Option<u64>,
}

/// The item at a path.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PathPayload<'a> {
    #[serde(borrow)]
    pub(crate) path: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) object_id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) git_object_type: Option<Text<'a>>,
}

impl EntryPayload<'_> {
    /// The entry, below the folder `above` (empty, or with a slash at its
    /// end).
    pub(crate) fn into_entry(self, above: &str) -> TreeEntry {
        let path = format!("{above}{}", &*self.relative_path);
        let kind = match (self.git_object_type.as_deref(), self.mode.as_deref()) {
            (_, Some("120000")) => EntryKind::Symlink,
            (Some("tree"), _) => EntryKind::Tree,
            (Some("commit"), _) => EntryKind::Commit,
            _ => EntryKind::Blob,
        };
        let is_file = matches!(kind, EntryKind::Blob | EntryKind::Symlink);
        TreeEntry {
            name: path.rsplit('/').next().unwrap_or_default().to_owned(),
            path,
            kind,
            // A folder's is told with five digits.
            mode: self.mode.map(|it| format!("{:0>6}", &*it)),
            sha: self.object_id.and_then(Text::filled),
            size: self.size.filter(|_| is_file),
        }
    }
}
