//! What deliveries tell courses.
#![expect(clippy::indexing_slicing, reason = "bodies of tests are made here")]

use lodge_activity::{
    Actor, Approval, CiStatus, Commit, Fact, FactKind, MergeRequest, MergeRequestState, Milestone,
    MilestoneKind, Note, Pipeline, Subject,
};
use lodge_intake::Kind;
use lodge_provider::About;
use lodge_provider_azure::SCHEME;
use lodge_testkit::deliveries::{a_delivery, at, facts_told, is_wary, kept_in_any_order, kinds};
use serde_json::{Value, json};

const SHA: &str = "33b55f7cb7e7e245323987634f960cf4a6e6bc74";
const GUID: &str = "278d5cd2-584d-4b63-824a-2ba458937249";

fn facts(body: &Value) -> Vec<Fact<Actor>> {
    facts_told(SCHEME, &[], body)
}

/// Somebody as the host tells of them.
fn identity(name: &str) -> Value {
    json!({
        "id": "54d125f7-69f7-4191-904f-c5b96b6261c8", "displayName": name.to_uppercase(),
        "uniqueName": format!("{name}@example.org"),
    })
}

/// The same as facts have it.
fn known(name: &str) -> Actor {
    let address = Some(format!("{name}@example.org"));
    Actor { username: address.clone(), email: address, ..Actor::default() }
}

fn repository() -> Value {
    json!({
        "id": GUID, "name": "library",
        "url": format!("https://dev.azure.com/fabrikam/_apis/git/repositories/{GUID}"),
        "project": { "id": "6ce954b1-ce1f-45d1-b94d-e6bf2464ba2c", "name": "team" },
    })
}

fn envelope(event: &str, sent_at: &str, resource: &Value) -> Value {
    json!({
        "subscriptionId": "fd672255-8b6b-4769-9260-beea83d752ce", "notificationId": 7,
        "eventType": event, "publisherId": "tfs", "resource": resource, "createdDate": sent_at,
        "resourceContainers": {
            "collection": { "id": "c12d0eb8", "baseUrl": "https://dev.azure.com/fabrikam/" },
        },
    })
}

fn push() -> Value {
    let who = |name: &str, date: &str| json!({ "name": name, "email": format!("{name}@example.org"), "date": date });
    let none = "0".repeat(40);
    let resource = json!({
        "commits": [
            { "commitId": SHA, "comment": "Begin", "author": who("ada", "2026-11-20T10:00:00Z") },
            { "commitId": "1".repeat(40), "author": who("bo", "2026-11-20T11:00:00Z") },
            { "commitId": "2".repeat(40), "author": { "name": "bo" } },
        ],
        "refUpdates": [
            { "name": "refs/heads/main", "oldObjectId": none, "newObjectId": SHA },
            { "name": "refs/tags/v1", "oldObjectId": none, "newObjectId": SHA },
            { "name": "refs/tags/v0", "oldObjectId": SHA, "newObjectId": none },
        ],
        "repository": repository(), "pushedBy": identity("ada"), "date": "2026-11-20T12:00:00Z",
    });
    envelope("git.push", "2026-11-20T12:00:01Z", &resource)
}

#[test]
fn the_commits_of_a_push_to_several_branches_are_told_once() {
    let mut body = push();
    let one = facts(&body);
    let beside =
        json!({ "name": "refs/heads/next", "oldObjectId": "0".repeat(40), "newObjectId": SHA });
    let updates = body["resource"]["refUpdates"].as_array_mut().unwrap();
    updates.insert(0, beside);
    assert_eq!(facts(&body), one);
    assert!(one.iter().any(|it| matches!(it, Fact::Commit(_))));
}

