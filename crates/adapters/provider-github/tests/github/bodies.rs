//! Deliveries as GitHub sends them, of one small repository on one day.
#![expect(clippy::indexing_slicing, reason = "bodies of tests are made here")]

use lodge_kernel::Timestamp;
use lodge_testkit::deliveries::at;
use serde_json::{Value, json};

pub(crate) const SHA: &str = "5f2b8a1c0d9e7f6a4b3c2d1e0f9a8b7c6d5e4f30";
pub(crate) const PAGE: &str = "https://github.example.org/team/library";

/// On the day of all these tests.
pub(crate) fn time(hour_and_minute: &str) -> Timestamp {
    at(&day(hour_and_minute))
}

pub(crate) fn day(hour_and_minute: &str) -> String {
    format!("2026-11-20T{hour_and_minute}:00Z")
}

pub(crate) fn user(id: u64, login: &str) -> Value {
    let kind = if login.ends_with("[bot]") { "Bot" } else { "User" };
    json!({ "id": id, "login": login, "type": kind, "site_admin": false })
}

/// `body` with where it happened, and whose doing it was.
pub(crate) fn done_by(login: &str, mut body: Value) -> Value {
    body["repository"] = json!({
        "id": 1, "name": "library", "full_name": "team/library", "owner": user(9, "team"),
        "updated_at": day("09:00"), "pushed_at": day("09:30"),
    });
    body["sender"] = user(2, login);
    body
}

pub(crate) fn push() -> Value {
    let mut body = done_by(
        "ada",
        json!({
            "ref": "refs/heads/main", "before": "0".repeat(40), "after": SHA, "forced": true,
            "commits": [
                {
                    "id": SHA, "message": "Begin", "timestamp": "2026-11-20T10:00:00+01:00",
                    "author": {
                        "name": "Ada", "email": "17+ada@users.noreply.github.com",
                        "username": "ada",
                    },
                    "added": ["a.txt"], "modified": [], "removed": [],
                },
                {
                    "id": "1".repeat(40), "message": "Go on",
                    "timestamp": "2026-11-20T11:00:00+01:00",
                    "author": { "name": "Bo", "email": "bo@example.org" },
                },
                { "id": "2".repeat(40), "message": "Nobody says when", "author": { "name": "Bo" } },
            ],
        }),
    );
    body["repository"]["pushed_at"] = json!(time("09:30").as_seconds());
    body
}

pub(crate) fn tag(after: &str) -> Value {
    done_by("ada", json!({ "ref": "refs/tags/v1", "before": "0".repeat(40), "after": after }))
}

pub(crate) fn pull_request(action: &str, state: &str, merged: bool, updated_at: &str) -> Value {
    done_by(
        "bo",
        json!({
            "action": action,
            "number": 3,
            "pull_request": {
                "id": 30, "number": 3, "title": "Count", "body": "It counts.", "state": state,
                "merged": merged, "draft": true, "user": user(1, "ada"),
                "head": { "ref": "count", "sha": SHA, "repo": { "id": 1 } },
                "base": { "ref": "main", "sha": "1".repeat(40), "repo": { "id": 1 } },
                "labels": [{ "name": "b" }, { "name": "a" }],
                "assignees": [user(2, "bo"), user(1, "ada")],
                "requested_reviewers": [user(2, "bo")],
                "merged_by": merged.then(|| user(3, "cy")),
                "merge_commit_sha": "3".repeat(40),
                "merged_at": merged.then_some(day(updated_at)),
                "closed_at": (state == "closed").then_some(day(updated_at)),
                "created_at": day("10:00"), "updated_at": day(updated_at),
                "html_url": format!("{PAGE}/pull/3"),
            },
        }),
    )
}

/// The review `id`, which was given at `given_at`.
pub(crate) fn review(
    action: &str,
    state: &str,
    (id, given_at): (u64, &str),
    text: Option<&str>,
) -> Value {
    done_by(
        "cy",
        json!({
            "action": action,
            "review": {
                "id": id, "user": user(2, "bo"), "body": text, "state": state, "commit_id": SHA,
                "submitted_at": day(given_at),
            },
            "pull_request": { "number": 3, "state": "open", "updated_at": day("18:00") },
        }),
    )
}

