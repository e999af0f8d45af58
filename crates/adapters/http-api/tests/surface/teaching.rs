//! Courses: who gets in, who may do what, and what is answered to whom.

use std::time::Duration;

use actix_web::test::TestRequest;
use lodge_access::{Membership, Role, SecretKind, Session};
use lodge_courses::{PersonalToken, Staff, StaffRole};
use lodge_http_api::{TEACHING_ROUTES, routes::Credential};
use lodge_storage::Storage as _;
use lodge_teams::Student;
use lodge_testkit::builders::{
    NOW, a_course, a_membership, a_personal_token, a_project, a_session, a_student, a_teacher,
    a_team, a_tenant, a_user, course_id, personal_token_id, project_id, session_id, student_id,
    team_id, tenant_id, user_id,
};
use serde_json::{Value, json};

use crate::support::{Answer, House, Plan, Tested, bearer, secret};

const TOKEN: &str = "d41f6b02c9a87e3554b0c1d2e3f4a596";
/// Who teaches course 1.
pub(crate) const TEACHER: u32 = 2;
/// Who assists in course 1.
pub(crate) const ASSISTANT: u32 = 3;
/// Student 1, a member of team 1.
pub(crate) const STUDENT: u32 = 4;
/// A developer of the organisation who is nothing in course 1.
pub(crate) const COLLEAGUE: u32 = 5;
/// An owner of another organisation.
pub(crate) const STRANGER: u32 = 6;

/// A house with a course, everybody who has to do with it, and a session of
/// each.
pub(crate) async fn a_school() -> Tested<House> {
    let house = House::built(Plan { teacher_token: Some(TOKEN), ..Plan::default() }).await?;
    let mut work = house.storage.begin().await?;
    work.tenants().add(&a_tenant(2)).await?;
    for n in TEACHER..=STRANGER {
        work.users().add(&a_user(n)).await?;
        let tenant = tenant_id(if n == STRANGER { 2 } else { 1 });
        let role = if n == STRANGER { Role::Owner } else { Role::Developer };
        work.memberships().add(&Membership { tenant, role, ..a_membership(n) }).await?;
        let session = Session { user: user_id(n), tenant: Some(tenant), ..a_session(n) };
        work.sessions().add(&session).await?;
    }
    work.sessions().add(&a_session(1)).await?;
    work.courses().add(&a_course(1)).await?;
    work.staff().put(&a_teacher(TEACHER)).await?;
    let role = StaffRole::Assistant;
    work.staff().put(&Staff { role, ..a_teacher(ASSISTANT) }).await?;
    for n in [1, 2] {
        work.teams().add(&a_team(n)).await?;
    }
    work.students().add(&Student { user: Some(user_id(STUDENT)), ..a_student(1) }).await?;
    work.students().add(&a_student(2)).await?;
    work.teams().join(&a_team(1), student_id(1), NOW).await?;
    work.teams().join(&a_team(2), student_id(2), NOW).await?;
    work.projects().add(&a_project(1)).await?;
    work.commit().await?;
    Ok(house)
}

pub(crate) fn of(n: u32, request: TestRequest) -> TestRequest {
    bearer(request, &secret(SecretKind::UserSession, n))
}

pub(crate) fn bootstrap(request: TestRequest) -> TestRequest {
    request.insert_header(("authorization", format!("Bearer {TOKEN}")))
}

pub(crate) fn get(path: &str) -> TestRequest {
    TestRequest::get().uri(path)
}

pub(crate) fn send(method: &str, path: &str, body: &Value) -> TestRequest {
    let request = TestRequest::default().uri(path).method(method.parse().unwrap_or_default());
    request.set_json(body)
}

fn csv(path: &str, text: &str) -> TestRequest {
    let request = TestRequest::post().uri(path).insert_header(("content-type", "text/csv"));
    request.set_payload(text.to_owned())
}

fn course(rest: &str) -> String {
    format!("/api/v1/courses/{}{rest}", course_id(1))
}

