//! What programs of the administrator do, with every wrong key.

use std::{num::NonZeroU32, time::Duration};

use actix_web::test::TestRequest;
use lodge_access::{AdminKey, AdminScope, AdminScopes, Secret, SecretKind};
use lodge_http_api::{ADMIN_ROUTES, AdminAccess, ROUTES, Route, routes::Credential};
use lodge_kernel::Keyring as _;
use lodge_storage::Storage as _;
use lodge_testkit::{
    PlainKeyring,
    builders::{
        NOW, a_token, an_admin_key, client_id, connection_id, grant_id, tenant_id, token_id,
        user_id,
    },
};
use serde_json::{Value, json};

use crate::support::{Answer, Client, House, Plan, Tested, bearer, get, secret};

/// A key for everything.
const ALL: u32 = 1;
/// A key that has ended.
const ENDED: u32 = 2;
/// A key that was taken back.
const REVOKED: u32 = 3;
/// From here on: everything but the scope with that number.
const LACKING: u32 = 20;

async fn a_house_with(plan: Plan) -> Tested<House> {
    let house = House::built(plan).await?;
    let mut work = house.storage.begin().await?;
    work.admin_keys().add(&an_admin_key(ALL)).await?;
    work.admin_keys().add(&AdminKey { expires_at: NOW, ..an_admin_key(ENDED) }).await?;
    work.admin_keys().add(&AdminKey { revoked_at: Some(NOW), ..an_admin_key(REVOKED) }).await?;
    for (n, lacked) in (LACKING..).zip(AdminScope::ALL) {
        let others = AdminScope::ALL.iter().filter(|it| *it != lacked).map(|it| it.name());
        let scopes = AdminScopes::parse(&others.collect::<Vec<_>>().join(" "))?;
        work.admin_keys().add(&AdminKey { scopes, ..an_admin_key(n) }).await?;
    }
    work.commit().await?;
    Ok(house)
}

async fn a_house() -> Tested<House> {
    a_house_with(Plan::default()).await
}

fn key(request: TestRequest, n: u32) -> TestRequest {
    with(request, secret(SecretKind::AdminKey, n).expose())
}

fn with(request: TestRequest, text: &str) -> TestRequest {
    request.insert_header(("x-admin-api-key", text.to_owned()))
}

fn post(path: &str, body: Value) -> TestRequest {
    TestRequest::post().uri(path).set_json(body)
}

/// The rows that need an admin key.
fn rows() -> impl Iterator<Item = (&'static Route, AdminScope)> {
    ROUTES.iter().filter_map(|row| match row.credential {
        Credential::AdminKey(scope) => Some((row, scope)),
        _ => None,
    })
}

fn request(row: &Route) -> TestRequest {
    let path = row
        .path
        .replace("{grantId}", &grant_id(9).to_string())
        .replace("{tokenId}", &token_id(9).to_string())
        .replace("{connectionId}", &connection_id(9).to_string());
    let request = TestRequest::default().uri(&path);
    let request = request.method(row.method.parse().unwrap_or_default());
    if matches!(row.method, "GET" | "DELETE") { request } else { request.set_json(json!({})) }
}

fn assert_verdict(row: &Route, answer: &Answer, expected: (u16, &str)) {
    assert_eq!(answer.verdict(), expected, "{} {}: {}", row.method, row.path, answer.text);
}

