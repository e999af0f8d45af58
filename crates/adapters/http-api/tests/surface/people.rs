//! How people come in by JSON, and what their roles let them do.

use std::time::Duration;

use actix_web::test::TestRequest;
use lodge_access::{Membership, Role, SecretKind, Session};
use lodge_kernel::Clock as _;
use lodge_services::OneTimeCodes as _;
use lodge_storage::{AuditFilter, Storage as _};
use lodge_testkit::{
    PlainProofs,
    builders::{a_membership, a_session, a_user, session_id, user_id},
};
use serde_json::{Value, json};

use crate::support::{Answer, House, Plan, Tested, bearer, secret};

const PASSWORD: &str = "seven brown otters";

async fn post(house: &House, path: &str, body: &Value) -> Tested<Answer> {
    house.send(TestRequest::post().uri(path).set_json(body)).await
}

fn with(request: TestRequest, token: &str) -> TestRequest {
    request.insert_header(("authorization", format!("Bearer {token}")))
}

async fn ask(
    house: &House,
    method: &str,
    path: &str,
    token: &str,
    body: Option<Value>,
) -> Tested<Answer> {
    let request = with(TestRequest::default().uri(path).method(method.parse()?), token);
    house
        .send(match body {
            Some(body) => request.set_json(body),
            None => request,
        })
        .await
}

fn token(answer: &Answer) -> String {
    answer.json["sessionToken"].as_str().unwrap_or_default().to_owned()
}

async fn signed_up(house: &House, email: &str) -> Tested<String> {
    let body =
        json!({ "email": email, "password": PASSWORD, "name": "Ada", "organisation": "Engines" });
    let answer = post(house, "/v1/account/signup", &body).await?;
    assert_eq!(answer.status, 201, "{}", answer.text);
    Ok(token(&answer))
}

async fn log_in(house: &House, email: &str, password: &str) -> Tested<Answer> {
    post(house, "/v1/account/login", &json!({ "email": email, "password": password })).await
}

#[actix_web::test]
async fn somebody_opens_an_account_comes_back_and_is_an_owner() -> Tested {
    let house = House::ordinary().await?;
    let first = signed_up(&house, "Ada@Example.org").await?;
    let back = log_in(&house, " ada@example.ORG", PASSWORD).await?;
    assert_eq!((back.status, back.header("cache-control")), (200, "no-store"), "{}", back.text);
    let me = ask(&house, "GET", "/v1/account/me", &token(&back), None).await?;
    assert_eq!(me.json["user"]["email"], "ada@example.org");
    assert_eq!(me.json["memberships"][0]["role"], "owner");
    assert_eq!(me.json["memberships"][0]["tenantName"], "Engines");
    assert_eq!(me.json["hasAuthenticator"], false);

    let apps = ask(&house, "GET", "/v1/developer/apps", &first, None).await?;
    assert_eq!(apps.json["data"], json!([]), "{}", apps.text);

    let body =
        json!({ "email": "ada@example.org", "password": "another long one", "organisation": "x" });
    let again = post(&house, "/v1/account/signup", &body).await?;
    assert_eq!(again.verdict(), (400, "INVALID_REQUEST"), "{}", again.text);
    Ok(())
}

#[actix_web::test]
async fn what_cannot_be_an_account_is_refused_and_leaves_nothing() -> Tested {
    let house = House::ordinary().await?;
    for (field, value) in [
        ("email", "ada"),
        ("password", "short"),
        ("password", "password123"),
        ("password", "ada@example.org"),
        ("organisation", " "),
        ("name", "a\u{7}b"),
    ] {
        let mut body =
            json!({ "email": "ada@example.org", "password": PASSWORD, "organisation": "x" });
        body[field] = value.into();
        let answer = post(&house, "/v1/account/signup", &body).await?;
        assert_eq!(answer.verdict(), (400, "INVALID_REQUEST"), "{field}: {}", answer.text);
        assert!(!answer.text.contains(PASSWORD), "{}", answer.text);
    }
    let known = house.storage.read().await?.users().find_by_email("ada@example.org").await?;
    assert_eq!(known, None);
    let closed = House::built(Plan { closed: true, ..Plan::default() }).await?;
    let body = json!({ "email": "ada@example.org", "password": PASSWORD, "organisation": "x" });
    let answer = post(&closed, "/v1/account/signup", &body).await?;
    assert_eq!(answer.verdict(), (403, "ACCESS_BLOCKED_BY_POLICY"), "{}", answer.text);
    Ok(())
}

