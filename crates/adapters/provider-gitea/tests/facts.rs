//! What deliveries tell courses.
#![expect(clippy::indexing_slicing, reason = "a test that cannot go on says so by panicking")]

use lodge_activity::{
    Actor, Approval, CiStatus, Commit, Fact, FactKind, Issue, IssueState, MergeRequest,
    MergeRequestState, Milestone, MilestoneKind, Note, Pipeline, Subject,
};
use lodge_provider_gitea::SCHEME;
use lodge_testkit::{
    builders::NOW,
    deliveries::{at, facts_told, is_wary, kept_in_any_order, kinds, named},
};
use serde_json::{Value, json};

const SHA: &str = "67b56589a45103f891bdee7c0546e5d40bc02001";

/// Says of what event a delivery is.
const EVENT: &str = "x-gitea-event";

fn facts(event: &str, body: &Value) -> Vec<Fact<Actor>> {
    facts_told(SCHEME, &[(EVENT, event)], body)
}

fn user(id: i64, login: &str) -> Value {
    json!({ "id": id, "login": login, "full_name": "", "email": format!("{login}@example.org") })
}

/// `body` with where it happened, and whose doing it was.
fn done_by(login: &str, mut body: Value) -> Value {
    body["repository"] = json!({ "id": 1, "full_name": "team/library" });
    body["sender"] = user(2, login);
    body
}

fn push() -> Value {
    done_by(
        "ada",
        json!({
            "ref": "refs/heads/main",
            "before": "0".repeat(40),
            "after": SHA,
            "commits": [
                {
                    "id": SHA,
                    "message": "Begin\n",
                    "author": { "name": "Ada", "email": "ada@example.org", "username": "ada" },
                    "timestamp": "2026-11-20T10:00:00+01:00",
                    "added": ["a.txt"], "modified": [], "removed": [],
                },
                {
                    "id": "1".repeat(40),
                    "message": "Go on",
                    "author": { "name": "Bo", "email": "bo@example.org", "username": "" },
                    "timestamp": "2026-11-20T11:00:00+01:00",
                },
                { "id": "2".repeat(40), "message": "Nobody says when", "author": { "name": "Bo" } },
            ],
            "total_commits": 3,
        }),
    )
}

/// A review of the pull request, which says what is called `kind`.
fn review(kind: &str, updated_at: &str) -> Value {
    let mut body = pull_request("reviewed", "open", false, updated_at);
    body["review"] = json!({ "type": kind, "content": "Good." });
    body
}

fn pull_request(action: &str, state: &str, merged: bool, updated_at: &str) -> Value {
    done_by(
        "bo",
        json!({
            "action": action,
            "number": 3,
            "pull_request": {
                "id": 30, "number": 3, "title": "Count", "body": "It counts.", "state": state,
                "merged": merged, "draft": false, "user": user(1, "ada"),
                "head": { "ref": "count", "sha": SHA, "repo_id": 1 },
                "base": { "ref": "main", "sha": "1".repeat(40), "repo_id": 1 },
                "labels": [{ "name": "b" }, { "name": "a" }],
                "requested_reviewers": [user(2, "bo")],
                "merged_at": merged.then_some(updated_at),
                "closed_at": (state == "closed").then_some(updated_at),
                "created_at": "2026-11-20T10:00:00Z", "updated_at": updated_at,
                "html_url": "https://git.example.org/team/library/pulls/3",
            },
            "review": null,
        }),
    )
}

fn issue(action: &str, state: &str) -> Value {
    done_by(
        "ada",
        json!({
            "action": action,
            "number": 4,
            "issue": {
                "id": 40, "number": 4, "title": "It does not count", "body": "", "state": state,
                "user": user(1, "ada"), "labels": [{ "name": "bug" }], "assignees": [user(2, "bo")],
                "created_at": "2026-11-20T10:00:00Z", "updated_at": "2026-11-20T12:00:00Z",
                "closed_at": (state == "closed").then_some("2026-11-20T12:00:00Z"),
                "due_date": "2026-11-30T23:59:59Z", "pull_request": null,
                "html_url": "https://git.example.org/team/library/issues/4",
            },
        }),
    )
}

fn comment(action: &str, is_pull: bool) -> Value {
    let mut body = issue(action, "open");
    body["is_pull"] = json!(is_pull);
    body["comment"] = json!({
        "id": 9, "body": "Why?", "user": user(2, "bo"),
        "created_at": "2026-11-20T11:00:00Z", "updated_at": "2026-11-20T11:30:00Z",
    });
    body
}

