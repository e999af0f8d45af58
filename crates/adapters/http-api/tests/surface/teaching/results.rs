//! What courses make of what happened, and who sees it.

use std::time::Duration;

use actix_web::test::TestRequest;
use lodge_activity::{
    Actor, ActorId, CiStatus, Fact, Issue, IssueState, MergeRequest, MergeRequestState, Note,
    Pipeline, Subject,
};
use lodge_courses::{Course, Settings, settings::Privacy};
use lodge_kernel::{Digest, StudentId, Timestamp};
use lodge_storage::{KnownActor, Storage as _};
use lodge_teams::{Student, StudentState};
use lodge_testkit::builders::{
    NOW, a_course, a_project, a_student, a_team, course_id, project_id, student_id, team_id,
    tenant_id,
};
use serde_json::{Value, json};

use super::{ASSISTANT, OWNER, STUDENT, TEACHER, a_school, bootstrap, course, get, of};
use crate::support::{House, Tested};

/// Who student `n` is in facts.
fn who(n: u8) -> ActorId {
    ActorId(Digest([n; 32]))
}

fn days_ago(days: u64) -> Timestamp {
    NOW.minus(Duration::from_hours(24 * days))
}

fn a_merge_request(number: u64, author: u8, at: Timestamp, description: &str) -> Fact<ActorId> {
    Fact::MergeRequest(MergeRequest {
        number,
        title: "Search".to_owned(),
        description: Some(description.to_owned()),
        author: Some(who(author)),
        state: MergeRequestState::Merged,
        draft: false,
        source_branch: format!("{number}-search"),
        target_branch: "main".to_owned(),
        labels: Vec::new(),
        assignees: Vec::new(),
        reviewers: Vec::new(),
        head_sha: Some(format!("{number:040x}")),
        merged_by: Some(who(author)),
        created_at: at,
        updated_at: at,
        merged_at: Some(at),
        closed_at: None,
        web_url: Some(format!("https://git.college.example/-/merge_requests/{number}")),
    })
}

fn an_issue(number: u64, assignee: u8, at: Timestamp) -> Fact<ActorId> {
    Fact::Issue(Issue {
        number,
        title: "Search".to_owned(),
        description: None,
        author: Some(who(assignee)),
        state: IssueState::Opened,
        labels: Vec::new(),
        assignees: vec![who(assignee)],
        created_at: at,
        updated_at: at,
        closed_at: None,
        due_at: None,
        web_url: None,
    })
}

fn a_note(on: u64, author: u8, at: Timestamp) -> Fact<ActorId> {
    Fact::Note(Note {
        id: format!("{on}-{author}"),
        on: Subject::MergeRequest(on),
        author: who(author),
        body: "Why is this not a map from words to places?".to_owned(),
        thread: None,
        path: None,
        resolved: None,
        created_at: at,
        updated_at: at,
    })
}

fn a_failed_run(at: Timestamp) -> Fact<ActorId> {
    Fact::Pipeline(Pipeline {
        id: "1".to_owned(),
        sha: format!("{:040x}", 1),
        reference: "main".to_owned(),
        status: CiStatus::Failed,
        by: None,
        created_at: at,
        updated_at: at,
        started_at: Some(at),
        finished_at: Some(at),
        coverage: None,
        web_url: None,
    })
}

/// The school with a second member in team 1, who reviews what the first one
/// wrote three weeks ago, and a student without a team.
pub(super) async fn a_term() -> Tested<House> {
    let house = a_school().await?;
    let mut work = house.storage.begin().await?;
    work.students().add(&a_student(3)).await?;
    work.students().add(&Student { state: StudentState::Active, ..a_student(4) }).await?;
    work.teams().join(&a_team(1), student_id(3), NOW).await?;
    let known = |(n, student): (u8, u32)| KnownActor {
        id: who(n),
        host: a_project(1).origin.host,
        actor: Actor {
            email: Some(format!("student{student}@college.example")),
            ..Actor::default()
        },
        erased: false,
    };
    let people = [(1, 1), (3, 3)].map(known);
    work.activity().meet(tenant_id(1), course_id(1), &people).await?;
    let facts = [
        an_issue(11, 1, days_ago(22)),
        a_merge_request(1, 1, days_ago(21), "Finds what was written. Closes #11."),
        a_note(1, 3, days_ago(21)),
        a_merge_request(2, 3, days_ago(1), ""),
        a_failed_run(days_ago(1)),
    ];
    work.activity().tell(tenant_id(1), project_id(1), &facts).await?;
    work.commit().await?;
    Ok(house)
}