#[actix_web::test]
async fn nobody_and_a_wrong_password_look_alike_and_guessing_gets_slower() -> Tested {
    let house = House::ordinary().await?;
    signed_up(&house, "ada@example.org").await?;
    let wrong = log_in(&house, "ada@example.org", "wrong password").await?;
    let nobody = log_in(&house, "bob@example.org", "wrong password").await?;
    assert_eq!(wrong.verdict(), (401, "INVALID_CREDENTIALS"));
    assert_eq!(wrong.json["error"]["message"], nobody.json["error"]["message"]);
    assert_eq!(nobody.verdict(), wrong.verdict());

    // One was wrong already; opening the account was none.
    house.clock.advance(Duration::from_secs(1));
    for _ in 0..4 {
        log_in(&house, "ada@example.org", "wrong password").await?;
    }
    let right = log_in(&house, "ada@example.org", PASSWORD).await?;
    assert_eq!(right.verdict(), (429, "RATE_LIMITED"), "{}", right.text);
    assert!(right.json["error"]["retry_after_seconds"].as_u64() >= Some(1), "{}", right.text);
    assert!(!right.header("retry-after").is_empty());
    // It is the account that waits, not everybody.
    let other = log_in(&house, "bob@example.org", "wrong password").await?;
    assert_eq!(other.status, 401);
    house.clock.advance(Duration::from_secs(8));
    assert_eq!(log_in(&house, "ada@example.org", PASSWORD).await?.status, 200);
    // Whoever came in has nothing held against them.
    for _ in 0..5 {
        let wrong = log_in(&house, "ada@example.org", "wrong password").await?;
        assert_eq!(wrong.status, 401, "{}", wrong.text);
    }
    Ok(())
}

#[actix_web::test]
async fn sessions_are_listed_and_end_one_by_one_or_together() -> Tested {
    let house = House::ordinary().await?;
    let first = signed_up(&house, "ada@example.org").await?;
    let mut others = Vec::new();
    for _ in 0..3 {
        house.clock.advance(Duration::from_secs(1));
        others.push(token(&log_in(&house, "ada@example.org", PASSWORD).await?));
    }
    let all = ask(&house, "GET", "/v1/account/sessions", &first, None).await?;
    let data = all.json["data"].as_array().cloned().unwrap_or_default();
    assert_eq!(data.len(), 4, "{}", all.text);
    let current: Vec<_> = data.iter().map(|it| it["current"] == true).collect();
    assert_eq!(current, [false, false, false, true]);
    let path = format!("/v1/account/sessions/{}", data[0]["id"].as_str().unwrap_or_default());
    assert_eq!(ask(&house, "DELETE", &path, &first, None).await?.status, 204);
    let ended = ask(&house, "GET", "/v1/account/me", &others[2], None).await?;
    assert_eq!(ended.verdict(), (401, "AUTH_EXPIRED"));
    assert_eq!(ask(&house, "DELETE", "/v1/account/sessions", &first, None).await?.status, 204);
    for other in &others {
        assert_eq!(ask(&house, "GET", "/v1/account/me", other, None).await?.status, 401);
    }
    let out = ask(&house, "POST", "/v1/account/logout", &first, None).await?;
    assert_eq!(out.status, 204, "{}", out.text);
    assert_eq!(ask(&house, "GET", "/v1/account/me", &first, None).await?.status, 401);
    Ok(())
}

