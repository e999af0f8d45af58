//! Trees, items and blobs.

use lodge_forge::{EntryKind, TreeEntry};
use serde_json::{Value, json};

use super::{At, changes::object_type, reply};
use crate::{Ask, Reply};

/// `GET …/trees/{id}?recursive=`
pub(crate) async fn tree(ask: &Ask, at: At<'_>, id: &str) -> Reply {
    let Some(entries) = below(at, id).await else {
        return reply::error(404, "GitObjectDoesNotExistException", "The object does not exist.");
    };
    let recursive = ask.query("recursive") == Some("true");
    let told = entries.iter().filter(|(path, _)| recursive || !path.contains('/'));
    let told = told.map(|(path, it)| {
        json!({
            "objectId": it.sha,
            "relativePath": path,
            "mode": it.mode.as_deref().map(|it| it.trim_start_matches('0')),
            "gitObjectType": object_type(it.kind),
            "url": at.api(&["blobs", it.sha.as_deref().unwrap_or_default()]),
            // A folder's is the length of its object.
            "size": it.size.unwrap_or(59),
        })
    });
    let told = told.collect::<Vec<_>>();
    let size = told.len() * 40;
    let told = json!({
        "objectId": id,
        "url": at.api(&["trees", id]),
        "treeEntries": told,
        "size": size,
        "_links": { "self": { "href": at.api(&["trees", id]) } },
    });
    Reply::json(200, &told)
}

/// What is in a tree, at any depth, by the path from it.
async fn below(at: At<'_>, id: &str) -> Option<Vec<(String, TreeEntry)>> {
    for branch in at.repository.branches().await {
        for commit in at.repository.history(&branch.sha).iter() {
            let entries = at.repository.tree(&commit.sha).await;
            let above = if at.repository.tree_sha(&commit.sha).as_deref() == Some(id) {
                Some(String::new())
            } else {
                let folder = entries.iter().find(|it| it.sha.as_deref() == Some(id));
                folder.filter(|it| it.kind == EntryKind::Tree).map(|it| format!("{}/", it.path))
            };
            if let Some(above) = above {
                let below = entries
                    .into_iter()
                    .filter_map(|it| Some((it.path.strip_prefix(&above)?.to_owned(), it)));
                return Some(below.collect());
            }
        }
    }
    None
}

/// `GET …/items?scopePath=` or `?path=`, at a version.
pub(crate) async fn item(ask: &Ask, at: At<'_>) -> Reply {
    let version = ask.query("versionDescriptor.version");
    let commit = match version {
        Some(version) => at.repository.resolve(version).await,
        None => at.repository.head().await,
    };
    let Some(commit) = commit else { return reply::no_version(version.unwrap_or("Branch: main")) };
    let path = ask.query("scopePath").or(ask.query("path")).unwrap_or("/");
    let entries = at.repository.tree(&commit).await;
    let wanted = path.trim_start_matches('/');
    let Some(found) = entries.iter().find(|it| it.path == wanted) else {
        return reply::no_item(path);
    };
    if wants_bytes(ask) && found.kind != EntryKind::Tree {
        return blob(ask, at, found.sha.as_deref().unwrap_or_default());
    }
    let mut told = json!({
        "objectId": found.sha,
        "gitObjectType": object_type(found.kind),
        "commitId": commit,
        "path": path,
        "url": at.api(&["items"]) + "?path=" + path,
    });
    if let Some(told) = told.as_object_mut().filter(|_| found.kind == EntryKind::Tree) {
        told.insert("isFolder".to_owned(), Value::Bool(true));
    }
    reply::list(&[told])
}

/// `GET …/blobs/{id}`: what is said of it, or its bytes.
pub(crate) fn blob(ask: &Ask, at: At<'_>, id: &str) -> Reply {
    let Some(bytes) = at.repository.blob(id) else {
        return reply::error(404, "GitObjectDoesNotExistException", "The object does not exist.");
    };
    if wants_bytes(ask) {
        return Reply::text(200, "application/octet-stream", bytes).confirmable(ask);
    }
    let told = json!({
        "objectId": id,
        "size": bytes.len(),
        "url": at.api(&["blobs", id]),
        "_links": { "self": { "href": at.api(&["blobs", id]) }, "repository": { "href": at.api(&[]) } },
    });
    Reply::json(200, &told)
}

fn wants_bytes(ask: &Ask) -> bool {
    let format = ask.query("$format").map(str::to_ascii_lowercase);
    format.as_deref() == Some("octetstream")
        || ask.header("accept").is_some_and(|it| it.contains("application/octet-stream"))
}