fn status(id: u64, state: &str, minute: u8) -> Value {
    let written = format!("2026-11-20T10:{minute:02}:00Z");
    done_by(
        "ada",
        json!({
            "id": id, "sha": SHA, "context": "ci/test", "state": state, "description": "Tests",
            "target_url": "https://ci.example.org/7", "created_at": written, "updated_at": written,
        }),
    )
}

fn workflow_run(status: &str, conclusion: Option<&str>) -> Value {
    let done = conclusion.map(|_| "2026-11-20T10:05:00Z");
    done_by(
        "ada",
        json!({
            "action": status,
            "workflow_run": {
                "id": 7, "status": status, "conclusion": conclusion, "head_sha": SHA,
                "head_branch": "main", "path": "test.yml@refs/heads/main",
                "html_url": "https://git.example.org/team/library/actions/runs/7",
                "started_at": "2026-11-20T10:00:00Z", "completed_at": done,
            },
        }),
    )
}

fn tag(event: &str) -> Value {
    let sha = (event == "create").then_some(SHA);
    done_by("ada", json!({ "ref": "v1", "ref_type": "tag", "sha": sha }))
}

fn release() -> Value {
    done_by(
        "ada",
        json!({
            "action": "published",
            "release": {
                "id": 5, "tag_name": "v1", "name": "The first", "author": user(1, "ada"),
                "created_at": "2026-11-20T10:00:00Z", "published_at": "2026-11-20T13:00:00Z",
            },
        }),
    )
}

/// One delivery of each kind, and some that follow each other.
fn all() -> Vec<(&'static str, Value)> {
    vec![
        ("push", push()),
        ("pull_request", pull_request("opened", "open", false, "2026-11-20T10:00:00Z")),
        ("pull_request_rejected", review("pull_request_review_rejected", "2026-11-20T10:30:00Z")),
        ("pull_request_approved", review("pull_request_review_approved", "2026-11-20T11:00:00Z")),
        ("pull_request", pull_request("closed", "closed", true, "2026-11-20T12:00:00Z")),
        ("pull_request", pull_request("label_updated", "closed", true, "2026-11-20T13:00:00Z")),
        ("issues", issue("opened", "open")),
        ("issues", issue("closed", "closed")),
        ("issue_comment", comment("created", false)),
        ("status", status(1, "pending", 1)),
        ("status", status(2, "success", 2)),
        ("workflow_run", workflow_run("in_progress", None)),
        ("workflow_run", workflow_run("completed", Some("failure"))),
        ("create", tag("create")),
        ("release", release()),
    ]
}

#[test]
fn a_push_tells_the_commits_of_which_somebody_says_when() {
    let commit = |sha: &str, message: &str, hour: &str, author| {
        Fact::Commit(Commit {
            sha: sha.to_owned(),
            parents: None,
            message: message.to_owned(),
            author,
            authored_at: at(&format!("2026-11-20T{hour}:00:00Z")),
            changes: None,
            web_url: None,
        })
    };
    let who = |username: Option<&str>, name: &str, email: &str| Actor {
        host_user: None,
        username: username.map(str::to_owned),
        email: Some(email.to_owned()),
        name: Some(name.to_owned()),
    };
    let ada = who(Some("ada"), "Ada", "ada@example.org");
    let bo = who(None, "Bo", "bo@example.org");
    let told = [commit(SHA, "Begin\n", "09", ada), commit(&"1".repeat(40), "Go on", "10", bo)];
    assert_eq!(facts("push", &push()), told);
}

