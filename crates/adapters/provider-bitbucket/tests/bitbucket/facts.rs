//! What deliveries tell courses.
#![expect(clippy::indexing_slicing, reason = "bodies of tests are made here")]

use lodge_activity::{
    Actor, Approval, CiStatus, Commit, Fact, FactKind, Issue, IssueState, MergeRequest,
    MergeRequestState, Milestone, MilestoneKind, Note, Pipeline, Subject,
};
use lodge_provider_bitbucket::SCHEME;
use lodge_testkit::{
    builders::NOW,
    deliveries::{at, facts_told, is_wary, kept_in_any_order, kinds},
};
use serde_json::{Value, json};

const SHA: &str = "03f4a7270240708834de475bcf21532d6134777e";

/// Says of what event a delivery is.
const EVENT: &str = "x-event-key";

fn facts(key: &str, body: &Value) -> Vec<Fact<Actor>> {
    facts_told(SCHEME, &[(EVENT, key)], body)
}

/// Somebody as the host tells of them.
fn account(name: &str) -> Value {
    json!({
        "type": "user", "uuid": format!("{{{name}-0000}}"), "nickname": name,
        "display_name": name.to_uppercase(), "account_id": "557058:c0b72ad0",
    })
}

/// The same as facts have it.
fn known(name: &str) -> Actor {
    Actor {
        host_user: Some(format!("{name}-0000")),
        // Somebody else may take the nickname.
        username: None,
        email: None,
        name: Some(name.to_uppercase()),
    }
}

/// `body` with where it happened, and whose doing it was.
fn done_by(name: &str, mut body: Value) -> Value {
    body["repository"] = json!({
        "uuid": "{673a6070-3421-46c9-9d48-90745f7bfe8e}", "full_name": "team/library",
    });
    body["actor"] = account(name);
    body
}

fn change(kind: &str, name: &str, commits: &Value) -> Value {
    json!({
        "new": { "type": kind, "name": name, "target": { "type": "commit", "hash": SHA } },
        "old": null, "created": true, "closed": false, "forced": false,
        "commits": commits, "truncated": false,
    })
}

fn push() -> Value {
    let commits = json!([
        {
            "hash": SHA, "type": "commit", "message": "Begin\n",
            "date": "2026-11-20T10:00:00+00:00",
            "author": { "raw": "Ada L <ada@example.org>", "user": account("ada") },
        },
        {
            "hash": "1".repeat(40), "message": "Go on", "date": "2026-11-20T11:00:00+00:00",
            "author": { "raw": "Bo <bo@example.org>" },
            "parents": [{ "hash": SHA }, { "hash": "3".repeat(40) }],
        },
        { "hash": "2".repeat(40), "author": { "raw": "Bo <bo@example.org>" } },
    ]);
    let gone = json!({
        "old": { "type": "tag", "name": "v0", "target": { "hash": SHA } }, "new": null,
    });
    let changes = [change("branch", "main", &commits), change("tag", "v1", &Value::Null), gone];
    done_by("ada", json!({ "push": { "changes": changes } }))
}

fn pull_request(state: &str, updated_on: &str) -> Value {
    done_by(
        "bo",
        json!({
            "pullrequest": {
                "id": 3, "title": "Count", "description": "It counts.", "state": state,
                "draft": false, "author": account("ada"),
                "source": { "branch": { "name": "count" }, "commit": { "hash": "03f4a7270240" } },
                "destination": { "branch": { "name": "main" }, "commit": { "hash": "1e65c05c1d51" } },
                "reviewers": [account("bo")],
                "created_on": "2026-11-20T10:00:00+00:00", "updated_on": updated_on,
                "links": { "html": { "href": "https://bitbucket.org/team/library/pull-requests/3" } },
            },
        }),
    )
}

fn approval() -> Value {
    let mut body = pull_request("OPEN", "2026-11-20T10:00:00+00:00");
    body["approval"] = json!({ "date": "2026-11-20T11:00:00+00:00", "user": account("bo") });
    body
}

