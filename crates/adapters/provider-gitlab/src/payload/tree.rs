//! `GET /projects/:id/repository/tree`.
//!
//! Source: <https://docs.gitlab.com/api/repositories/#list-repository-tree>,
//! API v4. Sizes are not told.

use lodge_forge::{EntryKind, TreeEntry};
use lodge_provider_kit::Text;
use serde::Deserialize;

use super::filled;

#[derive(Debug, Deserialize)]
pub(crate) struct EntryPayload<'a> {
    /// The object's hash.
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow, rename = "type")]
    kind: Option<Text<'a>>,
    #[serde(borrow)]
    path: Option<Text<'a>>,
    #[serde(borrow)]
    mode: Option<Text<'a>>,
}

impl EntryPayload<'_> {
    /// `None` when it has no path.
    pub(crate) fn into_entry(self) -> Option<TreeEntry> {
        let kind = match (self.kind.as_deref(), self.mode.as_deref()) {
            (_, Some("120000")) => EntryKind::Symlink,
            (Some("tree"), _) => EntryKind::Tree,
            (Some("commit"), _) => EntryKind::Commit,
            _ => EntryKind::Blob,
        };
        let path = filled(self.path)?;
        let last = path.rsplit('/').next().unwrap_or_default().to_owned();
        Some(TreeEntry {
            name: filled(self.name).unwrap_or(last),
            path,
            kind,
            mode: filled(self.mode),
            sha: filled(self.id),
            size: None,
        })
    }
}
