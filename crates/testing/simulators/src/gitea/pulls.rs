//! Pull requests. A merged one is a closed one here.

use lodge_forge::{PullRequest, PullRequestSide, PullRequestState};
use serde_json::{Value, json};

use super::{bodies, not_found, patch, repository::Question};
use crate::Reply;

/// The newest first.
pub(super) async fn list(question: &Question<'_>) -> Reply {
    let state = question.ask.query("state").unwrap_or("open");
    let mut all = question.repository.pull_requests().await;
    all.reverse();
    all.retain(|it| match state {
        "open" => it.state == PullRequestState::Open,
        "closed" => it.state != PullRequestState::Open,
        _ => true,
    });
    question.pages.linked(all.iter().map(|it| body(question, it)))
}

/// A pull request, or its diff.
pub(super) async fn one(question: &Question<'_>, number: &str) -> Reply {
    if let Some(number) = number.strip_suffix(".diff") {
        let Ok(number) = number.parse() else { return not_found(question.ask) };
        let diff = question.repository.pull_request_diff(number).await;
        return diff.map_or_else(|| not_found(question.ask), |it| patch::reply(&it, None));
    }
    let all = question.repository.pull_requests().await;
    let found = all.iter().find(|it| it.number.to_string() == number);
    found.map_or_else(|| not_found(question.ask), |it| Reply::json(200, &body(question, it)))
}

pub(super) fn body(question: &Question<'_>, it: &PullRequest) -> Value {
    let &Question { ask, world, repository, name, .. } = question;
    let page = format!("{}/{name}/pulls/{}", ask.address, it.number);
    let open = it.state == PullRequestState::Open;
    let merged = it.state == PullRequestState::Merged;
    let side = |side: &PullRequestSide| {
        json!({
            "label": side.branch,
            "ref": side.branch,
            "sha": side.sha,
            "repo_id": repository.number,
            "repo": bodies::repository(ask, world, repository, name),
        })
    };
    let shas = it.target.sha.as_deref().zip(it.source.sha.as_deref());
    let base = shas.and_then(|(base, head)| repository.merge_base(base, head));
    let when = |at: Option<lodge_kernel::Timestamp>| at.map(|at| bodies::time(Some(at)));
    json!({
        "id": it.id.parse::<u64>().unwrap_or_default(),
        "url": page,
        "number": it.number,
        "user": bodies::somebody(ask, world, it.author.as_deref().unwrap_or("Ghost")),
        "title": it.title,
        "body": it.body.as_deref().unwrap_or_default(),
        "labels": it.labels.iter().map(|label| json!({
            "id": 1, "name": label, "exclusive": false, "is_archived": false, "color": "ee0701",
            "description": "", "url": format!("{}/api/v1/repos/{name}/labels/1", ask.address),
        })).collect::<Vec<_>>(),
        "milestone": null,
        "assignee": null,
        "assignees": null,
        "requested_reviewers": it.reviewers.iter()
            .map(|login| bodies::somebody(ask, world, login)).collect::<Vec<_>>(),
        "requested_reviewers_teams": [],
        "state": if open { "open" } else { "closed" },
        "draft": it.draft.unwrap_or_default(),
        "is_locked": false,
        "comments": it.comments_count.unwrap_or_default(),
        "review_comments": 0,
        "additions": 1,
        "deletions": 0,
        "changed_files": 1,
        "html_url": page,
        "diff_url": format!("{page}.diff"),
        "patch_url": format!("{page}.patch"),
        "mergeable": open,
        "merged": merged,
        "merged_at": when(it.merged_at),
        // A branch that could be merged has the commit that would do it.
        "merge_commit_sha": if merged { it.merge_commit_sha.clone() } else { it.source.sha.clone() },
        "merged_by": merged.then(|| bodies::user(ask, world.user())),
        "allow_maintainer_edit": false,
        "base": side(&it.target),
        "head": side(&it.source),
        "merge_base": base,
        "due_date": null,
        "created_at": when(it.created_at),
        "updated_at": when(it.updated_at),
        "closed_at": when(it.closed_at),
        "pin_order": 0,
    })
}