#[test]
fn a_pull_request_is_told_as_it_stands_and_who_took_it_in() {
    let open = MergeRequest {
        number: 3,
        title: "Count".to_owned(),
        description: Some("It counts.".to_owned()),
        author: Some(named("ada")),
        state: MergeRequestState::Opened,
        draft: false,
        source_branch: "count".to_owned(),
        target_branch: "main".to_owned(),
        labels: vec!["a".to_owned(), "b".to_owned()],
        assignees: Vec::new(),
        reviewers: vec![named("bo")],
        head_sha: Some(SHA.to_owned()),
        merged_by: None,
        created_at: at("2026-11-20T10:00:00Z"),
        updated_at: at("2026-11-20T11:00:00Z"),
        merged_at: None,
        closed_at: None,
        web_url: Some("https://git.example.org/team/library/pulls/3".to_owned()),
    };
    let told = |action, state, merged| {
        facts("pull_request", &pull_request(action, state, merged, "2026-11-20T11:00:00Z"))
    };
    let when = Some(at("2026-11-20T11:00:00Z"));
    for action in ["opened", "edited", "synchronized", "reopened"] {
        assert_eq!(told(action, "open", false), [Fact::MergeRequest(open.clone())], "{action}");
    }
    let closed = MergeRequest { state: MergeRequestState::Closed, closed_at: when, ..open.clone() };
    assert_eq!(told("closed", "closed", false), [Fact::MergeRequest(closed)]);
    let merged = MergeRequest { state: MergeRequestState::Merged, merged_at: when, ..open };
    let by_bo = MergeRequest { merged_by: Some(named("bo")), ..merged.clone() };
    assert_eq!(told("closed", "closed", true), [Fact::MergeRequest(by_bo)]);
    // Who labels it afterwards did not take it in.
    assert_eq!(told("label_updated", "closed", true), [Fact::MergeRequest(merged)]);
}

#[test]
fn a_review_is_the_word_of_who_reviewed() {
    for (event, kind, approved) in [
        ("pull_request_approved", "pull_request_review_approved", true),
        ("pull_request_rejected", "pull_request_review_rejected", false),
    ] {
        let when = at("2026-11-20T11:00:00Z");
        let body = review(kind, "2026-11-20T11:00:00Z");
        let word = Approval { merge_request: 3, by: named("bo"), approved, at: when };
        assert_eq!(facts(event, &body), [Fact::Approval(word)]);
        // It has no id to be known by.
        assert_eq!(facts("pull_request_comment", &body), []);
    }
}

#[test]
fn a_header_makes_nothing_of_a_body_that_does_not_say_so() {
    let time = "2026-11-20T11:00:00Z";
    let approved = review("pull_request_review_approved", time);
    let rejected = review("pull_request_review_rejected", time);
    let remark = review("pull_request_review_comment", time);
    let mut other_action = approved.clone();
    other_action["action"] = json!("opened");
    for (event, body) in [
        ("pull_request_approved", &pull_request("opened", "open", false, time)),
        ("pull_request_approved", &pull_request("reviewed", "open", false, time)),
        ("pull_request_approved", &rejected),
        ("pull_request_rejected", &approved),
        ("pull_request_approved", &remark),
        ("pull_request_approved", &other_action),
        ("pull_request", &approved),
        ("issue_comment", &issue("opened", "open")),
        ("delete", &tag("create")),
    ] {
        assert_eq!(facts(event, body), [], "{event}: {body}");
    }
}

#[test]
fn an_issue_is_told_until_it_is_gone() {
    let open = Issue {
        number: 4,
        title: "It does not count".to_owned(),
        description: None,
        author: Some(named("ada")),
        state: IssueState::Opened,
        labels: vec!["bug".to_owned()],
        assignees: vec![named("bo")],
        created_at: at("2026-11-20T10:00:00Z"),
        updated_at: at("2026-11-20T12:00:00Z"),
        closed_at: None,
        due_at: Some(at("2026-11-30T23:59:59Z")),
        web_url: Some("https://git.example.org/team/library/issues/4".to_owned()),
    };
    let closed_at = Some(at("2026-11-20T12:00:00Z"));
    let closed = Issue { state: IssueState::Closed, closed_at, ..open.clone() };
    assert_eq!(facts("issues", &issue("opened", "open")), [Fact::Issue(open)]);
    assert_eq!(facts("issues", &issue("closed", "closed")), [Fact::Issue(closed)]);
    assert_eq!(facts("issues", &issue("deleted", "open")), []);
}

#[test]
fn a_remark_is_on_an_issue_or_on_a_pull_request() {
    let note = |on| {
        Fact::Note(Note {
            id: "9".to_owned(),
            on,
            author: named("bo"),
            body: "Why?".to_owned(),
            thread: None,
            path: None,
            resolved: None,
            created_at: at("2026-11-20T11:00:00Z"),
            updated_at: at("2026-11-20T11:30:00Z"),
        })
    };
    let told = |action, is_pull| facts("issue_comment", &comment(action, is_pull));
    assert_eq!(told("created", false), [note(Subject::Issue(4))]);
    assert_eq!(told("edited", true), [note(Subject::MergeRequest(4))]);
    assert_eq!(told("deleted", false), []);
}

