//! What deliveries say of each event.

use lodge_forge::{FileStatus, PullRequestState};
use lodge_kernel::Timestamp;
use serde_json::{Value, json};

use super::{ADDRESS, project};
use crate::{
    WorldRepository,
    gitlab::{
        ci, merge_requests,
        say::{hook_time, page},
    },
    person_id,
};

const NOTHING: &str = "0000000000000000000000000000000000000000";
/// How many commits a push tells.
const TOLD: usize = 20;

/// Everything, pushed for the first time.
pub(super) async fn push(repository: &WorldRepository) -> Value {
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
pub(super) async fn tag_push(repository: &WorldRepository) -> Value {
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

pub(super) async fn merge_request(
    repository: &WorldRepository,
    action: &str,
    at: Timestamp,
) -> Value {
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
    let reviewer =
        |it: &String| json!({"id": person_id(it), "name": it, "username": it, "avatar_url": null});
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
            "merge_user_id": (state == PullRequestState::Merged).then_some(4242),
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

pub(super) async fn pipeline(repository: &WorldRepository) -> Value {
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

pub(super) async fn build(repository: &WorldRepository) -> Value {
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

/// The first issue changes.
pub(super) async fn issue(repository: &WorldRepository) -> Value {
    let all = repository.issues().await;
    let Some(it) = all.first() else { return json!({}) };
    let label = |title: &str| json!({"id": 206, "title": title, "color": "#ffffff"});
    let who = json!({"id": person_id(&it.login), "username": it.login, "name": it.login});
    json!({
        "event_type": "issue",
        "object_attributes": {
            "id": repository.number * 1000 + it.number,
            "iid": it.number,
            "action": "update",
            "title": it.title,
            "description": "As we said on Monday.",
            "state": if it.closed_at.is_some() { "closed" } else { "opened" },
            "author_id": person_id(&it.login),
            "created_at": hook_time(Some(it.created_at)),
            "updated_at": hook_time(Some(it.closed_at.unwrap_or(it.created_at))),
            "closed_at": hook_time(it.closed_at),
            "due_date": "2026-12-01",
            "type": "Issue",
            "url": format!("{}/-/issues/{}", page(ADDRESS, repository), it.number),
        },
        "labels": [label("task"), label("course")],
        "assignees": [who],
        "changes": {},
    })
}

/// The first remark on the first merge request, or on the issue of its number.
pub(super) async fn note(repository: &WorldRepository, on: &str) -> Value {
    let notes = repository.notes(1).await.unwrap_or_default();
    let Some(it) = notes.first() else { return json!({}) };
    let on_issue = on == "issue";
    let (id, noteable) = if on_issue { (it.id + 5, "Issue") } else { (it.id, "MergeRequest") };
    let path = json!({"new_path": "README.md", "old_path": "README.md"});
    let resolved = it.resolved == Some(true) && !on_issue;
    json!({
        "event_type": "note",
        "object_attributes": {
            "id": id,
            "note": it.body,
            "noteable_type": noteable,
            "type": (!on_issue).then_some("DiffNote"),
            "author_id": person_id(&it.login),
            "created_at": hook_time(Some(it.at)),
            "updated_at": hook_time(Some(it.at)),
            "resolved_at": hook_time(resolved.then_some(it.at)),
            "commit_id": null,
            "discussion_id": it.thread,
            "system": false,
            "position": (!on_issue).then_some(path),
            "action": "create",
            "url": format!("{}#note_{id}", page(ADDRESS, repository)),
        },
        (if on_issue { "issue" } else { "merge_request" }): {"id": 900, "iid": 1},
    })
}

pub(super) async fn release(repository: &WorldRepository, action: &str) -> Value {
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

pub(super) async fn deployment(repository: &WorldRepository) -> Value {
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