fn issue(state: &str, changes: &Value) -> Value {
    done_by(
        "ada",
        json!({
            "issue": {
                "id": 4, "title": "It does not count", "content": { "raw": "Not at all." },
                "state": state, "reporter": account("ada"), "assignee": account("bo"),
                "created_on": "2026-11-20T10:00:00+00:00",
                "updated_on": "2026-11-20T12:00:00+00:00",
                "links": { "html": { "href": "https://bitbucket.org/team/library/issues/4" } },
            },
            "changes": changes,
        }),
    )
}

fn comment(on: &str, subject: &Value) -> Value {
    let mut body = done_by(
        "bo",
        json!({
            "comment": {
                "id": 17, "content": { "raw": "Why?" }, "inline": { "path": "a.txt", "to": 10 },
                "created_on": "2026-11-20T11:00:00+00:00",
                "updated_on": "2026-11-20T11:30:00+00:00",
            },
        }),
    );
    body[on] = subject.clone();
    body
}

fn status(state: &str, minute: u8) -> Value {
    done_by(
        "ada",
        json!({
            "commit_status": {
                "key": "unit", "name": "Unit tests", "state": state, "type": "build",
                "refname": "main", "commit": { "hash": SHA }, "url": "https://ci.example.org/7",
                "created_on": "2026-11-20T10:00:00+00:00",
                "updated_on": format!("2026-11-20T10:{minute:02}:00+00:00"),
            },
        }),
    )
}

/// One delivery of each kind, and some that follow each other.
fn all() -> Vec<(&'static str, Value)> {
    let ended = json!({ "status": { "old": "new", "new": "resolved" } });
    vec![
        ("repo:push", push()),
        ("pullrequest:created", pull_request("OPEN", "2026-11-20T10:00:00+00:00")),
        ("pullrequest:approved", approval()),
        ("pullrequest:comment_created", comment("pullrequest", &json!({ "id": 3 }))),
        ("pullrequest:fulfilled", pull_request("MERGED", "2026-11-20T12:00:00+00:00")),
        ("issue:created", issue("new", &Value::Null)),
        ("issue:updated", issue("resolved", &ended)),
        ("issue:comment_created", comment("issue", &json!({ "id": 4 }))),
        ("repo:commit_comment_created", comment("commit", &json!({ "hash": SHA }))),
        ("repo:commit_status_created", status("INPROGRESS", 1)),
        ("repo:commit_status_updated", status("SUCCESSFUL", 5)),
    ]
}

#[test]
fn a_push_tells_the_commits_and_the_tags() {
    let commit = |sha: &str, message: &str, hour: &str, author, parents| {
        Fact::Commit(Commit {
            sha: sha.to_owned(),
            parents,
            message: message.to_owned(),
            author,
            authored_at: at(&format!("2026-11-20T{hour}:00:00Z")),
            changes: None,
            web_url: None,
        })
    };
    let address = |name: &str| Some(format!("{name}@example.org"));
    let ada = Actor { email: address("ada"), name: Some("Ada L".to_owned()), ..known("ada") };
    // Of an address without an account there is no more.
    let bo = Actor { email: address("bo"), name: Some("Bo".to_owned()), ..Actor::default() };
    let tag = |name: &str, removed: bool| {
        Fact::Milestone(Milestone {
            kind: MilestoneKind::Tag,
            id: name.to_owned(),
            name: name.to_owned(),
            sha: (!removed).then(|| SHA.to_owned()),
            status: None,
            removed,
            by: Some(known("ada")),
            // The host does not say when.
            at: NOW,
        })
    };
    let told = [
        commit(SHA, "Begin\n", "10", ada, None),
        // It brings branches together, and is nobody's work.
        commit(&"1".repeat(40), "Go on", "11", bo, Some(vec![SHA.to_owned(), "3".repeat(40)])),
        tag("v1", false),
        tag("v0", true),
    ];
    assert_eq!(facts("repo:push", &push()), told);
}