fn pull_request(kind: &str, status: &str, votes: &[(&str, i64)], sent_at: &str) -> Value {
    let reviewers: Vec<Value> = votes
        .iter()
        .map(|(name, vote)| {
            let mut it = identity(name);
            it["vote"] = json!(vote);
            it
        })
        .collect();
    let ended = (status != "active").then_some("2026-11-20T13:00:00Z");
    let resource = json!({
        "repository": repository(), "pullRequestId": 3, "status": status, "isDraft": false,
        "createdBy": identity("ada"), "closedBy": ended.map(|_| identity("bo")),
        "creationDate": "2026-11-20T10:00:00Z", "closedDate": ended,
        "title": "Count", "description": "It counts.",
        "sourceRefName": "refs/heads/count", "targetRefName": "refs/heads/main",
        "lastMergeSourceCommit": { "commitId": SHA }, "reviewers": reviewers,
    });
    envelope(kind, sent_at, &resource)
}

fn own_address() -> String {
    format!(
        "https://dev.azure.com/fabrikam/_apis/git/repositories/{GUID}/pullRequests/3/threads/5/comments/2"
    )
}

fn comment() -> Value {
    json!({
        "id": 2, "parentCommentId": 1, "author": identity("bo"), "content": "Why?",
        "publishedDate": "2026-11-20T11:00:00Z", "lastUpdatedDate": "2026-11-20T11:40:00Z",
        "lastContentUpdatedDate": "2026-11-20T11:30:00Z", "commentType": "text",
        "_links": { "self": { "href": own_address() } },
    })
}

fn remark(resource: &Value) -> Value {
    envelope("ms.vss-code.git-pullrequest-comment-event", "2026-11-20T11:00:05Z", resource)
}

fn build(result: &str) -> Value {
    let resource = json!({
        "id": 77, "buildNumber": "20261120.1", "status": "completed", "result": result,
        "queueTime": "2026-11-20T10:00:00Z", "startTime": "2026-11-20T10:01:00Z",
        "finishTime": "2026-11-20T10:05:00Z", "sourceBranch": "refs/heads/main",
        "sourceVersion": SHA, "requestedFor": identity("ada"),
        "definition": { "id": 7, "name": "test" }, "repository": { "id": GUID, "type": "TfsGit" },
        "url": "https://dev.azure.com/fabrikam/6ce954b1/_apis/build/Builds/77",
        "_links": { "web": { "href": "https://dev.azure.com/fabrikam/team/_build/results?buildId=77" } },
    });
    envelope("build.complete", "2026-11-20T10:05:10Z", &resource)
}

/// One delivery of each kind, and some that follow each other.
fn all() -> Vec<Value> {
    let updated = "git.pullrequest.updated";
    vec![
        push(),
        pull_request("git.pullrequest.created", "active", &[], "2026-11-20T10:00:05Z"),
        pull_request(updated, "active", &[("bo", -5)], "2026-11-20T11:00:00Z"),
        pull_request(updated, "active", &[("bo", 10)], "2026-11-20T12:00:00Z"),
        pull_request(updated, "completed", &[("bo", 10)], "2026-11-20T13:00:05Z"),
        remark(&json!({ "comment": comment(), "pullRequest": { "repository": repository() } })),
        build("failed"),
    ]
}

#[test]
fn a_push_tells_the_commits_and_the_tags() {
    let commit = |sha: &str, message: &str, hour: &str, name: &str| {
        Fact::Commit(Commit {
            sha: sha.to_owned(),
            parents: None,
            message: message.to_owned(),
            author: Actor {
                email: Some(format!("{name}@example.org")),
                name: Some(name.to_owned()),
                ..Actor::default()
            },
            authored_at: at(&format!("2026-11-20T{hour}:00:00Z")),
            changes: None,
            web_url: None,
        })
    };
    let tag = |name: &str, removed: bool| {
        Fact::Milestone(Milestone {
            kind: MilestoneKind::Tag,
            id: name.to_owned(),
            name: name.to_owned(),
            sha: (!removed).then(|| SHA.to_owned()),
            status: None,
            removed,
            by: Some(known("ada")),
            at: at("2026-11-20T12:00:00Z"),
        })
    };
    let told = [
        commit(SHA, "Begin", "10", "ada"),
        commit(&"1".repeat(40), "", "11", "bo"),
        tag("v1", false),
        tag("v0", true),
    ];
    assert_eq!(facts(&push()), told);
}

