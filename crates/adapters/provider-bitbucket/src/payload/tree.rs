//! `treeentry`, from `GET …/src/{commit}/{path}`.
//!
//! Source: <https://developer.atlassian.com/cloud/bitbucket/rest/api-group-source/>,
//! API 2.0. No hash is told; the attributes say what Git's mode says.

use lodge_forge::{EntryKind, TreeEntry};
use lodge_provider_kit::{Few, Text};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(crate) struct EntryPayload<'a> {
    /// From the root.
    #[serde(borrow)]
    path: Text<'a>,
    #[serde(rename = "type")]
    kind: Text<'a>,
    size: Option<u64>,
    attributes: Option<Few<Text<'a>, 1_000>>,
}

impl EntryPayload<'_> {
    /// How many folders it is below `root`.
    pub(crate) fn depth_below(&self, root: &str) -> usize {
        let above = root.split('/').filter(|it| !it.is_empty()).count();
        self.path.split('/').count().saturating_sub(above)
    }

    pub(crate) fn is_folder(&self) -> bool {
        &*self.kind == "commit_directory"
    }

    pub(crate) fn into_entry(self) -> TreeEntry {
        let has = |name: &str| self.attributes.iter().flatten().any(|it| &**it == name);
        let (kind, mode) = if self.is_folder() {
            (EntryKind::Tree, "040000")
        } else if has("subrepository") {
            (EntryKind::Commit, "160000")
        } else if has("link") {
            (EntryKind::Symlink, "120000")
        } else if has("executable") {
            (EntryKind::Blob, "100755")
        } else {
            (EntryKind::Blob, "100644")
        };
        let size = self.size.filter(|_| matches!(kind, EntryKind::Blob | EntryKind::Symlink));
        let path: String = self.path.into();
        TreeEntry {
            name: path.rsplit('/').next().unwrap_or_default().to_owned(),
            path,
            kind,
            mode: Some(mode.to_owned()),
            sha: None,
            size,
        }
    }
}
