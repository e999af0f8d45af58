//! Who is what in a course, and what each may.

use lodge_access::SecretKind;
use lodge_http_api::{TEACHING_ROUTES, routes::Credential};
use lodge_testkit::builders::{
    course_id, personal_token_id, project_id, student_id, team_id, user_id,
};
use serde_json::json;

use super::{
    ASSISTANT, COLLEAGUE, STRANGER, STUDENT, TEACHER, a_school, bootstrap, course, csv, get, of,
    send,
};
use crate::support::{House, Tested, bearer, secret};

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
async fn who_has_left_a_course_is_nobody_in_it_until_they_take_it_again() -> Tested {
    let house = a_school().await?;
    let student = format!("/api/v1/students/{}", student_id(1));
    let marked = |state: &str| of(TEACHER, send("PATCH", &student, &json!({ "state": state })));
    assert_eq!(house.send(marked("dropped")).await?.status, 200);
    let team = format!("/api/v1/teams/{}", team_id(1));
    for place in [course(""), course("/teams"), student.clone(), team] {
        let answer = house.send(of(STUDENT, get(&place))).await?;
        assert_eq!(answer.verdict(), (404, "not_found"), "{place}");
    }
    let own = house.send(of(STUDENT, get("/api/v1/courses/"))).await?;
    assert_eq!((own.status, &own.json["data"]), (200, &json!([])));
    assert_eq!(house.send(marked("active")).await?.status, 200);
    let seen = house.send(of(STUDENT, get(&course("")))).await?;
    assert_eq!(seen.json["data"]["role"], "student", "{}", seen.text);
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
