//! What deliveries tell courses.

use lodge_activity::{
    Actor, Approval, CiStatus, Commit, Fact, FactKind, Issue, IssueState, MergeRequest,
    MergeRequestState, Milestone, MilestoneKind, Note, Pipeline, Subject, people::is_bot,
};
use lodge_provider_github::SCHEME;
use lodge_testkit::deliveries::{a_delivery, facts_told, is_wary, kept_in_any_order, kinds, named};
use serde_json::{Value, json};

use crate::bodies::{
    PAGE, SHA, all, comment, comment_on_commit, comment_on_lines, day, done_by, issue,
    pull_request, push, release, review, run, tag, time, user,
};

/// Says of what event a delivery is.
const EVENT: &str = "x-github-event";

fn facts(event: &str, body: &Value) -> Vec<Fact<Actor>> {
    facts_told(SCHEME, &[(EVENT, event)], body)
}

#[test]
fn a_push_tells_the_commits_of_which_somebody_says_when() {
    let commit = |sha: &str, message: &str, hour: &str, author| {
        Fact::Commit(Commit {
            sha: sha.to_owned(),
            parents: None,
            message: message.to_owned(),
            author,
            authored_at: time(hour),
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
    let ada = who(Some("ada"), "Ada", "17+ada@users.noreply.github.com");
    let bo = who(None, "Bo", "bo@example.org");
    let told = [commit(SHA, "Begin", "09:00", ada), commit(&"1".repeat(40), "Go on", "10:00", bo)];
    assert_eq!(facts("push", &push()), told);

    let mut gone = push();
    gone["after"] = json!("0".repeat(40));
    gone["commits"] = json!([]);
    assert_eq!(facts("push", &gone), []);
}

#[test]
fn a_pull_request_is_told_as_it_stands_and_who_took_it_in() {
    let open = MergeRequest {
        number: 3,
        title: "Count".to_owned(),
        description: Some("It counts.".to_owned()),
        author: Some(named("ada")),
        state: MergeRequestState::Opened,
        draft: true,
        source_branch: "count".to_owned(),
        target_branch: "main".to_owned(),
        labels: vec!["a".to_owned(), "b".to_owned()],
        assignees: vec![named("ada"), named("bo")],
        reviewers: vec![named("bo")],
        head_sha: Some(SHA.to_owned()),
        merged_by: None,
        created_at: time("10:00"),
        updated_at: time("11:00"),
        merged_at: None,
        closed_at: None,
        web_url: Some(format!("{PAGE}/pull/3")),
    };
    let told = |action, state, merged| {
        facts("pull_request", &pull_request(action, state, merged, "11:00"))
    };
    let when = Some(time("11:00"));
    for action in ["opened", "edited", "synchronize", "reopened", "converted_to_draft"] {
        assert_eq!(told(action, "open", false), [Fact::MergeRequest(open.clone())], "{action}");
    }
    let closed = MergeRequest { state: MergeRequestState::Closed, closed_at: when, ..open.clone() };
    assert_eq!(told("closed", "closed", false), [Fact::MergeRequest(closed)]);
    let merged = MergeRequest {
        state: MergeRequestState::Merged,
        merged_at: when,
        merged_by: Some(named("cy")),
        ..open
    };
    for action in ["closed", "labeled"] {
        assert_eq!(told(action, "closed", true), [Fact::MergeRequest(merged.clone())], "{action}");
    }
    // Where it is not said, it was whoever closed it.
    let mut unsaid = pull_request("closed", "closed", true, "11:00");
    unsaid["pull_request"]["merged_by"] = json!(null);
    let by_bo = MergeRequest { merged_by: Some(named("bo")), ..merged };
    assert_eq!(facts("pull_request", &unsaid), [Fact::MergeRequest(by_bo)]);
}

fn word(approved: bool, given_at: &str) -> Fact<Actor> {
    let at = time(given_at);
    Fact::Approval(Approval { merge_request: 3, by: named("bo"), approved, at })
}

#[test]
fn a_review_is_the_word_of_who_reviewed_and_their_remark() {
    let note = |updated_at| {
        Fact::Note(Note {
            id: "review/20".to_owned(),
            on: Subject::MergeRequest(3),
            author: named("bo"),
            body: "Why?".to_owned(),
            thread: None,
            path: None,
            resolved: None,
            created_at: time("11:00"),
            updated_at,
        })
    };
    let told = |action, state, text| {
        facts("pull_request_review", &review(action, state, (20, "11:00"), text))
    };
    let remark = || note(time("11:00"));
    assert_eq!(told("submitted", "approved", None), [word(true, "11:00")]);
    assert_eq!(told("submitted", "approved", Some("Why?")), [word(true, "11:00"), remark()]);
    let refused = told("submitted", "changes_requested", Some("Why?"));
    assert_eq!(refused, [word(false, "11:00"), remark()]);
    assert_eq!(told("dismissed", "dismissed", None), [word(false, "11:00")]);
    // It says neither yes nor no. Its remarks on lines are told by themselves.
    assert_eq!(told("submitted", "commented", Some("Why?")), [remark()]);
    assert_eq!(told("submitted", "commented", None), []);
    assert_eq!(told("edited", "commented", Some("Why?")), [note(time("18:00"))]);
}

#[test]
fn a_review_that_is_dismissed_takes_back_no_later_one() {
    let kept = |told: &[Value]| {
        let told: Vec<_> = told.iter().map(|it| facts("pull_request_review", it)).collect();
        let approvals = kept_in_any_order(&told).into_values().filter_map(|it| match it {
            Fact::Approval(it) => Some(it.approved),
            _ => None,
        });
        approvals.collect::<Vec<_>>()
    };
    let approved = || review("submitted", "approved", (20, "11:00"), None);
    let dismissed = || review("dismissed", "dismissed", (20, "11:00"), None);
    let again = || review("submitted", "approved", (21, "12:00"), None);
    assert_eq!(kept(&[approved()]), [true]);
    assert_eq!(kept(&[approved(), dismissed()]), [false]);
    assert_eq!(kept(&[approved(), again(), dismissed()]), [true]);
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
        created_at: time("10:00"),
        updated_at: time("12:00"),
        closed_at: None,
        due_at: None,
        web_url: Some(format!("{PAGE}/issues/4")),
    };
    let closed_at = Some(time("12:00"));
    let closed = Issue { state: IssueState::Closed, closed_at, ..open.clone() };
    for action in ["opened", "edited", "reopened", "assigned"] {
        let told = facts("issues", &issue(action, "open"));
        assert_eq!(told, [Fact::Issue(open.clone())], "{action}");
    }
    assert_eq!(facts("issues", &issue("closed", "closed")), [Fact::Issue(closed)]);
    for action in ["deleted", "transferred"] {
        assert_eq!(facts("issues", &issue(action, "open")), [], "{action}");
    }
}

#[test]
fn a_remark_is_on_an_issue_a_pull_request_its_lines_or_a_commit() {
    let note = Note {
        id: "comment/9".to_owned(),
        on: Subject::Issue(4),
        author: named("bo"),
        body: "Why?".to_owned(),
        thread: None,
        path: None,
        resolved: None,
        created_at: time("11:00"),
        updated_at: time("11:30"),
    };
    let told = |action, is_pull| facts("issue_comment", &comment(action, is_pull));
    assert_eq!(told("created", false), [Fact::Note(note.clone())]);
    let on_request = Note { on: Subject::MergeRequest(4), ..note.clone() };
    assert_eq!(told("edited", true), [Fact::Note(on_request)]);
    assert_eq!(told("deleted", false), []);

    for (reply_to, first) in [(None, "review_comment/9"), (Some(8), "review_comment/8")] {
        let on_lines = Note {
            id: "review_comment/9".to_owned(),
            on: Subject::MergeRequest(3),
            thread: Some(first.to_owned()),
            path: Some("src/count.rs".to_owned()),
            ..note.clone()
        };
        let told = facts("pull_request_review_comment", &comment_on_lines(reply_to));
        assert_eq!(told, [Fact::Note(on_lines)]);
    }
    let on = Subject::Commit(SHA.to_owned());
    let on_commit = Note { id: "commit_comment/9".to_owned(), on, ..note };
    assert_eq!(facts("commit_comment", &comment_on_commit()), [Fact::Note(on_commit)]);
}

fn a_run() -> Pipeline<Actor> {
    Pipeline {
        id: "7".to_owned(),
        sha: SHA.to_owned(),
        reference: "main".to_owned(),
        status: CiStatus::Failed,
        by: Some(named("ada")),
        created_at: time("10:00"),
        updated_at: time("10:05"),
        started_at: Some(time("10:00")),
        finished_at: Some(time("10:05")),
        coverage: None,
        web_url: Some(format!("{PAGE}/actions/runs/7")),
    }
}

#[test]
fn a_run_is_one_and_stands_as_its_newest_attempt_does() {
    let failed = facts("workflow_run", &run("completed", Some("failure"), "10:00", "10:05"));
    assert_eq!(failed, [Fact::Pipeline(a_run())]);
    let waiting = facts("workflow_run", &run("queued", None, "11:00", "11:00"));
    let waits = Pipeline {
        status: CiStatus::Pending,
        by: Some(named("bo")),
        updated_at: time("11:00"),
        started_at: None,
        finished_at: None,
        ..a_run()
    };
    assert_eq!(waiting, [Fact::Pipeline(waits.clone())]);
    let mended = facts("workflow_run", &run("completed", Some("success"), "11:00", "11:04"));
    let done = Pipeline {
        status: CiStatus::Success,
        updated_at: time("11:04"),
        started_at: Some(time("11:00")),
        finished_at: Some(time("11:04")),
        ..waits
    };
    assert_eq!(mended, [Fact::Pipeline(done)]);
    let kept = kept_in_any_order(&[failed, waiting, mended]);
    let stand: Vec<_> = kept
        .into_values()
        .map(|it| match it {
            Fact::Pipeline(it) => (it.status, it.started_at),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(stand, [(CiStatus::Success, Some(time("11:00")))]);
}

#[test]
fn a_run_stands_as_github_says_it_does() {
    let stands = |status: &str, conclusion: Option<&str>| {
        let told = facts("workflow_run", &run(status, conclusion, "10:00", "10:05"));
        match told.as_slice() {
            [Fact::Pipeline(it)] => (it.status, it.finished_at.is_some()),
            other => panic!("{other:?}"),
        }
    };
    for (word, status) in [
        ("queued", CiStatus::Pending),
        ("requested", CiStatus::Pending),
        ("waiting", CiStatus::Pending),
        ("pending", CiStatus::Pending),
        ("in_progress", CiStatus::Running),
    ] {
        assert_eq!(stands(word, None), (status, false), "{word}");
    }
    for (word, status, ended) in [
        ("success", CiStatus::Success, true),
        ("failure", CiStatus::Failed, true),
        ("startup_failure", CiStatus::Failed, true),
        ("timed_out", CiStatus::Failed, true),
        ("cancelled", CiStatus::Canceled, true),
        ("skipped", CiStatus::Skipped, true),
        ("neutral", CiStatus::Skipped, true),
        ("stale", CiStatus::Skipped, true),
        ("action_required", CiStatus::Pending, false),
    ] {
        assert_eq!(stands("completed", Some(word)), (status, ended), "{word}");
    }
}

#[test]
fn a_branch_of_a_fork_is_not_taken_for_one_of_here() {
    let reference = |place: Value| {
        let mut body = run("in_progress", None, "10:00", "10:05");
        body["workflow_run"]["head_repository"] = place;
        match facts("workflow_run", &body).as_slice() {
            [Fact::Pipeline(it)] => it.reference.clone(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(reference(json!({ "id": 2, "owner": user(5, "eve") })), "eve:main");
    assert_eq!(reference(json!({ "id": 1, "owner": user(9, "team") })), "main");
    assert_eq!(reference(json!(null)), "main");
}

#[test]
fn what_is_said_of_a_run_once_more_is_no_other_run() {
    let check_run = json!({
        "id": 70, "name": "test", "head_sha": SHA, "status": "completed", "conclusion": "failure",
        "started_at": day("10:00"), "completed_at": day("10:05"),
        "check_suite": { "id": 6, "head_branch": "main" },
    });
    let suite = json!({
        "id": 6, "head_sha": SHA, "head_branch": "main", "status": "completed",
        "conclusion": "failure", "created_at": day("10:00"), "updated_at": day("10:05"),
    });
    let job = json!({
        "id": 71, "run_id": 7, "run_attempt": 1, "head_sha": SHA, "status": "completed",
        "conclusion": "failure", "started_at": day("10:00"), "completed_at": day("10:05"),
    });
    let status = json!({
        "id": 72, "sha": SHA, "context": "ci/test", "state": "failure",
        "created_at": day("10:05"), "updated_at": day("10:05"),
    });
    for (event, body) in [
        ("check_run", json!({ "action": "completed", "check_run": check_run })),
        ("check_suite", json!({ "action": "completed", "check_suite": suite })),
        ("workflow_job", json!({ "action": "completed", "workflow_job": job })),
        ("status", status),
    ] {
        assert_eq!(facts(event, &done_by("ada", body)), [], "{event}");
    }
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
        at: time("09:30"),
    };
    let gone = Milestone { sha: None, removed: true, ..tagged.clone() };
    assert_eq!(facts("push", &tag(SHA)), [Fact::Milestone(tagged.clone())]);
    assert_eq!(facts("push", &tag(&"0".repeat(40))), [Fact::Milestone(gone)]);
    let released = Milestone {
        kind: MilestoneKind::Release,
        name: "The first".to_owned(),
        sha: None,
        at: time("13:00"),
        ..tagged
    };
    assert_eq!(facts("release", &release()), [Fact::Milestone(released)]);
}

#[test]
fn who_is_gone_is_nobody_and_a_program_is_known_for_one() {
    let mut asked = issue("opened", "open");
    asked["issue"]["user"] = json!(null);
    let told = facts("issues", &asked);
    let [Fact::Issue(it)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(it.author, None);
    // Nobody remarks, and nobody approves.
    for nobody in [json!(null), json!({})] {
        let mut said = comment("created", false);
        said["comment"]["user"] = nobody.clone();
        assert_eq!(facts("issue_comment", &said), []);
        let mut approved = review("submitted", "approved", (20, "11:00"), Some("Good."));
        approved["review"]["user"] = nobody;
        assert_eq!(facts("pull_request_review", &approved), []);
    }

    let mut said = comment("created", false);
    said["comment"]["user"] = user(6, "github-classroom[bot]");
    let told = facts("issue_comment", &said);
    let [Fact::Note(it)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(it.author, named("github-classroom[bot]"));
    assert!(is_bot(&it.author));
}

#[test]
fn a_header_makes_nothing_of_a_body_that_does_not_say_so() {
    for (event, body) in [
        ("issues", comment("created", true)),
        ("issues", pull_request("opened", "open", false, "10:00")),
        ("issue_comment", issue("opened", "open")),
        ("pull_request_review", pull_request("opened", "open", false, "10:00")),
        ("pull_request_review", comment_on_lines(None)),
        ("pull_request_review_comment", pull_request("opened", "open", false, "10:00")),
        ("workflow_run", issue("opened", "open")),
        ("pull_request_review_thread", comment_on_lines(None)),
    ] {
        assert_eq!(facts(event, &body), [], "{event}: {body}");
    }
    // Whatever it is called, it is on lines of a pull request.
    let remark = comment_on_lines(None);
    assert_eq!(facts("commit_comment", &remark), facts("pull_request_review_comment", &remark));
    assert!(SCHEME.facts(&a_delivery(&[], "{}")).is_err());
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
    // Remarks that have a number in common are others.
    assert_eq!(once.keys().filter(|it| it.kind == FactKind::Note).count(), 5);
    let edited = once.values().any(|it| matches!(it, Fact::Note(it) if it.body == "Fine."));
    assert!(edited, "{once:?}");
}

#[test]
fn an_odd_body_tells_less_and_is_no_error() {
    for (event, body) in all() {
        is_wary(SCHEME, &[(EVENT, event)], &body, 2);
    }
    assert_eq!(facts("star", &done_by("ada", json!({ "action": "created" }))), []);
}

#[test]
fn a_large_body_tells_a_bounded_part_of_it() {
    let long = "é".repeat(500_000);
    let mut body = push();
    let commit = body["commits"][0].clone();
    body["commits"] = json!(vec![commit; 5_000]);
    body["commits"][0]["message"] = json!(long);
    let told = facts("push", &body);
    assert_eq!(told.len(), 2_048);
    let Fact::Commit(first) = &told[0] else { panic!("{:?}", told[0]) };
    assert_eq!(first.message.len(), Commit::<Actor>::LONGEST);

    let mut body = pull_request("opened", "open", false, "10:00");
    body["pull_request"]["title"] = json!(long);
    body["pull_request"]["assignees"] = json!(vec![user(2, "bo"); 1_000]);
    let told = facts("pull_request", &body);
    let [Fact::MergeRequest(it)] = told.as_slice() else { panic!("it is not told") };
    assert_eq!((it.title.len(), it.assignees.len()), (1_000, 100));

    let given = review("submitted", "commented", (20, "11:00"), Some(&long));
    let told = facts("pull_request_review", &given);
    let [Fact::Note(it)] = told.as_slice() else { panic!("it is not told") };
    assert_eq!(it.body.len(), Note::<Actor>::LONGEST);

    let mut body = issue("opened", "open");
    body["issue"]["body"] = json!(long);
    let told = facts("issues", &body);
    let [Fact::Issue(it)] = told.as_slice() else { panic!("it is not told") };
    assert_eq!(it.description.as_ref().map(String::len), Some(Issue::<Actor>::LONGEST));

    let mut body = run("completed", Some("success"), "10:00", "10:05");
    body["workflow_run"]["head_branch"] = json!(long);
    body["workflow_run"]["html_url"] = json!(long);
    let told = facts("workflow_run", &body);
    let [Fact::Pipeline(it)] = told.as_slice() else { panic!("it is not told") };
    assert_eq!((it.reference.len(), it.web_url.as_deref()), (1_000, None));
}