#[actix_web::test]
async fn a_session_ends_when_nobody_uses_it_and_after_a_week_in_any_case() -> Tested {
    let house = House::ordinary().await?;
    let idle = signed_up(&house, "ada@example.org").await?;
    let used = token(&log_in(&house, "ada@example.org", PASSWORD).await?);
    for _ in 0..23 {
        house.clock.advance(Duration::from_hours(7));
        assert_eq!(ask(&house, "GET", "/v1/account/me", &used, None).await?.status, 200);
    }
    let gone = ask(&house, "GET", "/v1/account/me", &idle, None).await?;
    assert_eq!(gone.verdict(), (401, "AUTH_EXPIRED"));
    house.clock.advance(Duration::from_hours(7));
    let gone = ask(&house, "GET", "/v1/account/me", &used, None).await?;
    assert_eq!(gone.verdict(), (401, "AUTH_EXPIRED"));
    Ok(())
}

#[actix_web::test]
async fn a_new_password_ends_the_other_sessions_and_the_old_password() -> Tested {
    let house = House::ordinary().await?;
    let first = signed_up(&house, "ada@example.org").await?;
    let other = token(&log_in(&house, "ada@example.org", PASSWORD).await?);
    let change = |old: &str, new: &str| json!({ "currentPassword": old, "newPassword": new });
    let path = "/v1/account/password";
    let wrong =
        ask(&house, "POST", path, &first, Some(change("wrong password", "nine blue whales")))
            .await?;
    assert_eq!(wrong.verdict(), (401, "INVALID_CREDENTIALS"), "{}", wrong.text);
    let common = ask(&house, "POST", path, &first, Some(change(PASSWORD, "password123"))).await?;
    assert_eq!(common.verdict(), (400, "INVALID_REQUEST"), "{}", common.text);
    let done =
        ask(&house, "POST", path, &first, Some(change(PASSWORD, "nine blue whales"))).await?;
    assert_eq!(done.status, 204, "{}", done.text);
    assert_eq!(ask(&house, "GET", "/v1/account/me", &first, None).await?.status, 200);
    assert_eq!(ask(&house, "GET", "/v1/account/me", &other, None).await?.status, 401);
    assert_eq!(log_in(&house, "ada@example.org", PASSWORD).await?.status, 401);
    assert_eq!(log_in(&house, "ada@example.org", "nine blue whales").await?.status, 200);
    Ok(())
}