pub(crate) fn issue(action: &str, state: &str) -> Value {
    done_by(
        "ada",
        json!({
            "action": action,
            "issue": {
                "id": 40, "number": 4, "title": "It does not count", "body": "", "state": state,
                "user": user(1, "ada"), "labels": [{ "name": "bug" }], "assignees": [user(2, "bo")],
                "created_at": day("10:00"), "updated_at": day("12:00"),
                "closed_at": (state == "closed").then_some(day("12:00")),
                "html_url": format!("{PAGE}/issues/4"),
            },
        }),
    )
}

fn remark() -> Value {
    json!({
        "id": 9, "body": "Why?", "user": user(2, "bo"),
        "created_at": day("11:00"), "updated_at": day("11:30"),
    })
}

pub(crate) fn comment(action: &str, is_pull: bool) -> Value {
    let mut body = issue(action, "open");
    body["comment"] = remark();
    if is_pull {
        body["issue"]["pull_request"] = json!({ "html_url": format!("{PAGE}/pull/4") });
    }
    body
}

pub(crate) fn comment_on_lines(reply_to: Option<u64>) -> Value {
    let mut body = json!({ "action": "created", "comment": remark() });
    body["comment"]["path"] = json!("src/count.rs");
    body["comment"]["commit_id"] = json!(SHA);
    body["comment"]["in_reply_to_id"] = json!(reply_to);
    body["pull_request"] = json!({ "number": 3, "state": "open" });
    done_by("bo", body)
}

pub(crate) fn comment_on_commit() -> Value {
    let mut body = json!({ "action": "created", "comment": remark() });
    body["comment"]["path"] = json!(null);
    body["comment"]["commit_id"] = json!(SHA);
    done_by("bo", body)
}

/// What changed at `updated_at` in the attempt that began at `started_at`.
pub(crate) fn run(
    status: &str,
    conclusion: Option<&str>,
    started_at: &str,
    updated_at: &str,
) -> Value {
    let attempt = if started_at == "10:00" { 1 } else { 2 };
    done_by(
        "ada",
        json!({
            "action": if status == "queued" { "requested" } else { status },
            "workflow_run": {
                "id": 7, "name": "Tests", "run_number": 5, "run_attempt": attempt,
                "status": status, "conclusion": conclusion, "head_sha": SHA, "head_branch": "main",
                "head_repository": { "id": 1, "owner": user(9, "team") },
                "actor": user(1, "ada"),
                "triggering_actor": if attempt == 1 { user(1, "ada") } else { user(2, "bo") },
                "created_at": day("10:00"), "run_started_at": day(started_at),
                "updated_at": day(updated_at), "html_url": format!("{PAGE}/actions/runs/7"),
            },
        }),
    )
}

pub(crate) fn release() -> Value {
    done_by(
        "ada",
        json!({
            "action": "published",
            "release": {
                "id": 5, "tag_name": "v1", "name": "The first", "author": user(1, "ada"),
                "created_at": day("10:00"), "published_at": day("13:00"),
            },
        }),
    )
}

/// One delivery of each kind, and some that follow each other.
pub(crate) fn all() -> Vec<(&'static str, Value)> {
    vec![
        ("push", push()),
        ("pull_request", pull_request("opened", "open", false, "10:00")),
        ("pull_request_review", review("submitted", "commented", (19, "10:20"), Some("Hm."))),
        ("pull_request_review", review("submitted", "changes_requested", (20, "10:30"), None)),
        ("pull_request_review", review("submitted", "approved", (21, "11:00"), Some("Good."))),
        ("pull_request_review", review("edited", "approved", (21, "11:00"), Some("Fine."))),
        ("pull_request_review", review("dismissed", "dismissed", (20, "10:30"), None)),
        ("pull_request_review_comment", comment_on_lines(Some(8))),
        ("pull_request", pull_request("closed", "closed", true, "12:00")),
        ("pull_request", pull_request("labeled", "closed", true, "13:00")),
        ("issues", issue("opened", "open")),
        ("issues", issue("closed", "closed")),
        ("issue_comment", comment("created", false)),
        ("commit_comment", comment_on_commit()),
        ("workflow_run", run("queued", None, "10:00", "10:00")),
        ("workflow_run", run("in_progress", None, "10:00", "10:01")),
        ("workflow_run", run("completed", Some("failure"), "10:00", "10:05")),
        ("workflow_run", run("completed", Some("success"), "11:00", "11:04")),
        ("push", tag(SHA)),
        ("release", release()),
    ]
}
