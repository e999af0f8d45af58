//! People of the organisation, and tokens of their own.

use actix_web::test::TestRequest;
use lodge_access::{Membership, Role, SecretKind, Session};
use lodge_courses::PersonalToken;
use lodge_storage::Storage as _;
use lodge_testkit::builders::{
    a_membership, a_personal_token, a_session, student_id, tenant_id, user_id,
};
use serde_json::json;

use super::{ASSISTANT, STRANGER, STUDENT, TEACHER, a_school, course, draft, get, of, send};
use crate::support::{Tested, bearer, secret};

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
async fn who_left_the_organisation_is_nothing_in_its_courses_when_they_come_back() -> Tested {
    let house = a_school().await?;
    let mut work = house.storage.begin().await?;
    let owned = PersonalToken { user: user_id(TEACHER), ..a_personal_token(1) };
    work.personal_tokens().add(&owned).await?;
    work.commit().await?;
    for n in [TEACHER, STUDENT] {
        let remove = send("DELETE", &format!("/api/v1/users/{}", user_id(n)), &json!({}));
        let removed = house.send(of(1, remove)).await?;
        assert_eq!(removed.status, 204, "{}", removed.text);
    }
    let mut work = house.storage.begin().await?;
    for n in [TEACHER, STUDENT] {
        work.memberships().add(&Membership { role: Role::Developer, ..a_membership(n) }).await?;
        let (user, tenant) = (user_id(n), Some(tenant_id(1)));
        work.sessions().add(&Session { user, tenant, ..a_session(10 + n) }).await?;
    }
    work.commit().await?;
    for n in [TEACHER, STUDENT] {
        let answer = house.send(of(10 + n, get(&course("")))).await?;
        assert_eq!(answer.verdict(), (404, "not_found"), "{n}");
    }
    let token = bearer(get(&course("")), &secret(SecretKind::PersonalToken, 1));
    assert_eq!(house.send(token).await?.verdict(), (401, "unauthorized"));
    let student = format!("/api/v1/students/{}", student_id(1));
    let student = house.send(of(1, get(&student))).await?;
    assert_eq!(student.status, 200, "{}", student.text);
    assert!(student.json["data"]["user_id"].is_null(), "{}", student.text);
    let staff = house.send(of(1, get(&course("/staff")))).await?;
    assert_eq!(staff.json["data"].as_array().map(Vec::len), Some(1), "{}", staff.text);
    assert_eq!(staff.json["data"][0]["user_id"], user_id(ASSISTANT).to_string());
    Ok(())
}