#[actix_web::test]
async fn a_wrong_key_opens_nothing_and_changes_nothing() -> Tested {
    let house = a_house().await?;
    let before = house.storage.contents();
    let mut n = 0;
    for (row, _) in rows() {
        let without = house.send(request(row)).await?;
        assert_verdict(row, &without, (401, "AUTH_REQUIRED"));
        let access = bearer(request(row), &secret(SecretKind::AccessToken, 1));
        assert_verdict(row, &house.send(access).await?, (401, "AUTH_REQUIRED"));
        let twice = key(key(request(row), ALL), ALL);
        let twice = twice.append_header(("x-admin-api-key", "sggak_"));
        assert_verdict(row, &house.send(twice).await?, (401, "AUTH_REQUIRED"));
        let session = secret(SecretKind::UserSession, 1);
        let unknown = secret(SecretKind::AdminKey, 99);
        for garbage in ["", "sggak_", session.expose(), unknown.expose()] {
            let answer = house.send(with(request(row), garbage)).await?;
            assert_verdict(row, &answer, (401, "INVALID_CREDENTIALS"));
        }
        n += 1;
    }
    assert_eq!(n, 18, "a row has come or gone: is that meant?");
    assert_eq!(house.storage.contents(), before, "a stranger leaves no trace");
    Ok(())
}

#[actix_web::test]
async fn a_key_that_has_ended_or_is_not_for_this_is_refused_and_noted() -> Tested {
    let house = a_house().await?;
    for (row, scope) in rows() {
        for ended in [ENDED, REVOKED] {
            let answer = house.send(key(request(row), ended)).await?;
            assert_verdict(row, &answer, (401, "AUTH_EXPIRED"));
        }
        let place = AdminScope::ALL.iter().position(|it| *it == scope).unwrap_or_default();
        let answer = house.send(key(request(row), LACKING + u32::try_from(place)?)).await?;
        assert_verdict(row, &answer, (403, "INSUFFICIENT_SCOPE"));
        assert!(answer.text.contains(scope.name()), "{}", answer.text);
    }
    // The trail is listed by time, which stands still here.
    house.clock.advance(Duration::from_secs(1));
    let noted =
        house.send(key(get("/v1/platform/audit?action=admin_key.used&limit=2"), ALL)).await?;
    assert_eq!(noted.json["data"][0]["outcome"], "done", "{}", noted.text);
    assert_eq!(noted.json["data"][0]["subject"], "audit.list");
    assert_eq!(noted.json["data"][1]["outcome"], "refused");
    Ok(())
}

#[actix_web::test]
async fn the_admin_listener_asks_for_the_key_too() -> Tested {
    let house = a_house().await?;
    let of_key = |row: &&Route| matches!(row.credential, Credential::AdminKey(_));
    let mut n = 0;
    for row in ADMIN_ROUTES.iter().filter(of_key) {
        assert_verdict(row, &house.send_admin(request(row)).await?, (401, "AUTH_REQUIRED"));
        n += 1;
    }
    assert_eq!(n, 19);
    let tenants = house.send_admin(key(get("/v1/platform/tenants"), ALL)).await?;
    assert_eq!(tenants.status, 200, "{}", tenants.text);
    Ok(())
}

#[actix_web::test]
async fn confined_keys_open_the_admin_listener_only() -> Tested {
    let admin = AdminAccess { confined: true, ..AdminAccess::default() };
    let house = a_house_with(Plan { admin, ..Plan::default() }).await?;
    let hidden = house.send(key(get("/v1/platform/tenants"), ALL)).await?;
    assert_eq!(hidden.verdict(), (404, "RESOURCE_NOT_FOUND"));
    let shared = house.send(key(get("/v1/platform/tokens"), ALL)).await?;
    assert_eq!(shared.status, 405, "{}", shared.text);
    let there = house.send_admin(key(get("/v1/platform/tokens"), ALL)).await?;
    assert_eq!(there.status, 200, "{}", there.text);
    Ok(())
}

#[actix_web::test]
async fn the_bootstrap_key_opens_everything_and_is_noted_as_the_operator() -> Tested {
    let text = "d41f6b02c9a87e3554b0c1d2e3f4a596";
    let admin = AdminAccess {
        bootstrap: Some(PlainKeyring.digest(text.as_bytes())),
        ..AdminAccess::default()
    };
    let house = a_house_with(Plan { admin, ..Plan::default() }).await?;
    let audit = house.send(with(get("/v1/platform/audit"), text)).await?;
    assert_eq!(audit.json["data"][0]["actor"], "operator", "{}", audit.text);
    let almost = house.send(with(get("/v1/platform/audit"), &text[1..])).await?;
    assert_eq!(almost.verdict(), (401, "INVALID_CREDENTIALS"));
    Ok(())
}