fn draft(code: &str) -> Value {
    json!({
        "code": code, "name": "Programming", "academic_year": "2026/2027", "semester": "winter",
        "time_zone": "europe/bratislava",
    })
}

fn fields(answer: &Answer) -> Vec<&str> {
    let details = answer.json["error"]["details"].as_array();
    details.into_iter().flatten().filter_map(|it| it["field"].as_str()).collect()
}

/// The path of a row, below what there is.
fn path(row: &str) -> String {
    row.replace("{courseId}", &course_id(1).to_string())
        .replace("{teamId}", &team_id(1).to_string())
        .replace("{studentId}", &student_id(1).to_string())
        .replace("{projectId}", &project_id(1).to_string())
        .replace("{userId}", &user_id(TEACHER).to_string())
        .replace("{tokenId}", &personal_token_id(1).to_string())
}

#[actix_web::test]
async fn no_row_answers_without_a_credential_or_with_a_wrong_one() -> Tested {
    let house = a_school().await?;
    let before = house.storage.contents();
    for row in TEACHING_ROUTES.iter().filter(|it| it.credential == Credential::Teacher) {
        let request = || send(row.method, &path(row.path), &json!({}));
        let without = house.send(request()).await?;
        assert_eq!(without.verdict(), (401, "unauthorized"), "{} {}", row.method, row.path);
        assert_eq!(without.header("www-authenticate"), "Bearer");
        assert!(without.json["error"]["details"].is_array(), "{}", without.text);
        for wrong in [
            secret(SecretKind::UserSession, 99),
            secret(SecretKind::PersonalToken, 99),
            secret(SecretKind::AccessToken, 1),
        ] {
            let answer = house.send(bearer(request(), &wrong)).await?;
            assert_eq!(answer.verdict(), (401, "unauthorized"), "{} {}", row.method, row.path);
        }
    }
    assert_eq!(house.storage.contents(), before);
    Ok(())
}

#[actix_web::test]
async fn nothing_of_a_course_is_there_for_who_is_nothing_in_it() -> Tested {
    let house = a_school().await?;
    let before = house.storage.contents();
    let of_course = |it: &str| {
        ["{courseId}", "{teamId}", "{studentId}", "{projectId}"].iter().any(|id| it.contains(id))
    };
    let mut n = 0;
    for row in TEACHING_ROUTES.iter().filter(|it| of_course(it.path)) {
        let body = match row.path {
            it if it.ends_with("/clone") => json!({
                "code": "new", "name": "x", "academic_year": "2026/2027", "semester": "winter",
            }),
            it if it.ends_with("/staff") => json!({ "email": "a@b.example", "role": "teacher" }),
            it if it.ends_with("/members") => json!({ "student_id": student_id(1).to_string() }),
            it if it.ends_with("/identities") => json!({ "kind": "username", "value": "ada" }),
            it if it.ends_with("/projects") => {
                json!({ "name": "x", "origin": { "host": "local", "remote_id": "x" } })
            }
            it if it.ends_with("/teams") => json!({ "name": "x" }),
            _ => json!({}),
        };
        for who in [COLLEAGUE, STRANGER] {
            let mut place = path(row.path);
            if row.method == "DELETE" && place.ends_with("/identities") {
                place += "?kind=username&value=ada";
            }
            let request = if row.path.ends_with("/roster") && row.method == "POST" {
                csv(&place, "name,email\nAda,ada@example.org\n")
            } else {
                send(row.method, &place, &body)
            };
            let answer = house.send(of(who, request)).await?;
            assert_eq!(answer.verdict(), (404, "not_found"), "{} {place}", row.method);
            n += 1;
        }
    }
    assert!(n > 60, "{n}");
    assert_eq!(house.storage.contents(), before);
    let own = house.send(of(COLLEAGUE, get("/api/v1/courses/"))).await?;
    assert_eq!((own.status, &own.json["data"]), (200, &json!([])));
    Ok(())
}