#[test]
fn the_event_that_ends_a_pull_request_says_when_and_by_whom() {
    let open = MergeRequest {
        number: 3,
        title: "Count".to_owned(),
        description: Some("It counts.".to_owned()),
        author: Some(known("ada")),
        state: MergeRequestState::Opened,
        draft: false,
        source_branch: "count".to_owned(),
        target_branch: "main".to_owned(),
        labels: Vec::new(),
        assignees: Vec::new(),
        reviewers: vec![known("bo")],
        head_sha: Some("03f4a7270240".to_owned()),
        merged_by: None,
        created_at: at("2026-11-20T10:00:00Z"),
        updated_at: at("2026-11-20T12:00:00Z"),
        merged_at: None,
        closed_at: None,
        web_url: Some("https://bitbucket.org/team/library/pull-requests/3".to_owned()),
    };
    let told = |key, state| facts(key, &pull_request(state, "2026-11-20T12:00:00+00:00"));
    for key in ["pullrequest:created", "pullrequest:updated"] {
        assert_eq!(told(key, "OPEN"), [Fact::MergeRequest(open.clone())], "{key}");
    }
    // What the body says is proved, and what the event is called is not.
    for key in ["pullrequest:fulfilled", "pullrequest:rejected"] {
        assert_eq!(told(key, "OPEN"), [Fact::MergeRequest(open.clone())], "{key}");
    }
    let when = Some(at("2026-11-20T12:00:00Z"));
    let merged = MergeRequest { state: MergeRequestState::Merged, ..open.clone() };
    assert_eq!(told("pullrequest:updated", "MERGED"), [Fact::MergeRequest(merged.clone())]);
    let by_bo = MergeRequest { merged_at: when, merged_by: Some(known("bo")), ..merged };
    assert_eq!(told("pullrequest:fulfilled", "MERGED"), [Fact::MergeRequest(by_bo)]);
    let closed = MergeRequest { state: MergeRequestState::Closed, closed_at: when, ..open };
    assert_eq!(told("pullrequest:rejected", "DECLINED"), [Fact::MergeRequest(closed)]);
}

#[test]
fn who_has_a_name_that_another_has_is_shown_by_it_and_goes_by_nothing() {
    let mut body = pull_request("OPEN", "2026-11-20T10:00:00+00:00");
    body["pullrequest"]["author"]["nickname"] = json!("bo");
    let told = facts("pullrequest:updated", &body);
    let [Fact::MergeRequest(it)] = told.as_slice() else { panic!("{told:?}") };
    let bo = Actor { name: Some("bo".to_owned()), ..Actor::default() };
    assert_eq!((&it.author, &it.reviewers), (&Some(bo.clone()), &vec![bo]));
}

#[test]
fn an_approval_is_told_with_its_time_and_so_is_its_end() {
    for (key, approved) in [("pullrequest:approved", true), ("pullrequest:unapproved", false)] {
        let when = at("2026-11-20T11:00:00Z");
        let word = Approval { merge_request: 3, by: known("bo"), approved, at: when };
        assert_eq!(facts(key, &approval()), [Fact::Approval(word)]);
    }
}

#[test]
fn an_issue_ended_when_the_event_says_that_it_did() {
    let open = Issue {
        number: 4,
        title: "It does not count".to_owned(),
        description: Some("Not at all.".to_owned()),
        author: Some(known("ada")),
        state: IssueState::Opened,
        labels: Vec::new(),
        assignees: vec![known("bo")],
        created_at: at("2026-11-20T10:00:00Z"),
        updated_at: at("2026-11-20T12:00:00Z"),
        closed_at: None,
        due_at: None,
        web_url: Some("https://bitbucket.org/team/library/issues/4".to_owned()),
    };
    let told = |state, changes: Value| facts("issue:updated", &issue(state, &changes));
    for state in ["new", "open", "on hold"] {
        assert_eq!(told(state, Value::Null), [Fact::Issue(open.clone())], "{state}");
    }
    let closed = Issue { state: IssueState::Closed, ..open };
    let renamed = json!({ "title": { "old": "It", "new": "It does not count" } });
    assert_eq!(told("wontfix", renamed), [Fact::Issue(closed.clone())]);
    let ended = json!({ "status": { "old": "open", "new": "wontfix" } });
    let when = Some(at("2026-11-20T12:00:00Z"));
    assert_eq!(told("wontfix", ended), [Fact::Issue(Issue { closed_at: when, ..closed })]);
}

