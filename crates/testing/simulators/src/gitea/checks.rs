//! Commit statuses and runs of workflows, the newest first.

use lodge_forge::{Check, CheckConclusion, CheckKind};
use serde_json::{Value, json};

use super::{bodies, error, repository::Question};
use crate::Reply;

fn word(check: &Check) -> &'static str {
    match check.conclusion {
        Some(CheckConclusion::Success) => "success",
        Some(CheckConclusion::Failure) => "failure",
        Some(_) => "warning",
        None => "pending",
    }
}

pub(super) async fn statuses(question: &Question<'_>, reference: &str) -> Reply {
    let Some(sha) = question.repository.resolve(reference).await else {
        return error(question.ask, 404, &format!("object does not exist [id: {reference}]"));
    };
    let all = question.repository.checks(&sha);
    let all = all.iter().rev().filter(|it| it.kind == CheckKind::Status);
    question.pages.linked(all.map(|it| status(question, it)))
}

fn status(question: &Question<'_>, check: &Check) -> Value {
    let &Question { ask, world, name, .. } = question;
    json!({
        "id": check.id.parse::<u64>().unwrap_or_default(),
        "status": word(check),
        "target_url": check.url.as_deref().unwrap_or_default(),
        "description": check.summary.as_deref().unwrap_or_default(),
        "url": format!("{}/api/v1/repos/{name}/statuses/{}", ask.address, check.sha),
        "context": check.name,
        "creator": bodies::user(ask, world.user()),
        "created_at": bodies::time(check.started_at),
        "updated_at": bodies::time(check.completed_at.or(check.started_at)),
    })
}

pub(super) fn runs(question: &Question<'_>) -> Reply {
    // Without the filter there would be those of every commit; nobody asks.
    let sha = question.ask.query("head_sha").unwrap_or_default();
    let all = question.repository.checks(sha);
    let all = all.iter().rev().filter(|it| it.kind == CheckKind::CheckRun);
    question.pages.wrapped("workflow_runs", all.map(|it| run(question, it)))
}

pub(super) fn run(question: &Question<'_>, check: &Check) -> Value {
    let &Question { ask, world, repository, name, .. } = question;
    let id = check.id.parse::<u64>().unwrap_or_default();
    let mut body = json!({
        "id": id,
        "url": format!("{}/api/v1/repos/{name}/actions/runs/{id}", ask.address),
        "html_url": check.url,
        "display_title": check.summary,
        "path": format!("{}.yml@refs/heads/main", check.name),
        "event": "push",
        "run_attempt": 1,
        "run_number": id,
        "repository_id": repository.number,
        "head_sha": check.sha,
        "head_branch": "main",
        "status": if check.conclusion.is_some() { "completed" } else { "in_progress" },
        "actor": bodies::user(ask, world.user()),
        "trigger_actor": bodies::user(ask, world.user()),
        "repository": bodies::repository(ask, world, repository, name),
        "started_at": bodies::time(check.started_at),
        // Unix's zero where Go's would be elsewhere.
        "completed_at": check.completed_at
            .map_or_else(|| "1970-01-01T00:00:00Z".to_owned(), |at| bodies::time(Some(at))),
    });
    // It is left out until there is one.
    if let (Some(_), Some(fields)) = (check.conclusion, body.as_object_mut()) {
        fields.insert("conclusion".to_owned(), word(check).into());
    }
    body
}