#[actix_web::test]
async fn each_role_may_what_its_row_of_the_table_says() -> Tested {
    let house = a_school().await?;
    let (team, student) = (team_id(1), student_id(1));
    let name = json!({ "name": "Changed" });
    for (who, settings, students, change, staff) in [
        (1, 200, 200, 200, 200),
        (TEACHER, 200, 200, 200, 200),
        (ASSISTANT, 200, 200, 403, 403),
        (STUDENT, 403, 403, 403, 403),
    ] {
        let seen = house.send(of(who, get(&course("")))).await?;
        assert_eq!(seen.status, 200, "{who}: {}", seen.text);
        for (request, expected) in [
            (get(&course("/settings")), settings),
            (get(&course("/students")), students),
            (get(&course("/roster")), students),
            (send("PATCH", &format!("/api/v1/teams/{team}"), &name), change),
            (send("PATCH", &course(""), &name), change),
            (
                send(
                    "POST",
                    &course("/staff"),
                    &json!({
                        "user_id": user_id(COLLEAGUE).to_string(), "role": "assistant",
                    }),
                ),
                staff,
            ),
        ] {
            let answer = house.send(of(who, request)).await?;
            assert_eq!(answer.status, expected, "{who}: {}", answer.text);
        }
    }
    let roles =
        [(1, "admin"), (TEACHER, "teacher"), (ASSISTANT, "assistant"), (STUDENT, "student")];
    for (who, role) in roles {
        let seen = house.send(of(who, get(&course("")))).await?;
        assert_eq!(seen.json["data"]["role"], role);
    }
    // A student sees their own team, and nobody else's.
    let own = house.send(of(STUDENT, get(&course("/teams")))).await?;
    assert_eq!(own.json["data"].as_array().map(Vec::len), Some(1), "{}", own.text);
    for (place, status) in [
        (format!("teams/{team}"), 200),
        (format!("teams/{}", team_id(2)), 404),
        (format!("students/{student}"), 200),
        (format!("students/{}", student_id(2)), 404),
        (format!("projects/{}", project_id(1)), 200),
    ] {
        let answer = house.send(of(STUDENT, get(&format!("/api/v1/{place}")))).await?;
        assert_eq!(answer.status, status, "{place}: {}", answer.text);
    }
    Ok(())
}

#[actix_web::test]
async fn the_token_of_the_environment_teaches_and_administers_nobody() -> Tested {
    let house = a_school().await?;
    let me = house.send(bootstrap(get("/api/v1/users/me"))).await?;
    assert_eq!(me.json["data"]["kind"], "bootstrap", "{}", me.text);
    assert_eq!(house.send(bootstrap(get(&course("/settings")))).await?.status, 200);
    for place in ["/api/v1/users/", "/api/v1/users/me/tokens"] {
        let answer = house.send(bootstrap(get(place))).await?;
        assert_eq!(answer.verdict(), (403, "forbidden"), "{place}");
    }
    let closed = House::ordinary().await?;
    let answer = closed.send(bootstrap(get("/api/v1/users/me"))).await?;
    assert_eq!(answer.verdict(), (401, "unauthorized"));
    Ok(())
}

