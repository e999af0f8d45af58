//! `Git Tree`, from `GET /repositories/{id}/git/trees/{sha}`.
//!
//! Source: <https://docs.github.com/en/rest/git/trees#get-a-tree>,
//! API version 2022-11-28.

use lodge_forge::{EntryKind, TreeEntry};
use lodge_provider_kit::{Few, Text};
use serde::Deserialize;

use super::filled;

#[derive(Debug, Deserialize)]
pub(crate) struct TreePayload<'a> {
    #[serde(borrow)]
    pub(crate) tree: Few<EntryPayload<'a>, 100_000>,
    pub(crate) truncated: Option<bool>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct EntryPayload<'a> {
    #[serde(borrow)]
    path: Text<'a>,
    mode: Option<Text<'a>>,
    #[serde(rename = "type")]
    kind: Option<Text<'a>>,
    sha: Option<Text<'a>>,
    size: Option<u64>,
}

impl EntryPayload<'_> {
    /// The entry of a tree that is at `prefix`, which is empty or ends with a
    /// slash.
    pub(crate) fn into_entry(self, prefix: &str) -> TreeEntry {
        let kind = match (self.kind.as_deref(), self.mode.as_deref()) {
            (_, Some("120000")) => EntryKind::Symlink,
            (Some("tree"), _) => EntryKind::Tree,
            (Some("commit"), _) => EntryKind::Commit,
            _ => EntryKind::Blob,
        };
        let path = format!("{prefix}{}", &*self.path);
        TreeEntry {
            name: path.rsplit('/').next().unwrap_or_default().to_owned(),
            path,
            kind,
            mode: filled(self.mode),
            sha: filled(self.sha),
            size: self.size,
        }
    }
}
