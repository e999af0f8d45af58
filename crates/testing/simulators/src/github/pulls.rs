//! Pull requests.

use lodge_forge::{PullRequest, PullRequestState};
use serde_json::{Value, json};

use super::{
    On, changes, error, moment, not_found,
    pages::page,
    people::{merge, named},
};
use crate::Reply;

/// `GET …/pulls`: the newest first, merged ones among the closed.
pub(super) async fn list(on: &On<'_>) -> Reply {
    let mut all = on.repository.pull_requests().await;
    match on.ask.query("state").unwrap_or("open") {
        "all" => {}
        "open" => all.retain(|it| it.state == PullRequestState::Open),
        "closed" => all.retain(|it| it.state != PullRequestState::Open),
        _ => return error(422, "Validation Failed"),
    }
    if on.ask.query("direction") != Some("asc") {
        all.reverse();
    }
    let all: Vec<_> = all.iter().map(|it| body(on, it)).collect();
    let place = format!("repositories/{}/pulls", on.repository.number);
    page(on.ask, &place, &all, Value::from)
}

/// `GET …/pulls/{number}`
pub(super) async fn one(on: &On<'_>, number: &str) -> Reply {
    let Some((found, mut body)) = find(on, number).await else { return not_found() };
    let totals = on.repository.pull_request_diff(found.number).await.map(|it| it.totals);
    let totals = totals.unwrap_or_default();
    let more = json!({
        "merged": found.state == PullRequestState::Merged,
        "mergeable": null,
        "rebaseable": null,
        "mergeable_state": "unknown",
        "merged_by": null,
        "comments": found.comments_count,
        "review_comments": 0,
        "maintainer_can_modify": false,
        "commits": 1,
        "additions": totals.additions,
        "deletions": totals.deletions,
        "changed_files": totals.files,
    });
    merge(&mut body, more);
    Reply::json(200, &body)
}

/// `GET …/pulls/{number}/files`
pub(super) async fn files(on: &On<'_>, number: &str) -> Reply {
    let Some((found, _)) = find(on, number).await else { return not_found() };
    let diff = on.repository.pull_request_diff(found.number).await;
    let head = found.source.sha.unwrap_or_default();
    let files = diff.map(|it| it.files).unwrap_or_default();
    let all: Vec<_> = files.iter().map(|it| changes::file(on, &head, it)).collect();
    let place = format!("repositories/{}/pulls/{number}/files", on.repository.number);
    page(on.ask, &place, &all, Value::from)
}

async fn find(on: &On<'_>, number: &str) -> Option<(PullRequest, Value)> {
    let all = on.repository.pull_requests().await;
    let found = all.into_iter().find(|it| it.number.to_string() == number)?;
    let body = body(on, &found);
    Some((found, body))
}

/// A `Pull Request Simple`, as version 2022-11-28 has it.
pub(super) fn body(on: &On<'_>, it: &PullRequest) -> Value {
    let api = format!("{}/repos/{}", on.api(), on.repository.full_name());
    let page = format!("{}/{}/pull/{}", on.ask.address, on.repository.full_name(), it.number);
    let repository = super::repositories::body(on.ask, on.world, on.repository);
    let side = |branch: &str, sha: &Option<String>| {
        json!({
            "label": format!("{}:{branch}", on.repository.namespace()),
            "ref": branch,
            "sha": sha,
            "user": named(on, on.repository.namespace()),
            "repo": repository,
        })
    };
    let labels = it.labels.iter().map(|name| {
        json!({ "id": 1, "node_id": "LA_1", "url": format!("{api}/labels/{name}"), "name": name, "color": "ededed", "default": false, "description": null })
    });
    let people = |logins: &[String]| logins.iter().map(|it| named(on, it)).collect::<Vec<_>>();
    json!({
        "url": format!("{api}/pulls/{}", it.number),
        "id": it.id.parse::<u64>().unwrap_or_default(),
        "node_id": format!("PR_{}", it.id),
        "html_url": page,
        "diff_url": format!("{page}.diff"),
        "patch_url": format!("{page}.patch"),
        "issue_url": format!("{api}/issues/{}", it.number),
        "number": it.number,
        "state": if it.state == PullRequestState::Open { "open" } else { "closed" },
        "locked": false,
        "title": it.title,
        "user": named(on, it.author.as_deref().unwrap_or("ada")),
        "body": it.body,
        "created_at": moment(it.created_at),
        "updated_at": moment(it.updated_at),
        "closed_at": moment(it.closed_at),
        "merged_at": moment(it.merged_at),
        // Of one that is open, this is a commit that would merge it.
        "merge_commit_sha": it.merge_commit_sha.as_ref().or(it.source.sha.as_ref()),
        "assignee": null,
        "assignees": [],
        "requested_reviewers": people(&it.reviewers),
        "requested_teams": [],
        "labels": labels.collect::<Vec<_>>(),
        "milestone": null,
        "draft": it.draft,
        "commits_url": format!("{api}/pulls/{}/commits", it.number),
        "statuses_url": format!("{api}/statuses/{}", it.source.sha.as_deref().unwrap_or_default()),
        "head": side(&it.source.branch, &it.source.sha),
        "base": side(&it.target.branch, &it.target.sha),
        "author_association": "OWNER",
        "auto_merge": null,
        "active_lock_reason": null,
    })
}
