//! File names: <https://docs.gitlab.com/api/repositories/#list-repository-tree>.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use lodge_forge::{EntryKind, TreeEntry};
use serde_json::{Value, json};

use super::{
    paging,
    say::{self, Here},
};
use crate::Reply;

pub(super) async fn list(here: &Here<'_>) -> Reply {
    let commit = match here.ask.query("ref").filter(|it| !it.is_empty()) {
        Some(name) => here.repository.resolve(name).await,
        None => here.repository.head().await,
    };
    let Some(commit) = commit else { return say::not_found("Tree") };
    let path = here.ask.query("path").unwrap_or_default().trim_matches('/');
    let recursive = here.ask.query("recursive") == Some("true");
    let inside = |it: &TreeEntry| {
        let rest = if path.is_empty() {
            Some(it.path.as_str())
        } else {
            it.path.strip_prefix(path).and_then(|rest| rest.strip_prefix('/'))
        };
        rest.is_some_and(|rest| recursive || !rest.contains('/'))
    };
    let mut entries = here.repository.tree(&commit).await;
    entries.retain(inside);
    if entries.is_empty() && !path.is_empty() {
        return say::not_found("invalid revision or path");
    }
    if !recursive {
        // Folders first, then files, then submodules.
        entries.sort_by_key(|it| match it.kind {
            EntryKind::Tree => 0,
            EntryKind::Blob | EntryKind::Symlink => 1,
            EntryKind::Commit => 2,
        });
    }
    if here.ask.query("pagination") != Some("keyset") {
        return paging::offset(here.ask, entries.iter().map(body).collect());
    }
    let start = match here.ask.query("page_token") {
        None => 0,
        Some(given) => match entries.iter().position(|it| token(it) == given) {
            Some(index) => index + 1,
            None => return Reply::json(400, &json!({"message": "400 Bad request"})),
        },
    };
    let end = entries.len().min(start + paging::size(here.ask));
    let shown = entries.get(start..end).unwrap_or_default();
    let last = shown.last().filter(|_| end < entries.len());
    let next = last.map(|it| ("page_token", token(it)));
    paging::keyset(here.ask, shown.iter().map(body).collect(), next)
}

/// What goes on after an entry.
fn token(entry: &TreeEntry) -> String {
    STANDARD.encode(json!({"file_name": entry.path}).to_string())
}

fn body(entry: &TreeEntry) -> Value {
    json!({
        "id": entry.sha,
        "name": entry.name,
        "type": match entry.kind {
            EntryKind::Tree => "tree",
            EntryKind::Commit => "commit",
            EntryKind::Blob | EntryKind::Symlink => "blob",
        },
        "path": entry.path,
        "mode": entry.mode,
    })
}
