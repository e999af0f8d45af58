//! Trees of files.

use lodge_forge::{EntryKind, TreeEntry};
use serde_json::{Value, json};

use super::{On, commits, empty_repository, error, not_found};
use crate::Reply;

/// `GET …/git/trees/{tree}`: by the hash of a tree, or by whatever leads to a
/// commit. Any value of `recursive` means yes.
pub(super) async fn one(on: &On<'_>, tree: &str, most: usize) -> Reply {
    if on.repository.head().await.is_none() {
        return empty_repository();
    }
    let Some((sha, below)) = find(on, tree).await else {
        if tree.len() == 40 {
            return error(404, "Not Found");
        }
        return not_found();
    };
    let recursive = on.ask.query("recursive").is_some();
    let shown = below.iter().filter(|it| recursive || !it.path.contains('/'));
    let all: Vec<_> = shown.collect();
    let api = format!("{}/repos/{}", on.api(), on.repository.full_name());
    let entries = all.iter().take(most).map(|it| entry(&api, it));
    Reply::json(
        200,
        &json!({
            "sha": sha,
            "url": format!("{api}/git/trees/{sha}"),
            "tree": entries.collect::<Vec<_>>(),
            "truncated": all.len() > most,
        }),
    )
}

/// The tree's hash, and what is in it, each path from the tree.
async fn find(on: &On<'_>, tree: &str) -> Option<(String, Vec<TreeEntry>)> {
    if let Some(commit) = commits::found(on, tree).await {
        return Some((on.repository.tree_sha(&commit)?, on.repository.tree(&commit).await));
    }
    let head = on.repository.head().await?;
    let mut commits: Vec<_> = on.repository.branches().await.into_iter().map(|it| it.sha).collect();
    commits.extend(on.repository.history(&head).iter().map(|it| it.sha.clone()));
    for commit in commits {
        let all = on.repository.tree(&commit).await;
        if on.repository.tree_sha(&commit).as_deref() == Some(tree) {
            return Some((tree.to_owned(), all));
        }
        let folder =
            |it: &&TreeEntry| it.kind == EntryKind::Tree && it.sha.as_deref() == Some(tree);
        let Some(folder) = all.iter().find(folder).map(|it| format!("{}/", it.path)) else {
            continue;
        };
        let below = all.into_iter().filter_map(|it| {
            let path = it.path.strip_prefix(&folder)?.to_owned();
            Some(TreeEntry { path, ..it })
        });
        return Some((tree.to_owned(), below.collect()));
    }
    None
}

fn entry(api: &str, it: &TreeEntry) -> Value {
    let (kind, sha) = (it.kind, it.sha.as_deref().unwrap_or_default());
    let word = match kind {
        EntryKind::Tree => "tree",
        EntryKind::Commit => "commit",
        EntryKind::Blob | EntryKind::Symlink => "blob",
    };
    let mut body = json!({ "path": it.path, "mode": it.mode, "type": word, "sha": sha });
    if let Some(body) = body.as_object_mut() {
        if let Some(size) = it.size {
            body.insert("size".to_owned(), json!(size));
        }
        if kind != EntryKind::Commit {
            body.insert("url".to_owned(), json!(format!("{api}/git/{word}s/{sha}")));
        }
    }
    body
}