#[actix_web::test]
async fn whoever_guesses_keys_has_to_wait() -> Tested {
    let house = a_house_with(Plan { door_rate: NonZeroU32::new(1), ..Plan::default() }).await?;
    let mut last = 401;
    for _ in 0..11 {
        let guess = with(get("/v1/platform/tenants"), "sggak_");
        let guess = guess.peer_addr(std::net::SocketAddr::from(([192, 0, 2, 1], 9)));
        last = house.send(guess).await?.status;
    }
    assert_eq!(last, 429);
    Ok(())
}

#[actix_web::test]
async fn organisations_and_apps_are_made_and_listed_in_pages() -> Tested {
    let house = a_house().await?;
    let made = key(post("/v1/platform/tenants", json!({ "name": " Acme " })), ALL);
    let made = house.send(made).await?;
    assert_eq!((made.status, made.json["data"]["name"].as_str()), (201, Some("Acme")));
    let first = house.send(key(get("/v1/platform/tenants?limit=1"), ALL)).await?;
    assert_eq!(first.json["data"][0]["id"], tenant_id(1).to_string(), "{}", first.text);
    let next = format!("/v1/platform/tenants?limit=1&cursor={}", first.next_cursor());
    let next = house.send(key(get(&next), ALL)).await?;
    assert_eq!(next.json["data"][0]["id"], made.json["data"]["id"], "{}", next.text);
    assert_eq!(next.json["page_info"]["has_next_page"], false);
    for wrong in ["?limit=0", "?cursor=x", "?nothing=1"] {
        let refused = house.send(key(get(&format!("/v1/platform/tenants{wrong}")), ALL)).await?;
        assert_eq!(refused.status, 400, "{wrong}: {}", refused.text);
    }
    let nameless = key(post("/v1/platform/tenants", json!({ "name": " " })), ALL);
    assert_eq!(house.send(nameless).await?.verdict(), (400, "INVALID_REQUEST"));

    let mut body = json!({
        "tenantId": tenant_id(1).to_string(), "ownerUserId": user_id(1).to_string(),
        "name": "Reports", "allowedRedirectUris": ["https://acme.example/callback"],
    });
    let app = house.send(key(post("/v1/platform/clients", body.clone()), ALL)).await?;
    assert_eq!(app.status, 201, "{}", app.text);
    assert!(app.field("clientSecret").starts_with("sggcs_"), "{}", app.text);
    let owned = format!("/v1/platform/clients?ownerUserId={}", user_id(1));
    let owned = house.send(key(get(&owned), ALL)).await?;
    assert_eq!(owned.json["data"].as_array().map(Vec::len), Some(2), "{}", owned.text);
    let elsewhere = format!("/v1/platform/clients?tenantId={}", tenant_id(2));
    let elsewhere = house.send(key(get(&elsewhere), ALL)).await?;
    assert_eq!(elsewhere.json["data"], json!([]));
    body["tenantId"] = made.json["data"]["id"].clone();
    let foreign = house.send(key(post("/v1/platform/clients", body), ALL)).await?;
    assert_eq!(foreign.verdict(), (404, "RESOURCE_NOT_FOUND"));
    Ok(())
}

fn a_grant() -> Value {
    json!({
        "tenantId": tenant_id(1).to_string(), "clientId": client_id(1).to_string(),
        "connectionId": connection_id(1).to_string(),
        "permissions": ["read:repositories", "read:branches"],
        "repositories": ["web"], "reason": "A nightly report.",
    })
}