#[actix_web::test]
async fn a_personal_token_is_made_used_and_ended_and_may_no_more_than_it_says() -> Tested {
    let house = a_school().await?;
    let tokens = "/api/v1/users/me/tokens";
    let body = json!({ "name": "script", "scopes": ["courses:read"], "expires_in_days": 7 });
    let made = house.send(of(TEACHER, send("POST", tokens, &body))).await?;
    assert_eq!(made.status, 201, "{}", made.text);
    let text = made.json["data"]["token"].as_str().unwrap_or_default().to_owned();
    assert!(!house.storage.contents().contains(&text));
    let with =
        |request: TestRequest| request.insert_header(("authorization", format!("Bearer {text}")));
    assert_eq!(house.send(with(get(&course("")))).await?.status, 200);
    for request in [
        send("PATCH", &course(""), &json!({ "name": "x" })),
        send("POST", "/api/v1/courses/", &draft("PV-9")),
        send("POST", tokens, &body),
        get("/api/v1/users/"),
    ] {
        let answer = house.send(with(request)).await?;
        assert_eq!(answer.verdict(), (403, "forbidden"), "{}", answer.text);
    }
    let listed = house.send(of(TEACHER, get(tokens))).await?;
    let id = listed.json["data"][0]["id"].as_str().unwrap_or_default().to_owned();
    assert!(listed.json["data"][0]["last_used_at"].is_string(), "{}", listed.text);
    assert!(listed.json["data"][0]["token"].is_null());
    let end = |who| of(who, send("DELETE", &format!("{tokens}/{id}"), &json!({})));
    assert_eq!(house.send(end(ASSISTANT)).await?.status, 404);
    assert_eq!(house.send(end(TEACHER)).await?.status, 204);
    assert_eq!(house.send(with(get(&course("")))).await?.verdict(), (401, "unauthorized"));

    // Its end, and that its person leaves, end it, too.
    let mut work = house.storage.begin().await?;
    let owned = PersonalToken { user: user_id(TEACHER), ..a_personal_token(1) };
    work.personal_tokens().add(&owned).await?;
    work.commit().await?;
    let mine = || bearer(get(&course("")), &secret(SecretKind::PersonalToken, 1));
    assert_eq!(house.send(mine()).await?.status, 200);
    let mut work = house.storage.begin().await?;
    work.memberships().remove(tenant_id(1), user_id(TEACHER)).await?;
    work.commit().await?;
    assert_eq!(house.send(mine()).await?.verdict(), (401, "unauthorized"));
    Ok(())
}

#[actix_web::test]
async fn a_code_that_is_taken_is_named_and_everything_wrong_is_said_at_once() -> Tested {
    let house = a_school().await?;
    let make = |body: Value| bootstrap(send("POST", "/api/v1/courses/", &body));
    let made = house.send(make(draft("PV-2026"))).await?;
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(made.json["data"]["time_zone"], "Europe/Bratislava");
    assert_eq!(made.header("etag"), "\"r1\"");
    let place = made.header("location").to_owned();
    assert_eq!(house.send(bootstrap(get(&place))).await?.status, 200);
    let taken = house.send(make(draft("pv-2026"))).await?;
    assert_eq!(taken.verdict(), (409, "conflict"));
    assert!(taken.text.contains("pv-2026"), "{}", taken.text);
    let mut wrong = draft("no blanks");
    wrong["academic_year"] = json!("2026/2028");
    let wrong = house.send(make(wrong)).await?;
    assert_eq!(wrong.verdict(), (422, "unprocessable"));
    assert_eq!(fields(&wrong), ["code", "academic_year"]);
    let mut nowhere = draft("PV-3");
    nowhere["time_zone"] = json!("Mars/Olympus");
    assert_eq!(fields(&house.send(make(nowhere)).await?), ["time_zone"]);
    let mut unknown = draft("PV-3");
    unknown["colour"] = json!("red");
    assert_eq!(house.send(make(unknown)).await?.verdict(), (400, "invalid_request"));
    Ok(())
}

#[actix_web::test]
async fn a_change_of_something_else_than_was_seen_is_refused() -> Tested {
    let house = a_school().await?;
    let seen = house.send(of(TEACHER, get(&course("")))).await?;
    let etag = seen.header("etag").to_owned();
    let fresh = of(TEACHER, get(&course(""))).insert_header(("if-none-match", etag.clone()));
    assert_eq!(house.send(fresh).await?.status, 304);
    let change = |etag: &str| {
        let request = send("PATCH", &course(""), &json!({ "name": "Changed" }));
        of(TEACHER, request).insert_header(("if-match", etag.to_owned()))
    };
    let changed = house.send(change(&etag)).await?;
    assert_eq!((changed.status, changed.header("etag")), (200, "\"r2\""), "{}", changed.text);
    assert_eq!(house.send(change(&etag)).await?.verdict(), (412, "precondition_failed"));
    assert_eq!(house.send(change("\"other\", \"r2\"")).await?.status, 200);
    assert_eq!(house.send(change("*")).await?.status, 200);
    let put = send("PUT", &course("/settings"), &json!({ "thresholds": { "green": 90 } }));
    let put = of(TEACHER, put).insert_header(("if-match", etag));
    assert_eq!(house.send(put).await?.verdict(), (412, "precondition_failed"));
    Ok(())
}