#[test]
fn a_run_and_what_another_tool_says_of_a_commit_are_runs() {
    let run = Pipeline {
        id: "7".to_owned(),
        sha: SHA.to_owned(),
        reference: "main".to_owned(),
        status: CiStatus::Failed,
        by: Some(named("ada")),
        created_at: at("2026-11-20T10:00:00Z"),
        updated_at: at("2026-11-20T10:05:00Z"),
        started_at: Some(at("2026-11-20T10:00:00Z")),
        finished_at: Some(at("2026-11-20T10:05:00Z")),
        coverage: None,
        web_url: Some("https://git.example.org/team/library/actions/runs/7".to_owned()),
    };
    let done = workflow_run("completed", Some("failure"));
    assert_eq!(facts("workflow_run", &done), [Fact::Pipeline(run)]);

    let written = at("2026-11-20T10:02:00Z");
    let told = Pipeline {
        id: format!("{SHA}/ci/test"),
        sha: SHA.to_owned(),
        reference: String::new(),
        status: CiStatus::Success,
        by: Some(named("ada")),
        created_at: written,
        updated_at: written,
        started_at: None,
        finished_at: Some(written),
        coverage: None,
        web_url: Some("https://ci.example.org/7".to_owned()),
    };
    assert_eq!(facts("status", &status(2, "success", 2)), [Fact::Pipeline(told)]);

    let mut of_a_job = status(3, "success", 2);
    of_a_job["target_url"] = json!("/team/library/actions/runs/7/jobs/0");
    assert_eq!(facts("status", &of_a_job), []);
}

#[test]
fn what_is_reached_is_told_and_a_tag_that_went() {
    let tagged = Milestone {
        kind: MilestoneKind::Tag,
        id: "v1".to_owned(),
        name: "v1".to_owned(),
        sha: Some(SHA.to_owned()),
        status: None,
        removed: false,
        by: Some(named("ada")),
        // The host does not say when.
        at: NOW,
    };
    let gone = Milestone { sha: None, removed: true, ..tagged.clone() };
    assert_eq!(facts("create", &tag("create")), [Fact::Milestone(tagged.clone())]);
    assert_eq!(facts("delete", &tag("delete")), [Fact::Milestone(gone)]);
    let released = Milestone {
        kind: MilestoneKind::Release,
        name: "The first".to_owned(),
        sha: None,
        at: at("2026-11-20T13:00:00Z"),
        ..tagged
    };
    assert_eq!(facts("release", &release()), [Fact::Milestone(released)]);
}

#[test]
fn deliveries_tell_the_same_in_any_order_and_however_often() {
    let told: Vec<_> = all().iter().map(|(event, body)| facts(event, body)).collect();
    let once = kept_in_any_order(&told);
    assert_eq!(
        kinds(&once),
        [
            FactKind::Approval,
            FactKind::Commit,
            FactKind::Issue,
            FactKind::MergeRequest,
            FactKind::Milestone,
            FactKind::Note,
            FactKind::Pipeline,
        ]
    );
}

#[test]
fn an_odd_body_tells_less_and_is_no_error() {
    for (event, body) in all() {
        is_wary(SCHEME, &[(EVENT, event)], &body, 3);
    }
    assert_eq!(facts("wiki", &done_by("ada", json!({ "action": "created" }))), []);
}

#[test]
fn a_large_body_tells_a_bounded_part_of_it() {
    let mut body = push();
    let commit = body["commits"][0].clone();
    body["commits"] = json!(vec![commit; 5_000]);
    body["commits"][0]["message"] = json!("é".repeat(500_000));
    body["commits"][0]["author"]["name"] = json!("é".repeat(500_000));
    let told = facts("push", &body);
    assert_eq!(told.len(), 2_048);
    let Fact::Commit(first) = &told[0] else { panic!("{:?}", told[0]) };
    assert_eq!(first.message.len(), Commit::<Actor>::LONGEST);
    assert_eq!(first.author.name.as_ref().map(String::len), Some(1_000));

    let mut body = pull_request("opened", "open", false, "2026-11-20T10:00:00Z");
    body["pull_request"]["title"] = json!("é".repeat(500_000));
    body["pull_request"]["requested_reviewers"] = json!(vec![user(2, "bo"); 1_000]);
    let told = facts("pull_request", &body);
    let [Fact::MergeRequest(it)] = told.as_slice() else { panic!("it is not told") };
    assert_eq!((it.title.len(), it.reviewers.len()), (1_000, 100));
}