pub(super) fn team(what: &str) -> TestRequest {
    get(&format!("/api/v1/teams/{}/{what}", team_id(1)))
}

fn student(n: u32) -> TestRequest {
    get(&format!("/api/v1/students/{}/compliance", student_id(n)))
}

/// Of one student of an answer, by code: status and score.
fn results(team: &Value, id: StudentId) -> Vec<(String, String, Value)> {
    let students = team["students"].as_array().cloned().unwrap_or_default();
    let found = students.iter().find(|it| it["student_id"] == id.to_string());
    let checks = found.and_then(|it| it["checks"].as_array()).cloned().unwrap_or_default();
    let text = |it: &Value| it.as_str().unwrap_or_default().to_owned();
    checks.iter().map(|it| (text(&it["code"]), text(&it["status"]), it["score"].clone())).collect()
}

#[actix_web::test]
async fn a_team_is_judged_with_evidence() -> Tested {
    let house = a_term().await?;
    let answer = house.send(of(TEACHER, team("compliance"))).await?;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let data = &answer.json["data"];
    assert_eq!(data["thresholds"], json!({ "green": 80, "red": 50 }));
    let of_team = &data["teams"][0];
    assert_eq!(of_team["team_id"], team_id(1).to_string());
    assert_eq!(of_team["truncated"], false);
    assert_eq!(of_team["checks"].as_array().map(Vec::len), Some(26), "{}", answer.text);
    let ada = results(of_team, student_id(1));
    let of = |code: &str, all: &[(String, String, Value)]| {
        all.iter().find(|it| it.0 == code).map(|it| (it.1.clone(), it.2.clone()))
    };
    let passed = Some(("passed".to_owned(), json!(100.0)));
    let failed = Some(("failed".to_owned(), json!(0.0)));
    for code in ["R01", "R02", "R04", "R05", "R06"] {
        assert_eq!(of(code, &ada), passed, "{code} {ada:?}");
    }
    for code in ["R07", "R09", "R10", "R11", "R12"] {
        assert_eq!(of(code, &ada), failed, "{code} {ada:?}");
    }
    let other = results(of_team, student_id(3));
    assert_eq!(of("R05", &other), failed, "{other:?}");
    assert_eq!(of("R07", &other), Some(("partial".to_owned(), json!(50.0))), "{other:?}");
    let first = &of_team["students"][0]["checks"][0];
    assert_eq!(first["evidence"][0]["kind"], "issue", "{first}");
    assert_eq!(first["evidence"][0]["id"], "11");
    assert_eq!(first["evidence"][0]["project_id"], project_id(1).to_string());
    Ok(())
}

#[actix_web::test]
async fn students_see_themselves_and_of_others_what_the_settings_say() -> Tested {
    let house = a_term().await?;
    let answer = house.send(of(STUDENT, team("compliance"))).await?;
    let of_team = &answer.json["data"]["teams"][0];
    assert_eq!(of_team["students"].as_array().map(Vec::len), Some(1), "{}", answer.text);
    assert_eq!(of_team["students"][0]["student_id"], student_id(1).to_string());
    // A mean of two would tell what the other one has.
    assert_eq!((&of_team["score"], &of_team["checks"]), (&Value::Null, &json!([])));

    let open = Privacy { students_see_results: true, ..Privacy::default() };
    let settings = Settings { privacy: open, ..Settings::default() };
    let mut work = house.storage.begin().await?;
    work.courses().update(&Course { settings, revision: 2, ..a_course(1) }).await?;
    work.commit().await?;
    let answer = house.send(of(STUDENT, team("compliance"))).await?;
    let of_team = &answer.json["data"]["teams"][0];
    assert_eq!(of_team["students"].as_array().map(Vec::len), Some(2), "{}", answer.text);
    assert!(of_team["score"].is_number(), "{}", answer.text);

    let own = house.send(of(STUDENT, student(1))).await?;
    assert_eq!(own.json["data"]["teams"][0]["students"].as_array().map(Vec::len), Some(1));
    assert_eq!(house.send(of(STUDENT, student(3))).await?.verdict(), (404, "not_found"));
    let nobodys = house.send(of(TEACHER, student(4))).await?;
    assert_eq!(nobodys.json["data"]["teams"], json!([]), "{}", nobodys.text);
    Ok(())
}