/// The code that the app with the key `text` shows now.
fn code(house: &House, text: &str) -> String {
    let digits = text.chars().filter_map(|it| "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(it));
    let bits = digits.fold(String::new(), |bits, it| bits + &format!("{it:05b}"));
    let key: Vec<u8> =
        (0..20).filter_map(|n| u8::from_str_radix(&bits[8 * n..8 * n + 8], 2).ok()).collect();
    let step = u64::try_from(house.clock.now().as_seconds() / 30).unwrap_or_default();
    format!("{:06}", PlainProofs.code(&key, step))
}

#[actix_web::test]
async fn with_an_authenticator_app_a_password_alone_opens_nothing() -> Tested {
    let house = House::ordinary().await?;
    let mine = signed_up(&house, "ada@example.org").await?;
    let path = "/v1/account/authenticator";
    let proof = || Some(json!({ "password": PASSWORD }));
    let enrolled = ask(&house, "POST", path, &mine, proof()).await?;
    assert_eq!(enrolled.status, 200, "{}", enrolled.text);
    let key = enrolled.json["key"].as_str().unwrap_or_default();
    let uri = format!("otpauth://totp/Gitlodge:ada@example.org?secret={key}&issuer=Gitlodge");
    assert_eq!((key.len(), &enrolled.json["uri"]), (32, &json!(uri)));
    assert_eq!(
        log_in(&house, "ada@example.org", PASSWORD).await?.status,
        200,
        "nothing is asked yet"
    );

    let confirm = format!("{path}/confirm");
    let wrong = ask(&house, "POST", &confirm, &mine, Some(json!({ "code": "12345x" }))).await?;
    assert_eq!(wrong.verdict(), (401, "INVALID_CREDENTIALS"));
    let first = code(&house, key);
    let done = ask(&house, "POST", &confirm, &mine, Some(json!({ "code": first }))).await?;
    let codes = done.json["recoveryCodes"].as_array().cloned().unwrap_or_default();
    assert_eq!(codes.len(), 10, "{}", done.text);

    let without = log_in(&house, "ada@example.org", PASSWORD).await?;
    assert_eq!(without.verdict(), (401, "AUTH_REQUIRED"));
    assert_eq!(without.json["error"]["suggested_action"], "send_code");
    let body =
        |code: &str| json!({ "email": "ada@example.org", "password": PASSWORD, "code": code });
    let replayed = post(&house, "/v1/account/login", &body(&first)).await?;
    assert_eq!(replayed.verdict(), (401, "INVALID_CREDENTIALS"), "a code is good once");
    house.clock.advance(Duration::from_secs(30));
    let next = code(&house, key);
    assert_eq!(post(&house, "/v1/account/login", &body(&next)).await?.status, 200);
    assert_eq!(post(&house, "/v1/account/login", &body(&next)).await?.status, 401);

    let recovery = codes[0].as_str().unwrap_or_default().to_lowercase().replace('-', " ");
    assert_eq!(post(&house, "/v1/account/login", &body(&recovery)).await?.status, 200);
    assert_eq!(post(&house, "/v1/account/login", &body(&recovery)).await?.status, 401);
    let me = ask(&house, "GET", "/v1/account/me", &mine, None).await?;
    assert_eq!(
        (&me.json["hasAuthenticator"], &me.json["recoveryCodesLeft"]),
        (&json!(true), &json!(9))
    );

    let renewed = ask(&house, "POST", &format!("{path}/recovery-codes"), &mine, proof()).await?;
    assert_eq!(renewed.status, 200, "{}", renewed.text);
    let old = codes[1].as_str().unwrap_or_default();
    assert_eq!(post(&house, "/v1/account/login", &body(old)).await?.status, 401);
    let removed = ask(&house, "POST", &format!("{path}/remove"), &mine, proof()).await?;
    assert_eq!(removed.status, 204, "{}", removed.text);
    assert_eq!(log_in(&house, "ada@example.org", PASSWORD).await?.status, 200);
    Ok(())
}

#[actix_web::test]
async fn codes_cannot_be_guessed_either() -> Tested {
    let house = House::ordinary().await?;
    let mine = signed_up(&house, "ada@example.org").await?;
    let path = "/v1/account/authenticator";
    let proof = Some(json!({ "password": PASSWORD }));
    let enrolled = ask(&house, "POST", path, &mine, proof).await?;
    let key = enrolled.json["key"].as_str().unwrap_or_default();
    let body = Some(json!({ "code": code(&house, key) }));
    ask(&house, "POST", &format!("{path}/confirm"), &mine, body).await?;
    let guess = json!({ "email": "ada@example.org", "password": PASSWORD, "code": "no such" });
    let mut statuses = Vec::new();
    for _ in 0..7 {
        statuses.push(post(&house, "/v1/account/login", &guess).await?.status);
    }
    assert_eq!(statuses, [401, 401, 401, 401, 401, 429, 429]);
    Ok(())
}

#[actix_web::test]
async fn an_invitation_leads_its_person_in_and_nobody_else() -> Tested {
    let house = House::ordinary().await?;
    let ada = signed_up(&house, "ada@example.org").await?;
    // Members come by id, and ids by age.
    house.clock.advance(Duration::from_millis(1));
    let (bob, eve) =
        (signed_up(&house, "bob@example.org").await?, signed_up(&house, "eve@example.org").await?);
    let body = Some(json!({ "email": "Bob@example.org", "role": "developer" }));
    let invited = ask(&house, "POST", "/v1/invitations", &ada, body.clone()).await?;
    assert_eq!(invited.status, 201, "{}", invited.text);
    let url = invited.json["url"].as_str().unwrap_or_default();
    let link = url.strip_prefix("https://gate.example/app/join/").unwrap_or_default();
    let accept = || Some(json!({ "token": link }));
    let path = "/v1/invitations/accept";
    let foreign = ask(&house, "POST", path, &eve, accept()).await?;
    assert_eq!(foreign.verdict(), (400, "INVALID_REQUEST"), "{}", foreign.text);
    assert_eq!(ask(&house, "POST", path, &bob, accept()).await?.status, 200);
    assert_eq!(ask(&house, "POST", path, &bob, accept()).await?.status, 400, "once");
    let members = ask(&house, "GET", "/v1/members?limit=1", &bob, None).await?;
    assert_eq!(members.json["page_info"]["has_next_page"], true, "{}", members.text);
    let next = members.json["page_info"]["next_cursor"].as_str().unwrap_or_default();
    let rest = ask(&house, "GET", &format!("/v1/members?cursor={next}"), &bob, None).await?;
    assert_eq!(rest.json["data"][0]["user"]["email"], "bob@example.org", "{}", rest.text);
    let again = ask(&house, "POST", "/v1/invitations", &ada, body).await?;
    assert_eq!(again.verdict(), (400, "INVALID_REQUEST"), "{}", again.text);

    let me = ask(&house, "GET", "/v1/account/me", &bob, None).await?;
    assert_eq!(me.json["memberships"].as_array().map(Vec::len), Some(2), "{}", me.text);
    let home = me.json["memberships"].as_array().cloned().unwrap_or_default();
    let home = home.iter().find(|it| it["role"] == "owner").map(|it| it["tenantId"].clone());
    let enter = Some(json!({ "tenantId": home }));
    assert_eq!(ask(&house, "POST", "/v1/account/organisation", &bob, enter).await?.status, 204);
    let members = ask(&house, "GET", "/v1/members", &bob, None).await?;
    assert_eq!(members.json["data"].as_array().map(Vec::len), Some(1), "{}", members.text);
    let elsewhere = Some(json!({ "tenantId": "tenant_00000000000000000000000000000009" }));
    let foreign = ask(&house, "POST", "/v1/account/organisation", &bob, elsewhere).await?;
    assert_eq!(foreign.verdict(), (404, "RESOURCE_NOT_FOUND"));
    Ok(())
}

#[actix_web::test]
async fn an_invitation_is_withdrawn_and_ends_after_a_week() -> Tested {
    let house = House::ordinary().await?;
    let (ada, bob) =
        (signed_up(&house, "ada@example.org").await?, signed_up(&house, "bob@example.org").await?);
    let invite = async |email: &str| {
        let body = Some(json!({ "email": email, "role": "viewer" }));
        let answer = ask(&house, "POST", "/v1/invitations", &ada, body).await?;
        let url = answer.json["url"].as_str().unwrap_or_default();
        Tested::Ok(url.rsplit('/').next().unwrap_or_default().to_owned())
    };
    let first = invite("bob@example.org").await?;
    let open = ask(&house, "GET", "/v1/invitations", &ada, None).await?;
    let id = open.json["data"][0]["id"].as_str().unwrap_or_default();
    assert!(!open.text.contains(&first), "the secret is shown once");
    let path = format!("/v1/invitations/{id}");
    assert_eq!(
        ask(&house, "DELETE", &path, &bob, None).await?.status,
        404,
        "of another organisation"
    );
    assert_eq!(ask(&house, "DELETE", &path, &ada, None).await?.status, 204);
    assert_eq!(ask(&house, "DELETE", &path, &ada, None).await?.status, 404);
    let second = invite("bob@example.org").await?;
    house.clock.advance(Duration::from_hours(7 * 24));
    let bob = token(&log_in(&house, "bob@example.org", PASSWORD).await?);
    for link in [first, second] {
        let body = Some(json!({ "token": link }));
        let answer = ask(&house, "POST", "/v1/invitations/accept", &bob, body).await?;
        assert_eq!(answer.verdict(), (400, "INVALID_REQUEST"), "{}", answer.text);
    }
    Ok(())
}

/// A house where person 1 is the owner, and one more of each role: their
/// sessions are number 1, and 2 to 4 in the order of the roles.
async fn a_full_house() -> Tested<House> {
    let house = House::ordinary().await?;
    let mut work = house.storage.begin().await?;
    work.sessions().add(&a_session(1)).await?;
    for (n, role) in (2..).zip([Role::Admin, Role::Developer, Role::Viewer]) {
        work.users().add(&a_user(n)).await?;
        work.memberships().add(&Membership { role, ..a_membership(n) }).await?;
        work.sessions().add(&Session { user: user_id(n), ..a_session(n) }).await?;
    }
    work.commit().await?;
    Ok(house)
}

fn session(n: u32) -> String {
    secret(SecretKind::UserSession, n).expose().to_owned()
}

#[actix_web::test]
async fn each_role_does_what_the_table_says() -> Tested {
    let house = a_full_house().await?;
    let app = json!({ "name": "App", "allowedRedirectUris": ["https://acme.example/callback"] });
    let invite = |role: &str| json!({ "email": "new@example.org", "role": role });
    let allowed = |status: u16| status < 400;
    for (n, sees, makes, invites, makes_owners) in [
        (1, true, true, true, true),
        (2, true, true, true, false),
        (3, true, true, false, false),
        (4, true, false, false, false),
    ] {
        let me = session(n);
        let seen = ask(&house, "GET", "/v1/developer/apps", &me, None).await?;
        let made = ask(&house, "POST", "/v1/developer/apps", &me, Some(app.clone())).await?;
        let invited = ask(&house, "POST", "/v1/invitations", &me, Some(invite("viewer"))).await?;
        let owner = ask(&house, "POST", "/v1/invitations", &me, Some(invite("owner"))).await?;
        let done = [seen.status, made.status, invited.status, owner.status].map(allowed);
        assert_eq!(done, [sees, makes, invites, makes_owners], "session {n}");
        for refused in [made, invited, owner].iter().filter(|it| !allowed(it.status)) {
            assert_eq!(refused.verdict(), (403, "ACCESS_BLOCKED_BY_POLICY"), "{}", refused.text);
        }
    }
    Ok(())
}

#[actix_web::test]
async fn an_organisation_keeps_an_owner_whatever_is_tried() -> Tested {
    let house = a_full_house().await?;
    let member = |n| format!("/v1/members/{}", user_id(n));
    let role = |role: &str| Some(json!({ "role": role }));
    let change = async |by, n, to: &str| {
        Tested::Ok(ask(&house, "PATCH", &member(n), &session(by), role(to)).await?.status)
    };
    let remove = async |by, n| {
        Tested::Ok(ask(&house, "DELETE", &member(n), &session(by), None).await?.status)
    };
    assert_eq!(change(1, 1, "viewer").await?, 400, "the last owner");
    assert_eq!(remove(1, 1).await?, 400, "the last owner");
    assert_eq!(change(2, 1, "viewer").await?, 403, "an admin unmakes no owner");
    assert_eq!(change(2, 2, "owner").await?, 403, "an admin makes no owner");
    assert_eq!(change(1, 1, "boss").await?, 400, "no such role");
    assert_eq!(change(3, 4, "admin").await?, 403);
    assert_eq!(change(2, 4, "developer").await?, 204);
    assert_eq!(change(1, 2, "owner").await?, 204);
    assert_eq!(remove(3, 4).await?, 403);
    assert_eq!(remove(3, 3).await?, 204, "anybody may go");
    assert_eq!(remove(2, 1).await?, 204, "one of two owners");
    assert_eq!(remove(2, 2).await?, 400, "the last owner");
    // Whoever was removed is in no organisation at once, and still themself.
    let gone = ask(&house, "GET", "/v1/developer/apps", &session(1), None).await?;
    assert_eq!(gone.verdict(), (403, "ACCESS_BLOCKED_BY_POLICY"), "{}", gone.text);
    let me = ask(&house, "GET", "/v1/account/me", &session(1), None).await?;
    assert_eq!((me.status, &me.json["memberships"]), (200, &json!([])));
    Ok(())
}

#[actix_web::test]
async fn the_cookie_of_the_pages_is_good_from_our_own_pages_only() -> Tested {
    let house = House::ordinary().await?;
    let mut work = house.storage.begin().await?;
    work.sessions().add(&a_session(1)).await?;
    work.commit().await?;
    let cookie = |name: &str| ("cookie", format!("x=1; {name}={}", session(1)));
    let list = || TestRequest::get().uri("/v1/developer/apps");
    let read = house.send(list().insert_header(cookie("__Host-sid"))).await?;
    assert_eq!(read.status, 200, "{}", read.text);
    let planted = house.send(list().insert_header(cookie("sid"))).await?;
    assert_eq!(planted.verdict(), (401, "AUTH_REQUIRED"), "another host could have set it");

    let end = || {
        let path = format!("/v1/account/sessions/{}", session_id(9));
        TestRequest::delete().uri(&path).insert_header(cookie("__Host-sid"))
    };
    for (header, status) in [
        (("sec-fetch-site", "same-origin"), 404),
        (("sec-fetch-site", "none"), 404),
        (("origin", "https://gate.example"), 404),
        (("sec-fetch-site", "cross-site"), 403),
        (("sec-fetch-site", "same-site"), 403),
        (("origin", "https://evil.example"), 403),
        (("origin", "null"), 403),
        (("accept", "*/*"), 403),
    ] {
        let answer = house.send(end().insert_header(header)).await?;
        assert_eq!(answer.status, status, "{header:?}: {}", answer.text);
    }
    let post = TestRequest::post().uri("/v1/account/password").insert_header(cookie("__Host-sid"));
    let post = post.insert_header(("sec-fetch-site", "same-origin"));
    let form = post.insert_header(("content-type", "text/plain")).set_payload("{}");
    assert_eq!(house.send(form).await?.status, 415);
    let token = bearer(
        end().insert_header(("sec-fetch-site", "cross-site")),
        &secret(SecretKind::UserSession, 1),
    );
    assert_eq!(house.send(token).await?.status, 404, "a program sends a header");
    Ok(())
}

#[actix_web::test]
async fn who_comes_in_and_who_fails_stands_in_the_audit_trail() -> Tested {
    let house = House::ordinary().await?;
    // Entries come by id, and ids by age.
    let later = || house.clock.advance(Duration::from_millis(1));
    let mine = signed_up(&house, "ada@example.org").await?;
    later();
    log_in(&house, "ada@example.org", "wrong password").await?;
    later();
    log_in(&house, "hunter2-typed-as-address@example.org", "x").await?;
    later();
    log_in(&house, "ada@example.org", PASSWORD).await?;
    later();
    ask(&house, "DELETE", "/v1/account/sessions", &mine, None).await?;
    later();
    ask(&house, "POST", "/v1/account/logout", &mine, None).await?;
    let mut work = house.storage.read().await?;
    let all = work.audit().newest(AuditFilter::default(), None, 20).await?;
    let told: Vec<_> = all
        .iter()
        .rev()
        .map(|it| format!("{} {}", it.event.action, it.event.outcome.name()))
        .collect();
    assert_eq!(
        told,
        [
            "person.signed_up done",
            "person.logged_in refused",
            "person.logged_in refused",
            "person.logged_in done",
            "session.revoked done",
            "person.logged_out done",
        ]
    );
    assert!(
        !format!("{all:?}").contains("hunter2"),
        "an address that nobody has may be a password"
    );
    Ok(())
}
