//! Check runs, commit statuses and deployments.

use lodge_forge::{Check, CheckConclusion, CheckKind, CheckStatus, Deployment, DeploymentState};
use serde_json::{Value, json};

use super::{On, commits, moment, not_found, pages::page, people};
use crate::Reply;

/// `GET …/commits/{ref}/check-runs`
pub(super) async fn runs(on: &On<'_>, reference: &str) -> Reply {
    let Some(sha) = commits::found(on, reference).await else {
        return commits::missing(on, reference).await;
    };
    let checks = on.repository.checks(&sha);
    let runs = checks.iter().filter(|it| it.kind == CheckKind::CheckRun);
    let all: Vec<_> = runs.map(|it| run(on, it)).collect();
    let (place, count) = (place(on, &sha, "check-runs"), all.len());
    page(on.ask, &place, &all, |page| json!({ "total_count": count, "check_runs": page }))
}

fn place(on: &On<'_>, sha: &str, list: &str) -> String {
    format!("repositories/{}/commits/{sha}/{list}", on.repository.number)
}

/// A `Check Run`.
pub(super) fn run(on: &On<'_>, it: &Check) -> Value {
    let api = format!("{}/repos/{}/check-runs/{}", on.api(), on.repository.full_name(), it.id);
    let status = match it.status {
        CheckStatus::Queued => "queued",
        CheckStatus::Running => "in_progress",
        CheckStatus::Completed => "completed",
    };
    json!({
        "id": it.id.parse::<u64>().unwrap_or_default(),
        "name": it.name,
        "node_id": format!("CR_{}", it.id),
        "head_sha": it.sha,
        "external_id": "",
        "url": api,
        "html_url": it.url,
        "details_url": it.url,
        "status": status,
        "conclusion": it.conclusion.map(word),
        "started_at": moment(it.started_at),
        "completed_at": moment(it.completed_at),
        "output": {
            "title": it.name,
            "summary": it.summary,
            "text": null,
            "annotations_count": 0,
            "annotations_url": format!("{api}/annotations"),
        },
        "check_suite": { "id": 5 },
        "app": {
            "id": 1,
            "slug": it.app,
            "node_id": "A_1",
            "client_id": "Iv1.ci",
            "owner": people::named(on, "ada"),
            "name": "Lodge CI",
            "description": null,
            "external_url": "https://ci.example.org",
            "html_url": format!("{}/apps/lodge-ci", on.ask.address),
            "created_at": "2026-01-01T00:00:00Z",
            "updated_at": "2026-01-01T00:00:00Z",
            "permissions": { "checks": "write" },
            "events": ["push"],
        },
        "pull_requests": [],
    })
}

fn word(it: CheckConclusion) -> &'static str {
    match it {
        CheckConclusion::Success => "success",
        CheckConclusion::Failure => "failure",
        CheckConclusion::Cancelled => "cancelled",
        CheckConclusion::Skipped => "skipped",
        CheckConclusion::Neutral => "neutral",
        CheckConclusion::TimedOut => "timed_out",
        CheckConclusion::ActionRequired => "action_required",
    }
}

/// `GET …/commits/{ref}/status`: the newest status of each context.
pub(super) async fn status(on: &On<'_>, reference: &str) -> Reply {
    let Some(sha) = commits::found(on, reference).await else {
        return commits::missing(on, reference).await;
    };
    let checks = on.repository.checks(&sha);
    let statuses = checks.iter().filter(|it| it.kind == CheckKind::Status);
    let all: Vec<_> = statuses.map(|it| one_status(on, it)).collect();
    let (place, count) = (place(on, &sha, "status"), all.len());
    let fails = checks.iter().any(|it| it.conclusion == Some(CheckConclusion::Failure));
    page(on.ask, &place, &all, |page| {
        json!({
            "state": if fails { "failure" } else { "success" },
            "statuses": page,
            "sha": sha,
            "total_count": count,
            "repository": super::repositories::body(on.ask, on.world, on.repository),
            "commit_url": format!("{}/repos/{}/commits/{sha}", on.api(), on.repository.full_name()),
            "url": format!("{}/repos/{}/commits/{sha}/status", on.api(), on.repository.full_name()),
        })
    })
}

