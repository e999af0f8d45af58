//! Diffs: <https://docs.gitlab.com/api/commits/#get-commit-diff> and
//! <https://docs.gitlab.com/api/merge_requests/#list-merge-request-diffs>.

use lodge_forge::{Diff, DiffFile, FileStatus};
use serde_json::{Value, json};

use super::{
    paging,
    say::{self, Here},
};
use crate::Reply;

/// A longer patch is never told: <https://docs.gitlab.com/administration/diff_limits/>.
const LARGE: usize = 200 << 10;
/// A longer patch of a merge request is told to those alone who open it.
const COLLAPSED: usize = LARGE / 10;

pub(super) async fn of_commit(here: &Here<'_>, name: &str) -> Reply {
    let sha = here.repository.resolve(name).await;
    let diff = match sha {
        Some(sha) => here.repository.diff(&sha).await,
        None => None,
    };
    match diff {
        Some(diff) => files(here, &diff, LARGE),
        None => say::not_found("Commit"),
    }
}

pub(super) async fn of_merge_request(here: &Here<'_>, iid: &str) -> Reply {
    let diff = match iid.parse() {
        Ok(iid) => here.repository.pull_request_diff(iid).await,
        Err(_) => None,
    };
    match diff {
        Some(diff) => files(here, &diff, COLLAPSED),
        None => Reply::json(404, &json!({"message": "404 Not found"})),
    }
}

fn files(here: &Here<'_>, diff: &Diff, collapsed: usize) -> Reply {
    paging::offset(here.ask, diff.files.iter().map(|it| file(it, collapsed)).collect())
}

fn file(file: &DiffFile, collapsed: usize) -> Value {
    let old_path = file.previous_path.as_ref().unwrap_or(&file.path);
    let binary = format!("Binary files a/{old_path} and b/{} differ\n", file.path);
    let text = match &file.patch {
        Some(patch) => patch,
        None => &binary,
    };
    let left_out = text.len() > collapsed;
    json!({
        "diff": if left_out { "" } else { text },
        "new_path": file.path,
        "old_path": old_path,
        "a_mode": file.previous_mode.as_deref().unwrap_or("0"),
        "b_mode": file.mode.as_deref().unwrap_or("0"),
        "new_file": file.status == FileStatus::Added,
        "renamed_file": file.status == FileStatus::Renamed,
        "deleted_file": file.status == FileStatus::Removed,
        "generated_file": false,
        "collapsed": left_out && text.len() <= LARGE,
        "too_large": text.len() > LARGE,
    })
}
