//! Webhook deliveries:
//! <https://docs.gitlab.com/user/project/integrations/webhook_events/>.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use lodge_forge::{FileStatus, PullRequestState};
use lodge_kernel::Timestamp;
use lodge_provider::Delivery;
use serde_json::{Value, json};
use sha2::Sha256;

use super::{
    ci,
    hooks::key,
    merge_requests,
    say::{hook_time, page},
};
use crate::{World, WorldRepository};

const ADDRESS: &str = "https://gitlab.example.com";
const NOTHING: &str = "0000000000000000000000000000000000000000";
/// How many commits a push tells.
const TOLD: usize = 20;

/// What a webhook proves its deliveries with.
#[derive(Clone, Debug, Default)]
pub struct GitLabProof {
    /// The secret token, which is sent as it is.
    pub token: Option<String>,
    /// The signing token: `whsec_` and 32 bytes in base64.
    pub signing_token: Option<String>,
}

/// What `repository` delivers at `at` when `event` happens: `push`,
/// `tag_push`, `merge_request.open` (or `update`, `merge`, `close`),
/// `pipeline`, `build`, `release.create` (or `update`), `deployment`, and
/// `note` for anything else.
pub async fn gitlab_delivery(
    world: &World,
    repository: &WorldRepository,
    event: &str,
    proof: &GitLabProof,
    at: Timestamp,
) -> Delivery {
    let (kind, action) = event.split_once('.').unwrap_or((event, ""));
    let (name, mut body) = match kind {
        "push" => ("Push Hook", push(repository).await),
        "tag_push" => ("Tag Push Hook", tag_push(repository).await),
        "merge_request" => ("Merge Request Hook", merge_request(repository, action, at).await),
        "pipeline" => ("Pipeline Hook", pipeline(repository).await),
        "build" => ("Job Hook", build(repository).await),
        "release" => ("Release Hook", release(repository, action).await),
        "deployment" => ("Deployment Hook", deployment(repository).await),
        _ => ("Note Hook", json!({"object_attributes": {"note": "Well done."}})),
    };
    if let Some(fields) = body.as_object_mut() {
        fields.insert("object_kind".to_owned(), kind.into());
        fields.insert("project_id".to_owned(), repository.number.into());
        fields.insert("project".to_owned(), project(repository));
        let user = world.user();
        if ["push", "tag_push"].contains(&kind) {
            fields.insert("event_name".to_owned(), kind.into());
            fields.insert("user_id".to_owned(), user.id.into());
            fields.insert("user_name".to_owned(), user.name.clone().into());
            fields.insert("user_username".to_owned(), user.login.clone().into());
            fields.insert("user_email".to_owned(), "".into());
        } else if kind != "release" {
            let person = json!({
                "id": user.id,
                "name": user.name,
                "username": user.login,
                "avatar_url": null,
                "email": "[REDACTED]",
            });
            fields.insert("user".to_owned(), person);
        }
    }
    proved(name, body.to_string().into_bytes(), proof, at)
}

fn proved(name: &str, body: Vec<u8>, proof: &GitLabProof, at: Timestamp) -> Delivery {
    let id = "f5e5f430-f57b-4e6e-9fac-d9128cd7232f";
    let seconds = at.as_seconds().to_string();
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mut headers = vec![
        header("content-type", "application/json"),
        header("user-agent", "GitLab/18.4.0"),
        header("idempotency-key", id),
        header("x-gitlab-event", name),
        header("x-gitlab-event-uuid", "13792a34-cac6-4fda-95a8-c58e00a3954e"),
        header("x-gitlab-webhook-uuid", "6803afe4-f4a4-4a0f-93ab-d9c9c7b1b2b1"),
        header("x-gitlab-instance", ADDRESS),
    ];
    if let Some(token) = &proof.token {
        headers.push(header("x-gitlab-token", token));
    }
    let key = proof.signing_token.as_deref().and_then(key);
    if let Some(Ok(mut mac)) = key.map(|it| Hmac::<Sha256>::new_from_slice(&it)) {
        for part in [id.as_bytes(), b".", seconds.as_bytes(), b".", &body] {
            mac.update(part);
        }
        let signature = STANDARD.encode(mac.finalize().into_bytes());
        headers.push(header("webhook-id", id));
        headers.push(header("webhook-timestamp", &seconds));
        headers.push(header("webhook-signature", &format!("v1,{signature}")));
    }
    Delivery { headers, body, received_at: at }
}