/// A `Simple Commit Status`.
pub(super) fn one_status(on: &On<'_>, it: &Check) -> Value {
    json!({
        "url": format!("{}/repos/{}/statuses/{}", on.api(), on.repository.full_name(), it.sha),
        "avatar_url": format!("{}/avatars/oa/1?v=4", on.ask.address),
        "id": it.id.parse::<u64>().unwrap_or_default(),
        "node_id": format!("SC_{}", it.id),
        "state": it.conclusion.map_or("pending", word),
        "description": it.summary,
        "target_url": it.url,
        "context": it.name,
        "created_at": moment(it.started_at),
        "updated_at": moment(it.completed_at.or(it.started_at)),
    })
}

/// `GET …/deployments`: without where they stand.
pub(super) async fn deployments(on: &On<'_>) -> Reply {
    let mut all = on.repository.deployments().await;
    if let Some(environment) = on.ask.query("environment") {
        all.retain(|it| it.environment == environment);
    }
    let all: Vec<_> = all.iter().map(|it| deployment(on, it)).collect();
    let place = format!("repositories/{}/deployments", on.repository.number);
    page(on.ask, &place, &all, Value::from)
}

/// A `Deployment`.
pub(super) fn deployment(on: &On<'_>, it: &Deployment) -> Value {
    let api = format!("{}/repos/{}", on.api(), on.repository.full_name());
    json!({
        "url": format!("{api}/deployments/{}", it.id),
        "id": it.id.parse::<u64>().unwrap_or_default(),
        "node_id": format!("DE_{}", it.id),
        "task": "deploy",
        "original_environment": it.environment,
        "environment": it.environment,
        "description": null,
        "created_at": moment(it.created_at),
        "updated_at": moment(it.updated_at),
        "statuses_url": format!("{api}/deployments/{}/statuses", it.id),
        "repository_url": api,
        "creator": people::named(on, it.creator.as_deref().unwrap_or("ada")),
        "sha": it.sha,
        "ref": it.reference,
        "payload": {},
        "transient_environment": false,
        "production_environment": it.environment == "production",
        "performed_via_github_app": null,
    })
}

/// `GET …/deployments/{id}/statuses`: the newest first.
pub(super) async fn deployment_statuses(on: &On<'_>, id: &str) -> Reply {
    let all = on.repository.deployments().await;
    let Some(it) = all.iter().find(|it| it.id == id) else { return not_found() };
    let mut statuses = vec![deployment_status(on, it, "in_progress", it.created_at)];
    let word = match it.state {
        DeploymentState::Success => Some("success"),
        DeploymentState::Failure => Some("failure"),
        DeploymentState::Inactive => Some("inactive"),
        _ => None,
    };
    if let Some(word) = word {
        statuses.insert(0, deployment_status(on, it, word, it.finished_at));
    }
    let place = format!("repositories/{}/deployments/{id}/statuses", on.repository.number);
    page(on.ask, &place, &statuses, Value::from)
}

/// A `Deployment Status`.
pub(super) fn deployment_status(
    on: &On<'_>,
    it: &Deployment,
    state: &str,
    at: Option<lodge_kernel::Timestamp>,
) -> Value {
    let api = format!("{}/repos/{}", on.api(), on.repository.full_name());
    json!({
        "url": format!("{api}/deployments/{}/statuses/1", it.id),
        "id": 1,
        "node_id": "DES_1",
        "state": state,
        "creator": people::named(on, "ada"),
        "description": "",
        "environment": it.environment,
        "target_url": "",
        "created_at": moment(at),
        "updated_at": moment(at),
        "deployment_url": format!("{api}/deployments/{}", it.id),
        "repository_url": api,
        "environment_url": it.environment_url,
        "log_url": "",
        "performed_via_github_app": null,
    })
}
