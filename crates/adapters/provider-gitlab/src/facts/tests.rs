//! What deliveries of each kind tell.

use lodge_activity::{CiStatus, Milestone, MilestoneKind, Subject};
use lodge_kernel::Timestamp;
use proptest::prelude::*;

use super::*;

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

fn delivery(body: &str) -> Delivery {
    Delivery { headers: Vec::new(), body: body.as_bytes().to_vec(), received_at: NOW }
}

fn facts(body: &str) -> Facts {
    read(&delivery(body)).unwrap_or_else(|error| panic!("{body}: {error}"))
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

#[test]
fn a_word_on_a_merge_request_is_of_who_said_it() {
    for (action, system, approved) in [
        ("approved", "", Some(true)),
        ("approval", "", Some(true)),
        ("unapproved", "", Some(false)),
        ("unapproval", "", Some(false)),
        // A push took it back, and who pushed is not who had approved.
        ("unapproved", r#""system":true,"#, None),
        ("update", "", None),
    ] {
        let told = facts(&format!(
            r#"{{"object_kind":"merge_request","user":{{"id":8,"username":"bo"}},
            "object_attributes":{{"iid":3,{system}"action":"{action}","state":"opened",
            "author_id":7,"created_at":"2026-11-20 10:00:00 UTC",
            "updated_at":"2026-11-20 11:00:00 UTC"}}}}"#
        ));
        let Some((Fact::MergeRequest(it), rest)) = told.split_first() else { panic!("{told:?}") };
        assert_eq!(it.author.as_ref().unwrap().host_user.as_deref(), Some("7"));
        assert_eq!(it.author.as_ref().unwrap().username, None);
        let told = rest.iter().map(|it| match it {
            Fact::Approval(it) => {
                assert_eq!((it.merge_request, it.at), (3, at("2026-11-20T11:00:00Z")));
                assert_eq!(it.by.username.as_deref(), Some("bo"));
                it.approved
            }
            other => panic!("{other:?}"),
        });
        assert_eq!(told.collect::<Vec<_>>(), approved.into_iter().collect::<Vec<_>>(), "{action}");
    }
}

#[test]
fn a_merge_says_who_and_when_and_a_later_change_only_who() {
    let body = |action: &str| {
        format!(
            r#"{{"object_kind":"merge_request","user":{{"id":8,"username":"bo"}},
            "labels":[{{"title":"b"}},{{"title":"a"}}],
            "object_attributes":{{"iid":3,"action":"{action}","state":"merged","author_id":7,
            "merge_user_id":8,"created_at":"2026-11-20 10:00:00 UTC",
            "updated_at":"2026-11-20 11:00:00 UTC"}}}}"#
        )
    };
    for (action, when) in [("merge", Some(at("2026-11-20T11:00:00Z"))), ("update", None)] {
        let told = facts(&body(action));
        let [Fact::MergeRequest(it)] = told.as_slice() else { panic!("{told:?}") };
        assert_eq!((it.merged_at, it.closed_at), (when, None), "{action}");
        assert_eq!(it.merged_by.as_ref().unwrap().username.as_deref(), Some("bo"));
        assert_eq!(it.labels, ["a", "b"]);
    }
}

#[test]
fn a_remark_is_on_what_courses_know() {
    let on = |noteable: &str, more: &str| {
        let told = facts(&format!(
            r#"{{"object_kind":"note","user":{{"id":8}},"issue":{{"iid":4}},
            "merge_request":{{"iid":5}},"object_attributes":{{"id":1,"note":"Why?",
            "noteable_type":"{noteable}","author_id":8,"commit_id":"abc",
            "created_at":"2026-11-20 10:00:00 UTC"{more}}}}}"#
        ));
        told.into_iter().next().map(|it| match it {
            Fact::Note(it) => (it.on, it.resolved),
            other => panic!("{other:?}"),
        })
    };
    assert_eq!(on("MergeRequest", ""), Some((Subject::MergeRequest(5), None)));
    let thread = r#","type":"DiscussionNote""#;
    assert_eq!(on("MergeRequest", thread), Some((Subject::MergeRequest(5), Some(false))));
    let settled = r#","type":"DiffNote","resolved_at":"2026-11-20 10:00:00 UTC""#;
    assert_eq!(on("MergeRequest", settled), Some((Subject::MergeRequest(5), Some(true))));
    assert_eq!(on("Issue", thread), Some((Subject::Issue(4), None)));
    assert_eq!(on("Commit", ""), Some((Subject::Commit("abc".to_owned()), None)));
    assert_eq!(on("Snippet", ""), None);
    assert_eq!(on("Issue", r#","system":true"#), None);
}

#[test]
fn a_run_changed_when_one_of_its_jobs_did() {
    let told = facts(
        r#"{"object_kind":"pipeline","object_attributes":{"id":9,"ref":"main","sha":"abc",
        "status":"running","created_at":"2026-11-20 10:00:00 UTC","finished_at":null},
        "builds":[{"id":1,"name":"test","stage":"test","status":"failed",
        "created_at":"2026-11-20 10:00:00 UTC","started_at":"2026-11-20 10:00:05 UTC",
        "finished_at":"2026-11-20 10:01:00 UTC"},{"id":2,"name":"lint","status":"manual",
        "created_at":"2026-11-20 10:00:00 UTC"}]}"#,
    );
    let [Fact::CiJob(test), Fact::CiJob(lint), Fact::Pipeline(run)] = told.as_slice() else {
        panic!("{told:?}")
    };
    assert_eq!((test.status, lint.status), (CiStatus::Failed, CiStatus::Pending));
    assert_eq!((&*test.pipeline, &*lint.pipeline), ("9", "9"));
    assert_eq!((run.status, run.updated_at), (CiStatus::Running, at("2026-11-20T10:01:00Z")));
    assert_eq!((run.started_at, run.finished_at), (Some(at("2026-11-20T10:00:05Z")), None));
}