async fn own_token(house: &House) -> Tested<Answer> {
    let Client { id, secret } = Client::number(1);
    let body = json!({ "clientId": id, "clientSecret": secret });
    house.send(post("/v1/platform/tokens", body)).await
}

async fn branches(house: &House, token: &str) -> Tested<Answer> {
    let path = "/v1/repositories/local/web/branches";
    let request = get(path).insert_header(("authorization", format!("Bearer {token}")));
    house.send(request).await
}

#[actix_web::test]
async fn an_app_reads_under_a_grant_on_its_own_behalf_until_it_is_taken_back() -> Tested {
    let house = a_house().await?;
    let bare = own_token(&house).await?;
    let refused = branches(&house, bare.field("accessToken")).await?;
    assert_eq!(refused.verdict(), (403, "APPROVAL_REQUIRED"), "nothing was granted");

    let made = house.send(key(post("/v1/platform/grants", a_grant()), ALL)).await?;
    assert_eq!(made.status, 201, "{}", made.text);
    let data = &made.json["data"];
    assert_eq!(
        (&data["status"], &data["repositories"][0]["id"]),
        (&json!("active"), &json!("web"))
    );
    let token = own_token(&house).await?;
    assert_eq!(token.json["authorizationId"], data["authorizationId"], "{}", token.text);
    let read = branches(&house, token.field("accessToken")).await?;
    assert_eq!(read.status, 200, "{}", read.text);
    let commits = get("/v1/repositories/local/web/commits");
    let header = ("authorization", format!("Bearer {}", token.field("accessToken")));
    let commits = house.send(commits.insert_header(header)).await?;
    assert_eq!(commits.verdict(), (403, "INSUFFICIENT_SCOPE"), "commits were not granted");

    let second = house.send(key(post("/v1/platform/grants", a_grant()), ALL)).await?;
    assert_eq!(second.status, 201, "{}", second.text);
    let unclear = own_token(&house).await?;
    assert_eq!(unclear.verdict(), (400, "INVALID_REQUEST"), "{}", unclear.text);

    let id = data["id"].as_str().unwrap_or_default();
    for _ in 0..2 {
        let path = format!("/v1/platform/grants/{id}");
        let gone = house.send(key(TestRequest::delete().uri(&path), ALL)).await?;
        assert_eq!(gone.status, 204, "{}", gone.text);
    }
    let ended = branches(&house, token.field("accessToken")).await?;
    assert_eq!(ended.verdict(), (401, "INVALID_CREDENTIALS"), "{}", ended.text);
    let path = format!("/v1/platform/grants?clientId={}&limit=1", client_id(1));
    let listed = house.send(key(get(&path), ALL)).await?;
    assert_eq!(listed.json["data"][0]["status"], "revoked", "{}", listed.text);
    assert_eq!(listed.next_cursor(), id);
    house.clock.advance(Duration::from_hours(31 * 24));
    let mut late = an_admin_key(50);
    late.expires_at = NOW.plus(Duration::from_hours(60 * 24));
    let mut work = house.storage.begin().await?;
    work.admin_keys().add(&late).await?;
    work.commit().await?;
    let path = format!("/v1/platform/grants?cursor={id}");
    let listed = house.send(key(get(&path), 50)).await?;
    assert_eq!(listed.json["data"][0]["status"], "expired", "{}", listed.text);
    Ok(())
}

