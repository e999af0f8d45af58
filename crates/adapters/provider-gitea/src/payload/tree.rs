//! `GitTreeResponse`, from `GET /repos/{owner}/{repo}/git/trees/{sha}`.
//!
//! Source: <https://docs.gitea.com/api/#tag/repository/operation/GetTree>.

use lodge_forge::{EntryKind, TreeEntry};
use lodge_provider_kit::{Few, Text};
use serde::Deserialize;

use super::{count, filled};

#[derive(Debug, Deserialize)]
pub(crate) struct TreePayload<'a> {
    #[serde(borrow)]
    pub(crate) tree: Option<Few<EntryPayload<'a>, 10_000>>,
    /// There is a page after this one.
    pub(crate) truncated: Option<bool>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct EntryPayload<'a> {
    /// From the tree that was asked for.
    #[serde(borrow)]
    pub(crate) path: Text<'a>,
    #[serde(borrow)]
    mode: Option<Text<'a>>,
    #[serde(borrow)]
    r#type: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) sha: Option<Text<'a>>,
    size: Option<i64>,
}

impl EntryPayload<'_> {
    pub(crate) fn is_folder(&self) -> bool {
        self.kind() == EntryKind::Tree
    }

    fn kind(&self) -> EntryKind {
        match (self.r#type.as_deref(), self.mode.as_deref()) {
            (Some("tree"), _) => EntryKind::Tree,
            (Some("commit"), _) => EntryKind::Commit,
            (_, Some("120000")) => EntryKind::Symlink,
            _ => EntryKind::Blob,
        }
    }

    /// The entry, of the tree at the path `below`.
    pub(crate) fn into_entry(self, below: Option<&str>) -> TreeEntry {
        let kind = self.kind();
        let path = match below.map(|it| it.trim_matches('/')).filter(|it| !it.is_empty()) {
            Some(below) => format!("{below}/{}", &*self.path),
            None => self.path.into(),
        };
        TreeEntry {
            name: path.rsplit('/').next().unwrap_or_default().to_owned(),
            path,
            kind,
            mode: filled(self.mode),
            sha: filled(self.sha),
            // Folders and submodules are told to have none.
            size: count(self.size).filter(|_| matches!(kind, EntryKind::Blob | EntryKind::Symlink)),
        }
    }
}
