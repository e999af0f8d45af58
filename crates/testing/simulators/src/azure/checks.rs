//! Statuses of a commit, and the builds of a project.

use lodge_forge::{Check, CheckConclusion, CheckKind};
use serde_json::{Value, json};

use super::{
    At, person,
    pulls::precise,
    releases, reply,
    repositories::{PROJECT, project_id},
};
use crate::{Ask, Reply, World};

/// `GET …/commits/{sha}/statuses?latestOnly=&top=&skip=`
pub(crate) fn statuses(ask: &Ask, world: &World, at: At<'_>, sha: &str) -> Reply {
    if at.repository.commit(sha).is_none() {
        return reply::no_version(&format!("Commit: {sha}"));
    }
    let checks = at.repository.checks(sha).into_iter().filter(|it| it.kind == CheckKind::Status);
    let told = checks.map(|it| {
        let (genre, name) = it.name.split_once('/').unwrap_or(("", &it.name));
        json!({
            "id": it.id.parse::<u64>().ok(),
            "state": match it.conclusion {
                Some(CheckConclusion::Success) => "succeeded",
                Some(_) => "failed",
                None => "pending",
            },
            "description": it.summary,
            "context": { "name": name, "genre": genre },
            "creationDate": precise(it.started_at),
            "updatedDate": precise(it.completed_at),
            "createdBy": person::identity(world, "lodge-ci"),
            "targetUrl": it.url,
        })
    });
    let top = ask.number("top").unwrap_or(1000);
    reply::slice(told.collect(), ask.number("skip"), Some(top))
}

/// `GET /{organization}/{project}/_apis/build/builds`
pub(crate) async fn builds(ask: &Ask, world: &World, organization: &str) -> Reply {
    let mut told = Vec::new();
    for repository in world.repositories().iter().filter(|it| it.namespace() == organization) {
        let at = At { repository, address: &ask.address };
        told.extend(of_repository(world, at).await);
    }
    if let Some(ids) = ask.query("buildIds") {
        let ids = ids.split(',').collect::<Vec<_>>();
        told.extend(releases::builds(world, organization, &ask.address).await);
        told.retain(|it| ids.contains(&reply::number(it).as_str()));
        return reply::list(&told);
    }
    if ask.query("repositoryId").is_some() && ask.query("repositoryType").is_none() {
        let message = "The repository type must be specified with the repository id.";
        return reply::error(400, "InvalidBuildQueryException", message);
    }
    let queued = |it: &Value| reply::text(it, "/queueTime").to_owned();
    if let Some(id) = ask.query("repositoryId") {
        told.retain(|it| reply::text(it, "/repository/id") == id);
    }
    if let Some(branch) = ask.query("branchName") {
        told.retain(|it| reply::text(it, "/sourceBranch") == branch);
    }
    if let Some(since) = ask.query("minTime") {
        told.retain(|it| queued(it).as_str() >= since);
    }
    told.sort_by_key(|it| std::cmp::Reverse((queued(it), reply::number(it))));
    let token = |it: &Value| format!("{}/{}", queued(it), reply::number(it));
    let skip = match ask.query("continuationToken") {
        None => 0,
        Some(wanted) => told.iter().take_while(|it| token(it) != wanted).count(),
    };
    reply::continued(told, skip, ask.number("$top").unwrap_or(1000), token)
}

/// Every commit of every branch was built, each on the first branch that has
/// it.
async fn of_repository(world: &World, at: At<'_>) -> Vec<Value> {
    let mut branches = at.repository.branches().await;
    branches.sort_by_key(|it| Some(&it.name) != at.repository.facts.default_branch.as_ref());
    let mut seen = Vec::new();
    let mut told = Vec::new();
    for branch in branches {
        for commit in at.repository.history(&branch.sha).iter().rev() {
            if seen.contains(&commit.sha) {
                continue;
            }
            seen.push(commit.sha.clone());
            let runs = at.repository.checks(&commit.sha);
            let runs = runs.into_iter().filter(|it| it.kind == CheckKind::CheckRun);
            for (number, run) in (0..).zip(runs) {
                let id =
                    at.repository.number * 100_000 + u64::try_from(seen.len()).unwrap_or(0) * 10;
                told.push(build(
                    world,
                    at,
                    id + number,
                    &run,
                    &format!("refs/heads/{}", branch.name),
                ));
            }
        }
    }
    told
}

pub(crate) fn build(world: &World, at: At<'_>, id: u64, run: &Check, branch: &str) -> Value {
    let number = id.to_string();
    let project = project_id(at.organization());
    let mut told = json!({
        "_links": {
            "self": { "href": at.url(&[at.organization(), &project, "_apis", "build", "Builds", &number]) },
            "web": { "href": at.url(&[at.organization(), &project, "_build", "results"]) + "?buildId=" + &number },
        },
        "properties": {},
        "tags": [],
        "validationResults": [],
        "plans": [{ "planId": "b5e0e0b6-3f1a-4a5f-9c44-1df0f1f0a7c1" }],
        "triggerInfo": { "ci.sourceBranch": branch, "ci.sourceSha": run.sha },
        "id": id,
        "buildNumber": format!("20260401.{number}"),
        "status": if run.conclusion.is_some() { "completed" } else { "inProgress" },
        "queueTime": precise(run.started_at),
        "startTime": precise(run.started_at),
        "url": at.url(&[at.organization(), &project, "_apis", "build", "Builds", &number]),
        "definition": {
            "drafts": [],
            "id": 7,
            "name": run.name,
            "url": at.url(&[at.organization(), &project, "_apis", "build", "Definitions", "7"]),
            "uri": "vstfs:///Build/Definition/7",
            "path": "\\",
            "type": "build",
            "queueStatus": "enabled",
            "revision": 1,
            "project": at.project(),
        },
        "buildNumberRevision": 1,
        "project": at.project(),
        "uri": format!("vstfs:///Build/Build/{number}"),
        "sourceBranch": branch,
        "sourceVersion": run.sha,
        "priority": "normal",
        "reason": "individualCI",
        "requestedFor": person::identity(world, "ada"),
        "requestedBy": person::identity(world, "ada"),
        "lastChangedDate": precise(run.started_at),
        "repository": { "id": at.id(), "type": "TfsGit", "name": at.repository.name(), "url": at.page(&[]), "clean": null, "checkoutSubmodules": false },
        "retainedByRelease": false,
        "triggeredByBuild": null,
        "appendCommitMessageToRunName": true,
        "templateParameters": { "projectName": PROJECT },
    });
    if let (Some(told), Some(conclusion)) = (told.as_object_mut(), run.conclusion) {
        let result = match conclusion {
            CheckConclusion::Success => "succeeded",
            CheckConclusion::Cancelled => "canceled",
            CheckConclusion::Neutral => "partiallySucceeded",
            _ => "failed",
        };
        told.insert("result".to_owned(), json!(result));
        told.insert("finishTime".to_owned(), json!(precise(run.completed_at)));
    }
    told
}