#[actix_web::test]
async fn a_grant_of_everything_has_what_the_account_sees_and_a_wrong_one_is_refused() -> Tested {
    let house = a_house().await?;
    let mut all = a_grant();
    all["repositories"] = Value::Null;
    let made = house.send(key(post("/v1/platform/grants", all), ALL)).await?;
    assert_eq!(made.status, 201, "{}", made.text);
    let seen = house.host.script().repositories.len();
    assert_eq!(made.json["data"]["repositories"].as_array().map(Vec::len), Some(seen));
    for (field, value, verdict) in [
        ("tenantId", json!(tenant_id(2).to_string()), (404, "RESOURCE_NOT_FOUND")),
        ("clientId", json!(client_id(9).to_string()), (404, "RESOURCE_NOT_FOUND")),
        ("connectionId", json!(connection_id(9).to_string()), (404, "RESOURCE_NOT_FOUND")),
        ("connectionId", json!("conn_1"), (400, "INVALID_REQUEST")),
        ("permissions", json!([]), (400, "INVALID_REQUEST")),
        ("permissions", json!(["write:all"]), (400, "INVALID_REQUEST")),
        ("repositories", json!([]), (400, "INVALID_REQUEST")),
        ("expiresInDays", json!(0), (400, "INVALID_REQUEST")),
        ("expiresInDays", json!(367), (400, "INVALID_REQUEST")),
        ("reason", json!(" "), (400, "INVALID_REQUEST")),
    ] {
        let mut wrong = a_grant();
        wrong[field] = value;
        let refused = house.send(key(post("/v1/platform/grants", wrong), ALL)).await?;
        assert_eq!(refused.verdict(), verdict, "{field}: {}", refused.text);
    }
    Ok(())
}

#[actix_web::test]
async fn tokens_are_listed_explained_and_taken_back_with_their_family() -> Tested {
    let house = a_house().await?;
    house.admit(&a_token(40)).await?;
    let path = format!("/v1/platform/tokens?tenantId={}&limit=100", tenant_id(1));
    let listed = house.send(key(get(&path), ALL)).await?;
    assert!(listed.text.contains(&token_id(40).to_string()), "{}", listed.text);
    assert!(!listed.text.contains("sggat_") && !listed.text.contains("digest"));

    let introspect = |token: &Secret| {
        key(post("/v1/platform/tokens/introspect", json!({ "token": token.expose() })), ALL)
    };
    let token = secret(SecretKind::AccessToken, 40);
    let known = house.send(introspect(&token)).await?;
    assert_eq!(known.json["active"], true, "{}", known.text);
    assert_eq!(known.json["client_id"], client_id(1).to_string());
    let path = format!("/v1/platform/tokens/{}", token_id(40));
    let gone = house.send(key(TestRequest::delete().uri(&path), ALL)).await?;
    assert_eq!(gone.status, 204, "{}", gone.text);
    for dead in [token, secret(SecretKind::AccessToken, 99)] {
        let dead = house.send(introspect(&dead)).await?;
        assert_eq!(dead.json, json!({ "active": false }));
    }
    let path = format!("/v1/platform/tokens/{}", token_id(99));
    let unknown = house.send(key(TestRequest::delete().uri(&path), ALL)).await?;
    assert_eq!(unknown.verdict(), (404, "RESOURCE_NOT_FOUND"));
    Ok(())
}

fn firewall(if_match: &str, body: Value) -> TestRequest {
    let request = key(post("/v1/security/firewall/config", body), ALL);
    request.insert_header(("if-match", if_match.to_owned()))
}