#[test]
fn what_is_reached_and_what_is_gone_is_told() {
    let milestone = |body: &str| match facts(body).as_slice() {
        [Fact::Milestone(it)] => it.clone(),
        other => panic!("{other:?}"),
    };
    let tag = |after: &str| {
        milestone(&format!(
            r#"{{"object_kind":"tag_push","ref":"refs/tags/v1","after":"{after}","user_id":8}}"#
        ))
    };
    let zeros = "0".repeat(40);
    let come = tag("abc");
    assert_eq!((come.kind, &*come.id, come.removed), (MilestoneKind::Tag, "v1", false));
    assert_eq!((come.sha.as_deref(), come.at), (Some("abc"), NOW));
    assert_eq!(tag(&zeros), Milestone { removed: true, sha: None, ..come });
    let release = |action: &str| {
        milestone(&format!(
            r#"{{"object_kind":"release","action":"{action}","tag":"v1","name":"",
            "created_at":"2026-11-20 10:00:00 UTC"}}"#
        ))
    };
    assert_eq!((release("create").removed, release("delete").removed), (false, true));
    assert_eq!(release("create").name, "v1");
    let times = ["create", "update", "delete"].map(|it| release(it).at);
    assert_eq!(times, [at("2026-11-20T10:00:00Z"), NOW, NOW]);
    let deployed = milestone(
        r#"{"object_kind":"deployment","deployment_id":7,"environment":"production",
        "status":"success","status_changed_at":"2026-11-22 10:30:00 +0100"}"#,
    );
    assert_eq!((&*deployed.id, deployed.status.as_deref()), ("7", Some("success")));
    assert_eq!(deployed.at, at("2026-11-22T09:30:00Z"));
}

#[test]
fn an_address_that_is_not_shown_is_none() {
    let told = facts(
        r#"{"object_kind":"push","ref":"refs/heads/main","commits":[{"id":"abc","message":"Begin",
        "timestamp":"2026-11-20T10:00:00+01:00","author":{"name":"Bo","email":"[REDACTED]"}},
        {"id":"","timestamp":"2026-11-20T10:00:00+01:00"},{"id":"def"}]}"#,
    );
    let [Fact::Commit(it)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((it.author.name.as_deref(), it.author.email.as_deref()), (Some("Bo"), None));
    assert_eq!((&it.parents, &it.changes), (&None, &None));
}

#[test]
fn an_error_says_where_and_nothing_of_what_stands_there() {
    for (body, told) in [
        (
            r#"{"object_kind":"issue","object_attributes":{"iid":"a secret"}}"#,
            "the JSON is of another form, at line 1, column 60",
        ),
        ("{\n\"object_kind\":", "the JSON ends too early, at line 2, column 14"),
        ("{secret}", "it is no JSON, at line 1, column 2"),
    ] {
        assert_eq!(read(&delivery(body)).unwrap_err().to_string(), told);
    }
    for nothing in ["{}", r#"{"object_kind":"emoji"}"#, r#"{"object_kind":"build","build_id":1}"#] {
        assert_eq!(facts(nothing), [], "{nothing}");
    }
}

proptest! {
    #[test]
    fn no_body_makes_the_reader_panic(
        kind in "push|tag_push|merge_request|note|issue|work_item|pipeline|build|release|deployment",
        name in "ref|commits|object_attributes|status|tag|builds|labels|user|assignees",
        value in "null|7|-1|\"\"|\"é\"|\"refs/tags/\"|\\[\\]|\\[7\\]|\\{\\}|\\{\"id\":1,\"iid\":2,\"created_at\":\"2026-11-20 10:00:00 UTC\"\\}",
        bytes: Vec<u8>,
    ) {
        let body = format!(r#"{{"object_kind":"{kind}","{name}":{value}}}"#);
        let _ = read(&delivery(&body));
        let _ = read(&Delivery { headers: Vec::new(), body: bytes, received_at: NOW });
    }
}