#[actix_web::test]
async fn a_request_with_a_key_has_its_effect_once() -> Tested {
    let house = a_school().await?;
    let make = |key: &str, code: &str| {
        let request = send("POST", "/api/v1/courses/", &draft(code));
        of(TEACHER, request).insert_header(("idempotency-key", key.to_owned()))
    };
    let first = house.send(make("k1", "PV-A")).await?;
    assert_eq!((first.status, first.header("idempotency-replayed")), (201, ""), "{}", first.text);
    let again = house.send(make("k1", "PV-A")).await?;
    assert_eq!((again.status, &again.text), (201, &first.text));
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(again.header("location"), first.header("location"));
    assert_eq!(house.send(make("k1", "PV-B")).await?.verdict(), (409, "conflict"));
    // Another caller has keys of their own.
    let other = send("POST", "/api/v1/courses/", &draft("PV-A"));
    let other = of(ASSISTANT, other).insert_header(("idempotency-key", "k1"));
    assert_eq!(house.send(other).await?.verdict(), (409, "conflict"));
    // What was refused is corrected with the same key; after a day it is free.
    assert_eq!(house.send(make("k2", "PV A")).await?.status, 422);
    assert_eq!(house.send(make("k2", "PV-C")).await?.status, 201);
    house.clock.advance(Duration::from_hours(25));
    let mut work = house.storage.begin().await?;
    let later = NOW.plus(Duration::from_hours(25));
    work.sessions().seen(session_id(TEACHER), later).await?;
    work.commit().await?;
    let free = house.send(make("k1", "PV-D")).await?;
    assert_eq!(free.status, 201, "{}", free.text);
    Ok(())
}

#[actix_web::test]
async fn an_archived_course_is_read_and_not_changed() -> Tested {
    let house = a_school().await?;
    let archive = |verb: &str| of(TEACHER, TestRequest::post().uri(&course(verb)));
    let put_away = house.send(archive("/archive")).await?;
    assert_eq!(put_away.json["data"]["state"], "archived", "{}", put_away.text);
    assert_eq!(house.send(of(TEACHER, get(&course("/teams")))).await?.status, 200);
    for request in [
        send("PATCH", &course(""), &json!({ "name": "x" })),
        send("POST", &course("/teams"), &json!({ "name": "x" })),
        csv(&course("/roster"), "name,email\nAda,ada@example.org\n"),
    ] {
        let answer = house.send(of(TEACHER, request)).await?;
        assert_eq!(answer.verdict(), (409, "conflict"), "{}", answer.text);
    }
    assert_eq!(house.send(archive("/unarchive")).await?.json["data"]["state"], "active");
    Ok(())
}

#[actix_web::test]
async fn a_course_is_exported_imported_and_exported_the_same() -> Tested {
    let house = a_school().await?;
    let chosen = json!({
        "thresholds": { "green": 90, "red": 40 },
        "checks": [{ "code": "R02", "weight": 9, "params": { "pattern": "^feature/" } }],
        "deadlines": [{ "name": "First", "at": "2026-12-20T23:00:00Z" }],
    });
    let put = of(TEACHER, send("PUT", &course("/settings"), &chosen));
    assert_eq!(house.send(put).await?.status, 200);
    let file = house.send(of(TEACHER, get(&course("/export")))).await?.json;
    let mut copy = file.clone();
    copy["course"]["code"] = json!("PV-COPY");
    let import = |body: &Value| of(TEACHER, send("POST", "/api/v1/courses/import/json", body));
    let made = house.send(import(&copy)).await?;
    assert_eq!(made.status, 201, "{}", made.text);
    let place = format!("{}/export", made.header("location"));
    assert_eq!(house.send(of(TEACHER, get(&place))).await?.json, copy);
    assert_eq!(house.send(import(&file)).await?.verdict(), (409, "conflict"));
    copy["settings"]["checks"][3]["weight"] = json!(-1);
    let wrong = house.send(import(&copy)).await?;
    assert_eq!((wrong.status, fields(&wrong)), (422, vec!["settings.checks[3].weight"]));
    Ok(())
}