#[actix_web::test]
async fn the_firewall_is_changed_with_a_reason_and_a_version_and_comes_back_by_itself() -> Tested {
    let house = a_house().await?;
    let blocks = async |path: &str| -> Tested<bool> {
        let body = json!({ "paths": [path] });
        let tried = house.send_admin(post("/v1/security/firewall/test", body)).await?;
        Ok(tried.json["data"]["paths"][0]["blocked"] == true)
    };
    let shown = house.send(key(get("/v1/security/firewall/config"), ALL)).await?;
    assert_eq!((shown.status, shown.header("etag")), (200, "\"0\""), "{}", shown.text);
    let add = json!({ "blockedPatterns": ["*.secret"], "reason": "A customer asked." });
    let blind = key(post("/v1/security/firewall/config", add.clone()), ALL);
    assert_eq!(house.send(blind).await?.status, 428);
    for other in ["\"1\"", "0", "*", "W/\"0\""] {
        assert_eq!(house.send(firewall(other, add.clone())).await?.status, 412, "{other}");
    }
    for wrong in [
        json!({ "reason": "" }),
        json!({ "blockedPatterns": ["!.env"], "reason": "x" }),
        json!({ "blockedPatterns": vec!["a"; 501], "reason": "x" }),
        json!({ "enabled": true, "disabledForSeconds": 5, "reason": "x" }),
        json!({ "enabled": false, "disabledForSeconds": 86_401, "reason": "x" }),
        json!({ "enabled": false }),
    ] {
        let refused = house.send(firewall("\"0\"", wrong.clone())).await?;
        assert_eq!(refused.verdict(), (400, "INVALID_REQUEST"), "{wrong}: {}", refused.text);
    }
    assert!(!blocks("a.secret").await?);
    let changed = house.send(firewall("\"0\"", add)).await?;
    assert_eq!((changed.status, changed.header("etag")), (200, "\"1\""), "{}", changed.text);
    assert!(blocks("a.secret").await?);

    let off = json!({ "enabled": false, "reason": "It hides too much." });
    let off = house.send(firewall("\"1\"", off)).await?;
    assert_eq!(off.json["data"]["enabled"], false, "{}", off.text);
    assert_eq!(off.json["data"]["disabledUntil"], "2026-11-22T10:30:00.000Z");
    assert!(!blocks("a.secret").await?);
    assert!(blocks(".env").await?, "what is built in always counts");
    house.clock.advance(Duration::from_hours(1));
    assert!(blocks("a.secret").await?, "it came back by itself");
    let shown = house.send(key(get("/v1/security/firewall/config"), ALL)).await?;
    assert_eq!(shown.json["data"]["enabled"], true, "{}", shown.text);

    let path = "/v1/platform/audit?chain=installation&action=firewall.changed";
    let noted = house.send(key(get(path), ALL)).await?;
    assert_eq!(noted.json["data"][0]["reason"], "It hides too much.", "{}", noted.text);
    assert_eq!(noted.json["data"].as_array().map(Vec::len), Some(2));
    Ok(())
}

#[actix_web::test]
async fn another_process_follows_the_firewall_at_its_next_look() -> Tested {
    let house = a_house().await?;
    let other = house.neighbour()?;
    other.gateway.watch_access().await?;
    let add = json!({ "blockedPatterns": ["*.secret"], "reason": "A customer asked." });
    assert_eq!(house.send(firewall("\"0\"", add)).await?.status, 200);
    assert_eq!(other.gateway.rules().version(), "1");
    other.gateway.watch_access().await?;
    assert_eq!(other.gateway.rules().version(), house.gateway.rules().version());
    assert_ne!(other.gateway.rules().version(), "1");
    Ok(())
}

#[actix_web::test]
async fn what_is_done_stands_in_the_trail_with_who_and_whence() -> Tested {
    let house = a_house().await?;
    let made = key(post("/v1/platform/tenants", json!({ "name": "Acme" })), ALL);
    let made = made.peer_addr(std::net::SocketAddr::from(([192, 0, 2, 7], 9)));
    let made = house.send(made).await?;
    let id = made.json["data"]["id"].as_str().unwrap_or_default();
    let trail = house.send(key(get(&format!("/v1/platform/audit?chain={id}")), ALL)).await?;
    let entry = &trail.json["data"][0];
    assert_eq!(entry["action"], "tenant.created", "{}", trail.text);
    assert_eq!(entry["actor"], an_admin_key(ALL).id.to_string());
    assert_eq!((&entry["network"], &entry["sequence"]), (&json!("192.0.2.7"), &json!(1)));
    assert_eq!(entry["requestId"], made.header("x-request-id"));
    let unknown = house.send(key(get("/v1/platform/audit?action=nothing"), ALL)).await?;
    assert_eq!(unknown.verdict(), (400, "INVALID_REQUEST"));
    Ok(())
}
