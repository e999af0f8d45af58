//! What changed, as lists of paths: the host writes no patch.

use std::collections::{BTreeSet, HashMap};

use lodge_forge::{Diff, DiffFile, EntryKind, FileStatus, TreeEntry};
use serde_json::{Value, json};

use super::{At, reply};
use crate::{Ask, Reply};

/// The entries of a tree by path.
type Tree = HashMap<String, TreeEntry>;

/// `GET …/commits/{sha}/changes?top=&skip=`, folders among them.
pub(crate) async fn of_commit(ask: &Ask, at: At<'_>, sha: &str) -> Reply {
    let (Some(commit), Some(diff)) = (at.repository.commit(sha), at.repository.diff(sha).await)
    else {
        return reply::no_version(&format!("Commit: {sha}"));
    };
    let before = tree(at, commit.parents.first().map(String::as_str)).await;
    let after = tree(at, Some(sha)).await;
    let mut told = Vec::new();
    for folder in folders(&diff) {
        let (old, new) = (before.get(&folder), after.get(&folder));
        told.push(json!({
            "item": item(&folder, old, new, Some(sha)),
            "changeType": match (old, new) {
                (None, _) => "add",
                (_, None) => "delete",
                _ => "edit",
            },
        }));
    }
    for file in &diff.files {
        let old = before.get(file.previous_path.as_ref().unwrap_or(&file.path));
        let new = after.get(&file.path);
        let mut change = json!({
            "item": item(&file.path, old, new, Some(sha)),
            "changeType": flags(file),
        });
        if let (Some(from), Some(change)) = (&file.previous_path, change.as_object_mut()) {
            change.insert("sourceServerItem".to_owned(), json!(format!("/{from}")));
            told.push(json!({
                "item": item(from, old, None, Some(sha)),
                "changeType": "delete, sourceRename",
            }));
        }
        told.push(change);
    }
    told.sort_by_key(|it| reply::text(it, "/item/path").to_owned());
    let skip = ask.number("skip").unwrap_or_default();
    let top = ask.number("top").unwrap_or(100);
    let page = told.into_iter().skip(skip).take(top).collect::<Vec<_>>();
    Reply::json(200, &json!({ "changeCounts": { "Edit": diff.totals.files }, "changes": page }))
}

/// `GET …/pullRequests/{number}/iterations/1/changes?$top=&$skip=`
pub(crate) async fn of_pull_request(ask: &Ask, at: At<'_>, number: &str) -> Reply {
    let number = number.parse().unwrap_or_default();
    let Some(diff) = at.repository.pull_request_diff(number).await else {
        return reply::no_pull_request();
    };
    let before = tree(at, diff.base_sha.as_deref()).await;
    let after = tree(at, diff.head_sha.as_deref()).await;
    let told = (1..).zip(&diff.files).map(|(number, file)| {
        let (old, new) = (before.get(&file.path), after.get(&file.path));
        json!({
            "changeTrackingId": number,
            "changeId": number,
            "item": item(&file.path, old, new, None),
            "changeType": flags(file),
        })
    });
    let told = told.collect::<Vec<_>>();
    let skip = ask.number("$skip").unwrap_or_default();
    let top = ask.number("$top").unwrap_or(100).min(2000);
    let more = told.len() > skip + top;
    let page = told.into_iter().skip(skip).take(top).collect::<Vec<_>>();
    let (next_skip, next_top) = if more { (skip + top, top) } else { (0, 0) };
    let told = json!({ "changeEntries": page, "nextSkip": next_skip, "nextTop": next_top });
    Reply::json(200, &told)
}

/// The folders above what changed.
fn folders(diff: &Diff) -> BTreeSet<String> {
    let paths = diff.files.iter().flat_map(|it| [Some(&it.path), it.previous_path.as_ref()]);
    let above = |path: &String| {
        let cuts = path.match_indices('/').map(|(at, _)| path.get(..at).map(str::to_owned));
        cuts.flatten().collect::<Vec<_>>()
    };
    paths.flatten().flat_map(above).collect()
}

async fn tree(at: At<'_>, commit: Option<&str>) -> Tree {
    match commit {
        Some(commit) => {
            let entries = at.repository.tree(commit).await;
            entries.into_iter().map(|it| (it.path.clone(), it)).collect()
        }
        None => Tree::new(),
    }
}

/// The host's words; what is more than one is parted by commas.
fn flags(file: &DiffFile) -> &'static str {
    match file.status {
        FileStatus::Added | FileStatus::Copied => "add",
        FileStatus::Removed => "delete",
        FileStatus::Renamed if file.additions == Some(0) && file.deletions == Some(0) => "rename",
        FileStatus::Renamed => "edit, rename",
        _ => "edit",
    }
}

fn item(
    path: &str,
    old: Option<&TreeEntry>,
    new: Option<&TreeEntry>,
    commit: Option<&str>,
) -> Value {
    let mut told = json!({ "path": format!("/{path}") });
    let Some(fields) = told.as_object_mut() else { return told };
    let mut say = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            fields.insert(name.to_owned(), json!(value));
        }
    };
    let (before, after) =
        (old.and_then(|it| it.sha.as_deref()), new.and_then(|it| it.sha.as_deref()));
    say("objectId", after.or(before));
    say("originalObjectId", before);
    // Those of a pull request tell less.
    if let Some(commit) = commit {
        let kind = new.or(old).map(|it| it.kind);
        say("gitObjectType", kind.map(object_type));
        say("commitId", Some(commit));
        if kind == Some(EntryKind::Tree) {
            fields.insert("isFolder".to_owned(), json!(true));
        }
    }
    told
}

pub(crate) fn object_type(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Tree => "tree",
        EntryKind::Commit => "commit",
        EntryKind::Blob | EntryKind::Symlink => "blob",
    }
}