#[test]
fn a_pull_request_is_told_as_it_stands_and_with_the_votes_while_it_is_open() {
    let sent_at = "2026-11-20T13:00:05Z";
    let told = |kind: &str, status: &str, votes: &[(&str, i64)]| {
        facts(&pull_request(kind, status, votes, sent_at))
    };
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
        reviewers: vec![known("bo"), known("cy"), known("di"), known("ed")],
        head_sha: Some(SHA.to_owned()),
        merged_by: None,
        created_at: at("2026-11-20T10:00:00Z"),
        // The host does not say when it changed, but when it tells that it did.
        updated_at: at(sent_at),
        merged_at: None,
        closed_at: None,
        web_url: Some("https://dev.azure.com/fabrikam/team/_git/library/pullrequest/3".to_owned()),
    };
    let votes = [("ed", 10), ("di", 5), ("cy", -10), ("bo", 0)];
    let word = |name: &str, approved| {
        Fact::Approval(Approval { merge_request: 3, by: known(name), approved, at: at(sent_at) })
    };
    let words = [word("ed", true), word("di", true), word("cy", false), word("bo", false)];
    for kind in ["git.pullrequest.created", "git.pullrequest.updated"] {
        let told = told(kind, "active", &votes);
        assert_eq!(told[0], Fact::MergeRequest(open.clone()), "{kind}");
        assert_eq!(told[1..], words, "{kind}");
    }
    let when = Some(at("2026-11-20T13:00:00Z"));
    let merged = MergeRequest {
        state: MergeRequestState::Merged,
        merged_at: when,
        merged_by: Some(known("bo")),
        ..open.clone()
    };
    let updated = "git.pullrequest.updated";
    assert_eq!(told(updated, "completed", &votes), [Fact::MergeRequest(merged)]);
    let closed = MergeRequest { state: MergeRequestState::Closed, closed_at: when, ..open };
    assert_eq!(told(updated, "abandoned", &votes), [Fact::MergeRequest(closed)]);
    // It tells that the host tried to merge.
    assert_eq!(told("git.pullrequest.merged", "active", &votes), []);
}

#[test]
fn a_group_has_no_word() {
    let mut body =
        pull_request("git.pullrequest.updated", "active", &[("team", 10)], "2026-11-20T11:00:00Z");
    body["resource"]["reviewers"][0]["isContainer"] = json!(true);
    assert_eq!(facts(&body).len(), 1);
}

#[test]
fn a_remark_is_known_by_its_address_in_either_version() {
    let note = Note {
        id: "3/5/2".to_owned(),
        on: Subject::MergeRequest(3),
        author: known("bo"),
        body: "Why?".to_owned(),
        thread: Some("3/5".to_owned()),
        path: None,
        resolved: None,
        created_at: at("2026-11-20T11:00:00Z"),
        updated_at: at("2026-11-20T11:30:00Z"),
    };
    let beside = json!({ "comment": comment(), "pullRequest": { "repository": repository() } });
    for resource in [beside, comment()] {
        assert_eq!(facts(&remark(&resource)), [Fact::Note(note.clone())]);
    }
    for (name, value) in [("commentType", json!("system")), ("isDeleted", json!(true))] {
        let mut silent = comment();
        silent[name] = value;
        assert_eq!(facts(&remark(&silent)), [], "{name}");
    }
}

