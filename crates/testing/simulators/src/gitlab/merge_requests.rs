//! Merge requests: <https://docs.gitlab.com/api/merge_requests/>.

use lodge_forge::{PullRequest, PullRequestState};
use lodge_kernel::Timestamp;
use serde_json::{Value, json};

use super::{
    paging,
    say::{self, Here, person, time},
};
use crate::Reply;

pub(super) async fn list(here: &Here<'_>) -> Reply {
    let mut all = here.repository.pull_requests().await;
    let state = here.ask.query("state").unwrap_or("all");
    all.retain(|it| state == "all" || word(it.state) == state);
    let after = since(here);
    all.retain(|it| after.is_none_or(|after| it.updated_at >= Some(after)));
    all.sort_by_key(|it| (it.created_at, it.number));
    if here.ask.query("sort") != Some("asc") {
        all.reverse();
    }
    paging::offset(here.ask, all.iter().map(|it| body(here, it)).collect())
}

pub(super) async fn one(here: &Here<'_>, iid: &str) -> Reply {
    let all = here.repository.pull_requests().await;
    let Some(found) = all.iter().find(|it| it.number.to_string() == iid) else {
        return Reply::json(404, &json!({"message": "404 Not found"}));
    };
    let mut body = body(here, found);
    let diff = here.repository.pull_request_diff(found.number).await;
    if let (Some(fields), Some(diff)) = (body.as_object_mut(), diff) {
        let refs = json!({
            "base_sha": diff.base_sha,
            "head_sha": diff.head_sha,
            "start_sha": found.target.sha,
        });
        fields.insert("diff_refs".to_owned(), refs);
        fields.insert("changes_count".to_owned(), diff.files.len().to_string().into());
        fields.insert("subscribed".to_owned(), false.into());
        fields.insert("head_pipeline".to_owned(), Value::Null);
    }
    say::ok(here.ask, &body)
}

/// What changed at this instant or later is asked for.
pub(super) fn since(here: &Here<'_>) -> Option<Timestamp> {
    here.ask.query("updated_after").and_then(|it| Timestamp::parse(it).ok())
}

/// Who approves: the reviewer, of what was taken in.
pub(super) async fn approvals(here: &Here<'_>, iid: &str) -> Reply {
    let all = here.repository.pull_requests().await;
    let Some(found) = all.iter().find(|it| it.number.to_string() == iid) else {
        return Reply::json(404, &json!({"message": "404 Not found"}));
    };
    let taken = found.state == PullRequestState::Merged;
    let reviewers = found.reviewers.iter().filter(|_| taken).map(|it| {
        let user = person(Some(it), &here.ask.address);
        json!({"user": user, "approved_at": time(found.merged_at)})
    });
    let body = json!({
        "user_has_approved": false,
        "user_can_approve": false,
        "approved": taken,
        "approved_by": reviewers.collect::<Value>(),
    });
    say::ok(here.ask, &body)
}

pub(super) fn word(state: PullRequestState) -> &'static str {
    match state {
        PullRequestState::Open => "opened",
        PullRequestState::Merged => "merged",
        PullRequestState::Closed => "closed",
    }
}

fn body(here: &Here<'_>, it: &PullRequest) -> Value {
    let address = &here.ask.address;
    let closed = it.closed_at.filter(|_| it.state == PullRequestState::Closed);
    let merger = it.author.as_deref().filter(|_| it.state == PullRequestState::Merged);
    let project = here.repository.number;
    json!({
        "id": it.id.parse::<u64>().unwrap_or_default(),
        "iid": it.number,
        "project_id": project,
        "title": it.title,
        "description": it.body,
        "state": word(it.state),
        "created_at": time(it.created_at),
        "updated_at": time(it.updated_at),
        "merged_by": null,
        "merge_user": person(merger, address),
        "merged_at": time(it.merged_at),
        "closed_by": null,
        "closed_at": time(closed),
        "target_branch": it.target.branch,
        "source_branch": it.source.branch,
        "user_notes_count": it.comments_count,
        "upvotes": 0,
        "downvotes": 0,
        "author": person(it.author.as_deref(), address),
        "assignees": [],
        "assignee": null,
        "reviewers": it.reviewers.iter().map(|it| person(Some(it), address)).collect::<Value>(),
        "source_project_id": project,
        "target_project_id": project,
        "labels": it.labels,
        "draft": it.draft,
        "imported": false,
        "work_in_progress": it.draft,
        "milestone": null,
        "merge_when_pipeline_succeeds": false,
        "merge_status": "can_be_merged",
        "detailed_merge_status": "mergeable",
        "sha": it.source.sha,
        "merge_commit_sha": it.merge_commit_sha,
        "squash_commit_sha": null,
        "discussion_locked": null,
        "should_remove_source_branch": null,
        "force_remove_source_branch": true,
        "reference": format!("!{}", it.number),
        "references": {
            "short": format!("!{}", it.number),
            "relative": format!("!{}", it.number),
            "full": format!("{}!{}", here.repository.full_name(), it.number),
        },
        "web_url": format!("{}/-/merge_requests/{}", here.page(), it.number),
        "time_stats": {"time_estimate": 0, "total_time_spent": 0},
        "squash": false,
        "task_completion_status": {"count": 0, "completed_count": 0},
        "has_conflicts": false,
        "blocking_discussions_resolved": true,
    })
}