#[actix_web::test]
async fn a_roster_with_a_broken_line_changes_nothing_and_names_the_line() -> Tested {
    let house = a_school().await?;
    let good = |n: u32| format!("{n},Person {n},p{n}@college.example,Blue,user{n}\n");
    let lines: Vec<_> = (2..=30).map(good).collect();
    let head = "student_number,name,email,team,usernames\n";
    let mut broken = lines.clone();
    broken[15] = "17,Person 17,not an address,Blue,\n".to_owned();
    let file = |lines: &[String]| head.to_owned() + &lines.concat();
    let import =
        |query: &str, text: &str| of(TEACHER, csv(&course(&format!("/roster{query}")), text));
    let before = house.storage.contents();
    let refused = house.send(import("", &file(&broken))).await?;
    assert_eq!((refused.status, fields(&refused)), (422, vec!["line 17, column 3 (email)"]));
    let tried = house.send(import("?dry_run=true", &file(&lines))).await?;
    assert_eq!((tried.status, &tried.json["data"]["created"]), (200, &json!(29)));
    assert_eq!(house.storage.contents(), before);

    let done = house.send(import("", &file(&lines))).await?;
    assert_eq!((done.status, &done.json["data"]["teams_created"]), (200, &json!(1)));
    let again = house.send(import("", &file(&lines))).await?.json["data"].clone();
    assert_eq!((&again["unchanged"], &again["updated"]), (&json!(29), &json!(0)));
    let exported = house.send(of(TEACHER, get(&course("/roster")))).await?;
    let back = house.send(import("", &exported.text)).await?.json["data"].clone();
    assert_eq!(
        (&back["unchanged"], &back["updated"], &back["created"]),
        (&json!(31), &json!(0), &json!(0))
    );
    let dropped = house.send(import("?drop_missing=true", &file(&lines))).await?;
    assert_eq!(dropped.json["data"]["dropped"], 2, "{}", dropped.text);
    let left = of(TEACHER, get(&course("/students?state=dropped")));
    assert_eq!(house.send(left).await?.json["data"].as_array().map(Vec::len), Some(2));

    let large = house.send(import("", &"x".repeat((5 << 20) + 1))).await?;
    assert_eq!(large.verdict(), (413, "payload_too_large"));
    let untyped = of(TEACHER, TestRequest::post().uri(&course("/roster")).set_payload(head));
    assert_eq!(house.send(untyped).await?.verdict(), (415, "unsupported_media_type"));
    Ok(())
}

#[actix_web::test]
async fn an_erased_student_is_nowhere_and_the_trail_says_who_did_it() -> Tested {
    let house = a_school().await?;
    let student = format!("/api/v1/students/{}", student_id(1));
    let identity = json!({ "kind": "username", "value": "ada-lovelace" });
    let identities = format!("{student}/identities");
    assert_eq!(house.send(of(TEACHER, send("POST", &identities, &identity))).await?.status, 201);
    let same = house.send(of(TEACHER, send("POST", &identities, &identity))).await?;
    assert_eq!(same.verdict(), (409, "conflict"));
    let erase = |who| of(who, send("DELETE", &format!("{student}/personal-data"), &json!({})));
    assert_eq!(house.send(erase(ASSISTANT)).await?.status, 403);
    let done = house.send(erase(TEACHER)).await?;
    assert_eq!((done.status, &done.json["data"]["identities"]), (200, &json!(1)), "{}", done.text);
    let kept = house.storage.contents();
    for gone in ["ada-lovelace", "student1@college.example", "Student 1\""] {
        assert!(!kept.contains(gone), "{gone} is still there");
    }
    assert!(kept.contains("StudentErased"), "the trail says nothing of it");
    // The team has the row, and nobody can make it somebody again.
    let team = house.send(of(TEACHER, get(&format!("/api/v1/teams/{}", team_id(1))))).await?;
    assert_eq!(team.json["data"]["members"][0]["state"], "erased");
    let again = house.send(of(TEACHER, send("PATCH", &student, &json!({ "name": "Ada" })))).await?;
    assert_eq!(again.verdict(), (409, "conflict"));
    Ok(())
}