fn project(repository: &WorldRepository) -> Value {
    let page = page(ADDRESS, repository);
    json!({
        "id": repository.number,
        "name": repository.name(),
        "description": null,
        "web_url": page,
        "avatar_url": null,
        "git_ssh_url": format!("git@gitlab.example.com:{}.git", repository.full_name()),
        "git_http_url": format!("{page}.git"),
        "namespace": repository.namespace(),
        "visibility_level": 0,
        "path_with_namespace": repository.full_name(),
        "default_branch": repository.facts.default_branch,
        "ci_config_path": null,
    })
}

/// Everything, pushed for the first time.
async fn push(repository: &WorldRepository) -> Value {
    let head = repository.head().await.unwrap_or_default();
    let history = repository.history(&head);
    let mut commits = Vec::new();
    for commit in history.iter().take(TOLD) {
        let diff = repository.diff(&commit.sha).await;
        let files = diff.map(|it| it.files).unwrap_or_default();
        let paths = |status: &[FileStatus]| -> Vec<String> {
            let some = files.iter().filter(|it| status.contains(&it.status));
            some.map(|it| it.path.clone()).collect()
        };
        let author = commit.author.as_ref();
        commits.push(json!({
            "id": commit.sha,
            "message": commit.message,
            "title": commit.title,
            "timestamp": author.and_then(|it| it.date).map(|it| it.to_string()),
            "url": format!("{}/-/commit/{}", page(ADDRESS, repository), commit.sha),
            "author": {
                "name": author.and_then(|it| it.name.as_ref()),
                "email": author.and_then(|it| it.email.as_ref()),
            },
            "added": paths(&[FileStatus::Added]),
            "modified": paths(&[FileStatus::Modified, FileStatus::Renamed]),
            "removed": paths(&[FileStatus::Removed]),
        }));
    }
    commits.reverse();
    let branch = repository.facts.default_branch.as_deref().unwrap_or_default();
    json!({
        "before": NOTHING,
        "after": head,
        "ref": format!("refs/heads/{branch}"),
        "ref_protected": true,
        "checkout_sha": head,
        "message": null,
        "commits": commits,
        "total_commits_count": history.len(),
        "push_options": {},
    })
}

/// The newest annotated tag comes.
async fn tag_push(repository: &WorldRepository) -> Value {
    let tags = repository.tags().await;
    let tag = tags.iter().rfind(|it| it.tag_object_sha.is_some());
    json!({
        "before": NOTHING,
        "after": tag.and_then(|it| it.tag_object_sha.as_ref()),
        "ref": tag.map(|it| format!("refs/tags/{}", it.name)),
        "ref_protected": false,
        "checkout_sha": tag.map(|it| &it.sha),
        "message": tag.and_then(|it| it.message.as_ref()),
        "commits": [],
        "total_commits_count": 0,
        "push_options": {},
    })
}

async fn merge_request(repository: &WorldRepository, action: &str, at: Timestamp) -> Value {
    let state = match action {
        "merge" => PullRequestState::Merged,
        "close" => PullRequestState::Closed,
        _ => PullRequestState::Open,
    };
    let all = repository.pull_requests().await;
    let Some(it) = all.iter().find(|it| it.state == state).or(all.first()) else {
        return json!({});
    };
    let head = it.source.sha.as_deref().and_then(|it| repository.commit(it));
    let label = |title: &String| json!({"id": 206, "title": title, "color": "#ffffff"});
    let labels: Vec<Value> = it.labels.iter().map(label).collect();
    let reviewer = |it: &String| json!({"id": 6, "name": it, "username": it, "avatar_url": null});
    json!({
        "event_type": "merge_request",
        "object_attributes": {
            "id": it.id.parse::<u64>().unwrap_or_default(),
            "iid": it.number,
            "action": action,
            "title": it.title,
            "description": it.body,
            "state": merge_requests::word(state),
            "state_id": 1,
            "draft": it.draft,
            "work_in_progress": it.draft,
            "author_id": 4242,
            "source_branch": it.source.branch,
            "target_branch": it.target.branch,
            "source_project_id": repository.number,
            "target_project_id": repository.number,
            "source": project(repository),
            "target": project(repository),
            "last_commit": head.map(|it| json!({"id": it.sha, "message": it.message})),
            "created_at": hook_time(it.created_at),
            "updated_at": hook_time(Some(at)),
            "merge_commit_sha":
                it.merge_commit_sha.as_ref().filter(|_| state == PullRequestState::Merged),
            "merge_status": "can_be_merged",
            "detailed_merge_status": "mergeable",
            "url": format!("{}/-/merge_requests/{}", page(ADDRESS, repository), it.number),
            "labels": labels,
        },
        "labels": labels,
        "changes": {},
        "reviewers": it.reviewers.iter().map(reviewer).collect::<Value>(),
    })
}

