//! Trees, by the hash of a commit or of a tree.

use lodge_forge::{EntryKind, TreeEntry};
use serde_json::{Value, json};

use super::{error, repository::Question};
use crate::Reply;

/// The most entries of a page, and what one has when nobody says.
const MOST: usize = 1000;

pub(super) async fn answer(question: &Question<'_>, sha: &str) -> Reply {
    let ask = question.ask;
    let Some((tree, entries)) = find(question, sha).await else {
        return error(ask, 400, &format!("sha not found [{sha}]"));
    };
    let recursive = matches!(ask.query("recursive"), Some("true" | "1"));
    let entries: Vec<&TreeEntry> =
        entries.iter().filter(|it| recursive || !it.path.contains('/')).collect();
    let size = ask.number("per_page").filter(|it| (1..=MOST).contains(it)).unwrap_or(MOST);
    let page = ask.number("page").unwrap_or(1).max(1);
    let start = (page - 1) * size;
    let shown = entries.iter().skip(start).take(size);
    let shown: Vec<Value> = shown.map(|it| entry(question, it)).collect();
    let url = format!("{}/api/v1/repos/{}/git/trees/{tree}", ask.address, question.name);
    // Nothing at all is written as `null`.
    let shown = if shown.is_empty() { Value::Null } else { shown.into() };
    let body = json!({
        "sha": tree,
        "url": url,
        "tree": shown,
        "truncated": start + size < entries.len(),
        "page": page,
        "total_count": entries.len(),
    });
    Reply::json(200, &body)
}

/// The hash of the tree, and everything below it with its path from there.
async fn find(question: &Question<'_>, sha: &str) -> Option<(String, Vec<TreeEntry>)> {
    let repository = question.repository;
    if repository.commit(sha).is_some() {
        return Some((repository.tree_sha(sha)?, repository.tree(sha).await));
    }
    for branch in repository.branches().await {
        let all = repository.tree(&branch.sha).await;
        let folder =
            all.iter().find(|it| it.kind == EntryKind::Tree && it.sha.as_deref() == Some(sha));
        if let Some(folder) = folder {
            let prefix = format!("{}/", folder.path);
            let below = all.iter().filter_map(|it| {
                let path = it.path.strip_prefix(&prefix)?.to_owned();
                Some(TreeEntry { path, ..it.clone() })
            });
            return Some((sha.to_owned(), below.collect()));
        }
    }
    None
}

fn entry(question: &Question<'_>, entry: &TreeEntry) -> Value {
    let (kind, store) = match entry.kind {
        EntryKind::Tree => ("tree", "trees"),
        EntryKind::Commit => ("commit", ""),
        EntryKind::Blob | EntryKind::Symlink => ("blob", "blobs"),
    };
    let sha = entry.sha.as_deref().unwrap_or_default();
    let api = format!("{}/api/v1/repos/{}", question.ask.address, question.name);
    json!({
        "path": entry.path,
        "mode": entry.mode,
        "type": kind,
        "size": entry.size.unwrap_or_default(),
        "sha": sha,
        "url": if store.is_empty() { String::new() } else { format!("{api}/git/{store}/{sha}") },
    })
}