#[test]
fn a_build_is_a_run() {
    let run = Pipeline {
        id: "77".to_owned(),
        sha: SHA.to_owned(),
        reference: "main".to_owned(),
        status: CiStatus::Success,
        by: Some(known("ada")),
        created_at: at("2026-11-20T10:01:00Z"),
        updated_at: at("2026-11-20T10:05:00Z"),
        started_at: Some(at("2026-11-20T10:01:00Z")),
        finished_at: Some(at("2026-11-20T10:05:00Z")),
        coverage: None,
        web_url: Some("https://dev.azure.com/fabrikam/team/_build/results?buildId=77".to_owned()),
    };
    for (result, status) in [
        ("succeeded", CiStatus::Success),
        ("partiallySucceeded", CiStatus::Success),
        ("failed", CiStatus::Failed),
        ("canceled", CiStatus::Canceled),
    ] {
        let told = Pipeline { status, ..run.clone() };
        assert_eq!(facts(&build(result)), [Fact::Pipeline(told)], "{result}");
    }
    // What was built stands at another host.
    let mut other = build("succeeded");
    other["resource"]["repository"]["id"] = json!("team/library");
    assert_eq!(facts(&other), []);
}

#[test]
fn every_delivery_says_which_repository_it_is_of() {
    let id = Some(format!("fabrikam~{GUID}"));
    let about = |body: &Value| SCHEME.about(&a_delivery(&[], body.to_string())).unwrap();
    for body in all() {
        assert_eq!(about(&body).repository, id, "{body}");
    }
    assert_eq!(about(&remark(&comment())).repository, id);
    // The samples of the documentation do not tell the organisation's address.
    let mut sample = push();
    sample["resourceContainers"] = Value::Null;
    let library = Some("library".to_owned());
    assert_eq!(about(&sample), About::new(Kind::Push, "git.push", id, library));
    // A collection of a server is not one of the vendor's organisations.
    let server = push().to_string().replace("dev.azure.com/fabrikam", "tfs.example.org/tfs/Shelf");
    let server = SCHEME.about(&a_delivery(&[], server)).unwrap();
    assert_eq!(server.repository, Some(format!("shelf~{GUID}")));
    let item = envelope("workitem.created", "2026-11-20T10:00:00Z", &json!({ "id": 5 }));
    assert_eq!(about(&item), About::new(Kind::Issue, "workitem.created", None, None));
    assert_eq!(facts(&item), []);
}

#[test]
fn deliveries_tell_the_same_in_any_order_and_however_often() {
    let told: Vec<_> = all().iter().map(facts).collect();
    let once = kept_in_any_order(&told);
    assert_eq!(
        kinds(&once),
        [
            FactKind::Approval,
            FactKind::Commit,
            FactKind::MergeRequest,
            FactKind::Milestone,
            FactKind::Note,
            FactKind::Pipeline,
        ]
    );
}

#[test]
fn an_odd_body_tells_less_and_is_no_error() {
    for body in all() {
        is_wary(SCHEME, &[], &body, 4);
    }
}

#[test]
fn a_large_body_tells_a_bounded_part_of_it() {
    let mut body = push();
    let mut commit = body["resource"]["commits"][0].clone();
    commit["comment"] = json!("é".repeat(3_000));
    body["resource"]["commits"] = json!(vec![commit; 3_000]);
    let told = facts(&body);
    let commits: Vec<_> = told.iter().filter(|it| it.kind() == FactKind::Commit).collect();
    assert_eq!(commits.len(), 2_048);
    let Fact::Commit(first) = commits[0] else { panic!("{:?}", commits[0]) };
    assert_eq!(first.message.len(), Commit::<Actor>::LONGEST);

    let mut it = comment();
    it["content"] = json!("é".repeat(500_000));
    it["author"]["uniqueName"] = json!("é".repeat(500_000));
    let told = facts(&remark(&it));
    let [Fact::Note(it)] = told.as_slice() else { panic!("it is not told") };
    assert_eq!(it.body.len(), Note::<Actor>::LONGEST);
    assert_eq!(it.author.username.as_ref().map(String::len), Some(1_000));
}