#[actix_web::test]
async fn a_locked_team_keeps_its_members_and_projects() -> Tested {
    let house = a_school().await?;
    let team = format!("/api/v1/teams/{}", team_id(1));
    let lock = |verb: &str| of(TEACHER, TestRequest::post().uri(&format!("{team}/{verb}")));
    assert_eq!(house.send(lock("lock")).await?.json["data"]["locked"], true);
    let member = json!({ "student_id": student_id(2).to_string() });
    let project = json!({ "name": "x", "origin": { "host": "local", "remote_id": "x" } });
    let (members, projects) = (format!("{team}/members"), format!("{team}/projects"));
    for (place, body) in [(&members, &member), (&projects, &project)] {
        let answer = house.send(of(TEACHER, send("POST", place, body))).await?;
        assert_eq!(answer.verdict(), (409, "conflict"), "{place}");
    }
    assert_eq!(house.send(lock("unlock")).await?.json["data"]["locked"], false);
    for (place, body, status) in [(&members, &member, 204), (&projects, &project, 201)] {
        let answer = house.send(of(TEACHER, send("POST", place, body))).await?;
        assert_eq!(answer.status, status, "{place}: {}", answer.text);
    }
    Ok(())
}

#[actix_web::test]
async fn a_course_is_deleted_by_its_code_only_and_says_what_goes() -> Tested {
    let house = a_school().await?;
    let delete = |query: &str| of(TEACHER, send("DELETE", &course(query), &json!({})));
    let asked = house.send(delete("")).await?;
    assert_eq!((asked.status, fields(&asked)), (422, vec!["confirm"]));
    assert!(asked.text.contains("2 teams, 2 students, 1 projects"), "{}", asked.text);
    assert_eq!(house.send(delete("?confirm=PV-2")).await?.status, 422);
    let gone = house.send(delete("?confirm=PV-1")).await?;
    assert_eq!((gone.status, &gone.json["data"]["students"]), (200, &json!(2)));
    assert_eq!(house.send(of(TEACHER, get(&course("")))).await?.status, 404);
    Ok(())
}

#[actix_web::test]
async fn a_copy_has_the_settings_and_nobody_but_the_staff_that_was_asked_for() -> Tested {
    let house = a_school().await?;
    let mut body = json!({
        "code": "PV-NEW", "name": "Next year", "academic_year": "2027/2028", "semester": "summer",
        "with_staff": true,
    });
    let clone = |body: &Value| of(TEACHER, send("POST", &course("/clone"), body));
    let made = house.send(clone(&body)).await?;
    assert_eq!(made.status, 201, "{}", made.text);
    let place = made.header("location").to_owned();
    let count = async |rest: &str| -> Tested<usize> {
        let answer = house.send(of(TEACHER, get(&format!("{place}{rest}")))).await?;
        Ok(answer.json["data"].as_array().map_or(0, Vec::len))
    };
    assert_eq!(
        (count("/staff").await?, count("/students").await?, count("/teams").await?),
        (2, 0, 0)
    );
    assert_eq!(house.send(clone(&body)).await?.verdict(), (409, "conflict"));
    body["code"] = json!("PV-NEW-2");
    body["with_staff"] = json!(false);
    let alone = house.send(clone(&body)).await?.header("location").to_owned();
    let staff = house.send(of(TEACHER, get(&format!("{alone}/staff")))).await?;
    assert_eq!(staff.json["data"].as_array().map(Vec::len), Some(1));
    Ok(())
}

