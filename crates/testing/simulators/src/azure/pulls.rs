//! Pull requests.

use lodge_forge::{PullRequest, PullRequestState};
use lodge_kernel::Timestamp;
use serde_json::{Value, json};

use super::{At, person, reply};
use crate::{Ask, Reply, World};

/// How much of a description a list tells, in characters.
const CUT_AT: usize = 400;

/// `GET …/pullrequests?searchCriteria.status=&$top=&$skip=`, newest first.
pub(crate) async fn list(ask: &Ask, world: &World, at: At<'_>) -> Reply {
    let wanted = ask.query("searchCriteria.status").unwrap_or("active");
    let mut all = at.repository.pull_requests().await;
    all.reverse();
    let told = all.iter().map(|it| {
        let mut told = to_json(world, at, it);
        let cut = reply::text(&told, "/description").chars().take(CUT_AT).collect::<String>();
        if let Some(told) = told.as_object_mut() {
            told.insert("description".to_owned(), json!(cut));
        }
        told
    });
    let fits = |it: &Value| wanted == "all" || reply::text(it, "/status") == wanted;
    let top = ask.number("$top").unwrap_or(101);
    reply::slice(told.filter(fits).collect(), ask.number("$skip"), Some(top))
}

/// `GET …/pullrequests/{number}`
pub(crate) async fn one(world: &World, at: At<'_>, number: &str) -> Reply {
    match find(at, number).await {
        Some(found) => Reply::json(200, &to_json(world, at, &found)),
        None => reply::no_pull_request(),
    }
}

/// `GET …/pullRequests/{number}/iterations`
pub(crate) async fn iterations(world: &World, at: At<'_>, number: &str) -> Reply {
    let Some(found) = find(at, number).await else { return reply::no_pull_request() };
    let (Some(target), Some(source)) = (found.target.sha, found.source.sha) else {
        return reply::list(&[]);
    };
    let common = at.repository.merge_base(&target, &source);
    reply::list(&[json!({
        "id": 1,
        "description": found.title,
        "author": person::identity(world, "ada"),
        "createdDate": precise(found.created_at),
        "updatedDate": precise(found.created_at),
        "sourceRefCommit": { "commitId": source },
        "targetRefCommit": { "commitId": target },
        "commonRefCommit": { "commitId": common },
        "hasMoreCommits": false,
        "reason": "create",
    })])
}

async fn find(at: At<'_>, number: &str) -> Option<PullRequest> {
    let number = number.parse::<u64>().ok()?;
    at.repository.pull_requests().await.into_iter().find(|it| it.number == number)
}

/// With seven digits after the point.
pub(crate) fn precise(at: Option<Timestamp>) -> Option<String> {
    at.map(|it| it.to_string().replace('Z', "0000Z"))
}

/// A description that lists must cut.
pub(crate) fn description(it: &PullRequest) -> String {
    format!(
        "{}\n\n{}",
        it.body.as_deref().unwrap_or_default(),
        "- a line of the template\n".repeat(20)
    )
}

pub(crate) fn to_json(world: &World, at: At<'_>, it: &PullRequest) -> Value {
    let commit = |sha: &Option<String>| {
        let sha = sha.as_deref()?;
        Some(json!({ "commitId": sha, "url": at.api(&["commits", sha]) }))
    };
    let (status, merge_status) = match it.state {
        PullRequestState::Open => ("active", "succeeded"),
        PullRequestState::Merged => ("completed", "succeeded"),
        PullRequestState::Closed => ("abandoned", "conflicts"),
    };
    let number = it.number.to_string();
    let mut told = json!({
        "repository": at.short(),
        "pullRequestId": it.number,
        "codeReviewId": it.number,
        "status": status,
        "createdBy": person::identity(world, it.author.as_deref().unwrap_or("ada")),
        "creationDate": precise(it.created_at),
        "title": it.title,
        "description": description(it),
        "sourceRefName": format!("refs/heads/{}", it.source.branch),
        "targetRefName": format!("refs/heads/{}", it.target.branch),
        "mergeStatus": merge_status,
        "isDraft": it.draft,
        "mergeId": "1b5f1536-565e-46f4-ace2-e8cbf50c676b",
        "lastMergeSourceCommit": commit(&it.source.sha),
        "lastMergeTargetCommit": commit(&it.target.sha),
        // Of one that is open, it is a try.
        "lastMergeCommit": commit(&it.merge_commit_sha).or_else(|| commit(&it.source.sha)),
        "labels": it.labels.iter().map(|name| json!({ "id": "6d1a", "name": name, "active": true })).collect::<Vec<_>>(),
        "reviewers": it.reviewers.iter().map(|it| {
            let mut reviewer = person::identity(world, it);
            if let Some(reviewer) = reviewer.as_object_mut() {
                reviewer.insert("vote".to_owned(), json!(0));
                reviewer.insert("hasDeclined".to_owned(), json!(false));
                reviewer.insert("isFlagged".to_owned(), json!(false));
                reviewer.insert("reviewerUrl".to_owned(), Value::Null);
            }
            reviewer
        }).collect::<Vec<_>>(),
        "url": at.api(&["pullRequests", &number]),
        "supportsIterations": true,
    });
    if let (Some(told), Some(closed)) = (told.as_object_mut(), it.closed_at) {
        told.insert("closedDate".to_owned(), json!(precise(Some(closed))));
        told.insert("closedBy".to_owned(), person::identity(world, "ada"));
    }
    told
}
