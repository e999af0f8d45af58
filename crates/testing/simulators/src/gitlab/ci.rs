//! CI: <https://docs.gitlab.com/api/commits/#list-commit-statuses>,
//! <https://docs.gitlab.com/api/pipelines/> and
//! <https://docs.gitlab.com/api/deployments/>.

use lodge_forge::{Check, CheckConclusion, Deployment, DeploymentState};
use serde_json::{Value, json};

use super::{
    paging,
    say::{self, Here, person, time},
};
use crate::Reply;

pub(super) async fn statuses(here: &Here<'_>, name: &str) -> Reply {
    let Some(sha) = here.repository.resolve(name).await else {
        return say::not_found("Commit");
    };
    let all = here.repository.checks(&sha);
    paging::offset(here.ask, all.iter().map(|it| status(here, it)).collect())
}

fn status(here: &Here<'_>, it: &Check) -> Value {
    json!({
        "id": it.id.parse::<u64>().unwrap_or_default(),
        "sha": it.sha,
        "ref": it.reference,
        "status": word(it.conclusion),
        "name": it.name,
        "target_url": it.url,
        "description": it.summary,
        "created_at": time(it.started_at),
        "started_at": time(it.started_at),
        "finished_at": time(it.completed_at),
        "allow_failure": false,
        "coverage": null,
        "pipeline_id": pipeline_id(here),
        "author": person(it.app.as_deref(), &here.ask.address),
    })
}

/// One pipeline for each commit, which is as far as its last job.
pub(super) async fn pipelines(here: &Here<'_>) -> Reply {
    let name = here.ask.query("sha").or(here.ask.query("ref")).unwrap_or_default();
    let Some(sha) = here.repository.resolve(name).await else {
        return paging::offset(here.ask, Vec::new());
    };
    let checks = here.repository.checks(&sha);
    let begun = checks.iter().filter_map(|it| it.started_at).min();
    let id = pipeline_id(here);
    let pipeline = json!({
        "id": id,
        "iid": 7,
        "project_id": here.repository.number,
        "sha": sha,
        "ref": here.repository.facts.default_branch,
        "status": pipeline_word(&checks),
        "source": "push",
        "created_at": time(begun),
        "updated_at": time(begun),
        "web_url": format!("{}/-/pipelines/{id}", here.page()),
        "name": null,
    });
    paging::offset(here.ask, vec![pipeline])
}

fn pipeline_id(here: &Here<'_>) -> u64 {
    here.repository.number * 1000 + 700
}

pub(super) fn pipeline_word(checks: &[Check]) -> &'static str {
    if checks.iter().any(|it| it.conclusion.is_none()) {
        return "running";
    }
    let failed = checks.iter().any(|it| it.conclusion == Some(CheckConclusion::Failure));
    if failed { "failed" } else { "success" }
}

pub(super) fn word(conclusion: Option<CheckConclusion>) -> &'static str {
    match conclusion {
        None => "running",
        Some(CheckConclusion::Success | CheckConclusion::Neutral) => "success",
        Some(CheckConclusion::Failure | CheckConclusion::TimedOut) => "failed",
        Some(CheckConclusion::Cancelled) => "canceled",
        Some(CheckConclusion::Skipped) => "skipped",
        Some(CheckConclusion::ActionRequired) => "manual",
    }
}

pub(super) async fn deployments(here: &Here<'_>) -> Reply {
    const STATUSES: [&str; 6] = ["created", "running", "success", "failed", "canceled", "blocked"];
    let status = here.ask.query("status");
    if status.is_some_and(|it| !STATUSES.contains(&it)) {
        return say::bad_request("status does not have a valid value");
    }
    let environment = here.ask.query("environment");
    let mut all = here.repository.deployments().await;
    all.retain(|it| status.is_none_or(|status| deployment_word(it.state) == status));
    all.retain(|it| environment.is_none_or(|name| it.environment == name));
    if here.ask.query("sort") != Some("desc") {
        all.reverse();
    }
    paging::offset(here.ask, all.iter().map(|it| deployment(here, it)).collect())
}

pub(super) fn deployment_word(state: DeploymentState) -> &'static str {
    match state {
        DeploymentState::Pending | DeploymentState::Queued => "created",
        DeploymentState::Running => "running",
        DeploymentState::Success | DeploymentState::Inactive => "success",
        DeploymentState::Failure => "failed",
        DeploymentState::Cancelled => "canceled",
        DeploymentState::Blocked => "blocked",
    }
}

fn deployment(here: &Here<'_>, it: &Deployment) -> Value {
    let id = it.id.parse::<u64>().unwrap_or_default();
    json!({
        "id": id,
        "iid": id % 1000,
        "ref": it.reference,
        "sha": it.sha,
        "created_at": time(it.created_at),
        "updated_at": time(it.updated_at),
        "status": deployment_word(it.state),
        "user": person(it.creator.as_deref(), &here.ask.address),
        "environment": {
            "id": 9,
            "name": it.environment,
            "slug": it.environment,
            "external_url": it.environment_url,
        },
        "deployable": {
            "id": 664,
            "name": "deploy",
            "stage": "deploy",
            "status": deployment_word(it.state),
            "ref": it.reference,
            "tag": true,
            "coverage": null,
            "created_at": time(it.created_at),
            "started_at": time(it.created_at),
            "finished_at": time(it.finished_at),
            "web_url": format!("{}/-/jobs/664", here.page()),
            "commit": null,
            "pipeline": null,
            "runner": null,
        },
    })
}