async fn pipeline(repository: &WorldRepository) -> Value {
    let head = repository.head().await.unwrap_or_default();
    let checks = repository.checks(&head);
    let id = repository.number * 1000 + 700;
    json!({
        "object_attributes": {
            "id": id,
            "iid": 7,
            "name": null,
            "ref": repository.facts.default_branch,
            "tag": false,
            "sha": head,
            "before_sha": NOTHING,
            "source": "push",
            "status": ci::pipeline_word(&checks),
            "detailed_status": ci::pipeline_word(&checks),
            "stages": ["test"],
            "created_at": hook_time(checks.iter().filter_map(|it| it.started_at).min()),
            "finished_at": null,
            "duration": null,
            "variables": [{"key": "DEPLOY_TO", "value": "eu"}],
            "url": format!("{}/-/pipelines/{id}", page(ADDRESS, repository)),
        },
        "merge_request": null,
        "builds": [],
    })
}

async fn build(repository: &WorldRepository) -> Value {
    let head = repository.head().await.unwrap_or_default();
    let checks = repository.checks(&head);
    let Some(it) = checks.first() else { return json!({}) };
    json!({
        "ref": repository.facts.default_branch,
        "tag": false,
        "before_sha": NOTHING,
        "sha": it.sha,
        "build_id": it.id.parse::<u64>().unwrap_or_default(),
        "build_name": it.name,
        "build_stage": "test",
        "build_status": ci::word(it.conclusion),
        "build_created_at": hook_time(it.started_at),
        "build_started_at": hook_time(it.started_at),
        "build_finished_at": hook_time(it.completed_at),
        "build_duration": 60.0,
        "build_allow_failure": false,
        "build_failure_reason": "unknown_failure",
        "pipeline_id": repository.number * 1000 + 700,
        "project_name": repository.full_name(),
        "runner": null,
        "environment": null,
    })
}

async fn release(repository: &WorldRepository, action: &str) -> Value {
    let all = repository.releases().await;
    let Some(it) = all.first() else { return json!({}) };
    json!({
        "id": 1,
        "action": action,
        "tag": it.tag,
        "name": it.name,
        "description": it.body,
        "created_at": hook_time(it.created_at),
        "released_at": hook_time(it.published_at),
        "url": format!("{}/-/releases/{}", page(ADDRESS, repository), it.tag),
        "assets": {"count": 4, "links": [], "sources": []},
        "commit": {"id": it.target_commitish},
    })
}

async fn deployment(repository: &WorldRepository) -> Value {
    let all = repository.deployments().await;
    let Some(it) = all.first() else { return json!({}) };
    let sha = it.sha.as_deref().unwrap_or_default();
    json!({
        "status": ci::deployment_word(it.state),
        // With the instance's own offset.
        "status_changed_at": "2026-11-22 10:30:00 +0100",
        "deployment_id": it.id.parse::<u64>().unwrap_or_default(),
        "deployable_id": 664,
        "deployable_url": format!("{}/-/jobs/664", page(ADDRESS, repository)),
        "environment": it.environment,
        "environment_tier": "production",
        "environment_slug": it.environment,
        "environment_external_url": it.environment_url,
        "short_sha": sha.get(..8),
        "user_url": format!("{ADDRESS}/ada"),
        "commit_url": format!("{}/-/commit/{sha}", page(ADDRESS, repository)),
        "commit_title": "Move the guide",
        "ref": it.reference,
    })
}