#[actix_web::test]
async fn what_is_about_everybody_is_for_the_staff() -> Tested {
    let house = a_term().await?;
    for what in ["gradebook", "trend", "alerts"] {
        let path = course(&format!("/{what}"));
        for request in [bootstrap(get(&path)), of(OWNER, get(&path)), of(ASSISTANT, get(&path))] {
            let answer = house.send(request).await?;
            assert_eq!(answer.status, 200, "{what}: {}", answer.text);
        }
        assert_eq!(house.send(of(STUDENT, get(&path))).await?.verdict(), (403, "forbidden"));
    }
    Ok(())
}

#[actix_web::test]
async fn a_gradebook_has_every_student_who_takes_the_course() -> Tested {
    let house = a_term().await?;
    let mut work = house.storage.begin().await?;
    let dropped = Student { state: StudentState::Dropped, revision: 2, ..a_student(4) };
    work.students().update(&dropped).await?;
    work.commit().await?;
    let answer = house.send(of(TEACHER, get(&course("/gradebook")))).await?;
    let data = &answer.json["data"];
    let rows: Vec<_> = data["rows"].as_array().into_iter().flatten().collect();
    let names: Vec<_> = rows.iter().map(|it| (&it["name"], &it["team"])).collect();
    assert_eq!(
        json!(names),
        json!([["Student 1", "Team 1"], ["Student 3", "Team 1"], ["Student 2", "Team 2"]]),
        "{}",
        answer.text
    );
    assert_eq!(rows[0]["results"]["R01"], 100.0, "{}", answer.text);
    assert_eq!(data["columns"][0], json!({ "code": "R01", "name": "Issue assigned", "weight": 8 }));
    let alone = house.send(of(TEACHER, team("compliance"))).await?;
    let score = &alone.json["data"]["teams"][0]["students"][0]["score"];
    assert_eq!(&rows[0]["score"], score, "{}", answer.text);
    Ok(())
}

#[actix_web::test]
async fn a_trend_winds_back_what_happened_later() -> Tested {
    let house = a_term().await?;
    let answer = house.send(of(TEACHER, get(&course("/trend?weeks=5")))).await?;
    let steps: Vec<_> = answer.json["data"].as_array().cloned().unwrap_or_default();
    assert_eq!(steps.len(), 5, "{}", answer.text);
    let monday = |it: &Value| it["week"].as_str().unwrap_or_default().to_owned();
    assert!(steps.is_sorted_by_key(monday), "{}", answer.text);
    // Five weeks ago nothing had happened, and nobody had failed.
    assert_eq!(steps[0]["score"], Value::Null, "{}", answer.text);
    let last = steps.last().cloned().unwrap_or_default();
    let now = house.send(of(TEACHER, get(&course("/gradebook")))).await?;
    assert_eq!(last["score"], now.json["data"]["score"], "{} {}", answer.text, now.text);
    for (query, field) in [("?weeks=0", "weeks"), ("?weeks=54", "weeks"), ("?x=1", "x")] {
        let refused = house.send(of(TEACHER, get(&course(&format!("/trend{query}"))))).await?;
        assert_eq!(refused.verdict(), (400, "invalid_request"), "{query}");
        assert!(refused.text.contains(field), "{}", refused.text);
    }
    Ok(())
}

#[actix_web::test]
async fn alerts_name_whom_and_what_to_look_at() -> Tested {
    let house = a_term().await?;
    let answer = house.send(of(TEACHER, get(&course("/alerts")))).await?;
    let all: Vec<_> = answer.json["data"].as_array().cloned().unwrap_or_default();
    let has = |kind: &str, what: &str, id: String| {
        all.iter().any(|it| it["kind"] == kind && it[what]["id"] == id)
    };
    assert!(has("team_red", "team", team_id(1).to_string()), "{}", answer.text);
    assert!(has("student_inactive", "student", student_id(1).to_string()), "{}", answer.text);
    assert!(!has("student_inactive", "student", student_id(3).to_string()), "{}", answer.text);
    assert!(has("student_without_team", "student", student_id(4).to_string()), "{}", answer.text);
    assert!(has("pipeline_failing", "project", project_id(1).to_string()), "{}", answer.text);
    let order = |it: &Value| match it["severity"].as_str() {
        Some("high") => 0,
        Some("medium") => 1,
        _ => 2,
    };
    assert!(all.is_sorted_by_key(order), "{}", answer.text);
    let later = house.send(of(TEACHER, get(&course("/alerts?inactive_days=30")))).await?;
    assert!(!later.text.contains("did nothing"), "{}", later.text);
    for query in ["?inactive_days=0", "?inactive_days=x", "?days=3"] {
        let refused = house.send(of(TEACHER, get(&course(&format!("/alerts{query}"))))).await?;
        assert_eq!(refused.verdict(), (400, "invalid_request"), "{query}");
    }
    Ok(())
}