#[actix_web::test]
async fn a_list_goes_on_where_it_ended_and_a_cursor_fits_its_list_only() -> Tested {
    let house = a_school().await?;
    for n in [3, 4, 5] {
        let body = json!({ "name": format!("team {}", 9 - n) });
        assert_eq!(
            house.send(of(TEACHER, send("POST", &course("/teams"), &body))).await?.status,
            201
        );
        house.clock.advance(Duration::from_secs(1));
    }
    let mut names = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = course(&format!("/teams?sort=-name&limit=2{cursor}"));
        let page = house.send(of(TEACHER, get(&page))).await?;
        assert_eq!(page.status, 200, "{}", page.text);
        let data = page.json["data"].as_array().cloned().unwrap_or_default();
        names.extend(data.iter().filter_map(|it| it["name"].as_str().map(ToOwned::to_owned)));
        let Some(next) = page.json["page_info"]["next_cursor"].as_str() else { break };
        for other in ["sort=name&limit=2", "sort=-name&q=team"] {
            let elsewhere = course(&format!("/teams?{other}&cursor={next}"));
            let answer = house.send(of(TEACHER, get(&elsewhere))).await?;
            assert_eq!(answer.verdict(), (400, "invalid_request"), "{other}");
        }
        cursor = format!("&cursor={next}");
    }
    assert_eq!(names, ["team 6", "team 5", "team 4", "Team 2", "Team 1"]);
    let found = house.send(of(TEACHER, get(&course("/teams?q=TEAM%206")))).await?;
    assert_eq!(found.json["data"].as_array().map(Vec::len), Some(1));
    for wrong in ["limit=0", "sort=colour", "state=lost", "colour=red", "team_id=x"] {
        let answer = house.send(of(TEACHER, get(&course(&format!("/teams?{wrong}"))))).await?;
        assert_eq!(answer.verdict(), (400, "invalid_request"), "{wrong}");
    }
    Ok(())
}

#[actix_web::test]
async fn administrators_see_people_and_change_roles_and_others_do_not() -> Tested {
    let house = a_school().await?;
    let people = house.send(of(1, get("/api/v1/users/"))).await?;
    assert_eq!(people.json["data"].as_array().map(Vec::len), Some(5), "{}", people.text);
    assert_eq!(house.send(of(TEACHER, get("/api/v1/users/"))).await?.status, 403);
    let person = |n| format!("/api/v1/users/{}", user_id(n));
    assert_eq!(house.send(of(TEACHER, get(&person(TEACHER)))).await?.status, 200);
    assert_eq!(house.send(of(TEACHER, get(&person(ASSISTANT)))).await?.status, 403);
    assert_eq!(house.send(of(1, get(&person(STRANGER)))).await?.status, 404);
    let change = |who, n, role: &str| of(who, send("PATCH", &person(n), &json!({ "role": role })));
    let changed = house.send(change(1, ASSISTANT, "viewer")).await?;
    assert_eq!(changed.json["data"]["role"], "viewer", "{}", changed.text);
    assert_eq!(house.send(change(1, 1, "viewer")).await?.verdict(), (409, "conflict"));
    assert_eq!(house.send(change(TEACHER, ASSISTANT, "admin")).await?.status, 403);
    let make = send("POST", "/api/v1/courses/", &draft("PV-V"));
    assert_eq!(house.send(of(ASSISTANT, make)).await?.verdict(), (403, "forbidden"));
    Ok(())
}

#[actix_web::test]
async fn what_is_not_there_below_the_courses_is_said_in_their_shape() -> Tested {
    let house = a_school().await?;
    for (method, path, verdict) in [
        ("GET", "/api/v1/nothing", (404, "not_found")),
        ("PUT", "/api/v1/users/me", (405, "method_not_allowed")),
        ("GET", "/api/v1/courses/course_1", (404, "not_found")),
    ] {
        let answer = house.send(of(TEACHER, send(method, path, &json!({})))).await?;
        assert_eq!(answer.verdict(), verdict, "{path}");
        assert_eq!(answer.json["error"]["request_id"], answer.header("x-request-id"));
        assert!(answer.json["error"]["retryable"].is_null());
    }
    assert_eq!(house.send(of(TEACHER, get("/api/v1/courses"))).await?.status, 200);
    Ok(())
}
