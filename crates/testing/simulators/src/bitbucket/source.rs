//! The names of files, level by level.

use std::cmp::Reverse;

use lodge_forge::{EntryKind, TreeEntry};
use serde_json::{Value, json};

use super::{
    errors::{no_commit, refuse},
    objects::Teller,
    pages::{Counting, page},
    refs::commit_of,
};
use crate::{Ask, Reply, WorldRepository};

impl Teller<'_> {
    /// What is below a folder, breadth first. The path ends with a slash.
    pub(super) async fn source(
        &self,
        ask: &Ask,
        it: &WorldRepository,
        commit: &str,
        path: &str,
    ) -> Reply {
        // A branch with a slash is taken apart before anybody looks at it.
        let Some(commit) = commit_of(it, commit).await else { return no_commit(commit) };
        let root = path.trim_end_matches('/');
        let tree = it.tree(&commit.sha).await;
        let at = tree.iter().find(|entry| entry.path == root);
        match at.map(|entry| entry.kind) {
            _ if root.is_empty() => {}
            Some(EntryKind::Tree) => {}
            Some(_) if !path.ends_with('/') => {
                let blob = at.and_then(|entry| it.blob(entry.sha.as_deref()?));
                return Reply::text(200, "text/plain", blob.unwrap_or_default());
            }
            _ => return refuse(404, &format!("No such file or directory: {root}")),
        }
        let depth = |path: &str| path.split('/').filter(|it| !it.is_empty()).count();
        let most = depth(root) + ask.number("max_depth").unwrap_or(1);
        let prefix = if root.is_empty() { String::new() } else { format!("{root}/") };
        let mut below: Vec<_> = tree
            .iter()
            .filter(|entry| entry.path.starts_with(&prefix) && depth(&entry.path) <= most)
            .collect();
        below.sort_by_key(|entry| {
            (depth(&entry.path), Reverse(entry.kind == EntryKind::Tree), &entry.path)
        });
        let all: Vec<_> =
            below.into_iter().map(|entry| self.entry(it, &commit.sha, entry)).collect();
        page(ask, &all, 100, Counting::Words)
    }

    fn entry(&self, it: &WorldRepository, commit: &str, entry: &TreeEntry) -> Value {
        let href = format!(
            "{}/2.0/repositories/{}/src/{commit}/{}",
            self.address,
            it.full_name(),
            entry.path
        );
        let commit = json!({"type": "commit", "hash": commit});
        if entry.kind == EntryKind::Tree {
            return json!({
                "type": "commit_directory",
                "path": entry.path,
                "commit": commit,
                "links": {"self": {"href": format!("{href}/")}},
            });
        }
        let attributes: &[&str] = match (entry.kind, entry.mode.as_deref()) {
            (EntryKind::Symlink, _) => &["link"],
            (EntryKind::Commit, _) => &["subrepository"],
            (_, Some("100755")) => &["executable"],
            _ => &[],
        };
        json!({
            "type": "commit_file",
            "path": entry.path,
            "escaped_path": entry.path,
            "commit": commit,
            "size": entry.size.unwrap_or_default(),
            "mimetype": null,
            "attributes": attributes,
            "links": {"self": {"href": href}},
        })
    }
}