#[test]
fn a_remark_is_on_one_of_three() {
    let note = |id: &str, on| {
        Fact::Note(Note {
            id: id.to_owned(),
            on,
            author: known("bo"),
            body: "Why?".to_owned(),
            thread: None,
            path: Some("a.txt".to_owned()),
            resolved: None,
            created_at: at("2026-11-20T11:00:00Z"),
            updated_at: at("2026-11-20T11:30:00Z"),
        })
    };
    for (key, on, subject, told) in [
        (
            "pullrequest:comment_updated",
            "pullrequest",
            json!({ "id": 3 }),
            note("pullrequest/3/17", Subject::MergeRequest(3)),
        ),
        (
            "issue:comment_created",
            "issue",
            json!({ "id": 4 }),
            note("issue/4/17", Subject::Issue(4)),
        ),
        (
            "repo:commit_comment_created",
            "commit",
            json!({ "hash": SHA }),
            note("commit/17", Subject::Commit(SHA.to_owned())),
        ),
    ] {
        let mut body = comment(on, &subject);
        assert_eq!(facts(key, &body), [told], "{key}");
        body["comment"]["deleted"] = json!(true);
        assert_eq!(facts(key, &body), [], "{key}");
    }
}

#[test]
fn the_status_of_a_build_is_a_run_of_its_commit() {
    let running = Pipeline {
        id: format!("{SHA}/unit"),
        sha: SHA.to_owned(),
        reference: "main".to_owned(),
        status: CiStatus::Running,
        by: Some(known("ada")),
        created_at: at("2026-11-20T10:00:00Z"),
        updated_at: at("2026-11-20T10:05:00Z"),
        started_at: Some(at("2026-11-20T10:00:00Z")),
        finished_at: None,
        coverage: None,
        web_url: Some("https://ci.example.org/7".to_owned()),
    };
    let finished_at = Some(at("2026-11-20T10:05:00Z"));
    for (state, came_to) in [
        ("SUCCESSFUL", CiStatus::Success),
        ("FAILED", CiStatus::Failed),
        ("STOPPED", CiStatus::Canceled),
    ] {
        let ended = Pipeline { status: came_to, finished_at, ..running.clone() };
        let told = facts("repo:commit_status_updated", &status(state, 5));
        assert_eq!(told, [Fact::Pipeline(ended)], "{state}");
    }
    let told = facts("repo:commit_status_created", &status("INPROGRESS", 5));
    assert_eq!(told, [Fact::Pipeline(running)]);
}

#[test]
fn deliveries_tell_the_same_in_any_order_and_however_often() {
    let told: Vec<_> = all().iter().map(|(key, body)| facts(key, body)).collect();
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
    for (key, body) in all() {
        is_wary(SCHEME, &[(EVENT, key)], &body, 4);
    }
    assert_eq!(facts("repo:fork", &done_by("ada", json!({}))), []);
}

#[test]
fn a_large_body_tells_a_bounded_part_of_it() {
    let mut body = push();
    let mut change = body["push"]["changes"][0].clone();
    let mut commit = change["commits"][0].clone();
    commit["message"] = json!("é".repeat(5_000));
    change["commits"] = json!(vec![commit; 300]);
    body["push"]["changes"] = json!([change, change, change]);
    let told = facts("repo:push", &body);
    assert_eq!(told.len(), 300);
    let Fact::Commit(first) = &told[0] else { panic!("{:?}", told[0]) };
    assert_eq!(first.message.len(), Commit::<Actor>::LONGEST);

    let mut body = comment("issue", &json!({ "id": 4 }));
    body["comment"]["content"]["raw"] = json!("é".repeat(500_000));
    body["comment"]["inline"]["path"] = json!("é".repeat(500_000));
    body["actor"]["uuid"] = json!("é".repeat(500_000));
    let told = facts("issue:comment_created", &body);
    let [Fact::Note(it)] = told.as_slice() else { panic!("it is not told") };
    assert_eq!((it.body.len(), &it.path), (Note::<Actor>::LONGEST, &None));
    assert_eq!(it.author.host_user.as_ref().map(String::len), Some(1_000));
}
