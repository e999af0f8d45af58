//! Accounts at hosts: what a browser, an app and the operator see of them.

use std::sync::Arc;

use actix_web::test::TestRequest;
use async_trait::async_trait;
use lodge_access::{SecretKind, Transaction};
use lodge_forge::ProviderName;
use lodge_kernel::{ExposeSecret as _, SecretString};
use lodge_provider::{
    CodeExchange, Host, HostAccount, HostCredentials, HostLogin, HostToken, LoginError,
    LoginRequest, ProviderError,
};
use lodge_storage::Storage as _;
use lodge_testkit::builders::{
    a_customer, a_transaction, an_admin_key, client_id, connection_id, customer_id, transaction_id,
};
use serde_json::json;

use crate::support::{Answer, House, Plan, ScriptedHost, Tested, get, secret};

/// A host whose login gives `gho_secret` for the code `good`.
struct Login;

#[async_trait]
impl HostLogin for Login {
    fn pkce(&self) -> bool {
        true
    }

    fn authorize_url(&self, request: &LoginRequest) -> String {
        let challenge = request.challenge.as_deref().unwrap_or_default();
        let LoginRequest { state, redirect_uri, .. } = request;
        format!("https://lab.example/login?state={state}&challenge={challenge}&back={redirect_uri}")
    }

    async fn exchange(&self, exchange: CodeExchange) -> Result<HostCredentials, LoginError> {
        if exchange.code.expose_secret() != "good" || exchange.verifier.is_none() {
            return Err(LoginError::Ended);
        }
        Ok(HostCredentials {
            access: "gho_secret".to_owned().into(),
            expires_at: None,
            refresh: Some("ghr_secret".to_owned().into()),
            refresh_expires_at: None,
            scopes: vec!["read_api".to_owned()],
        })
    }

    async fn refresh(&self, _: &SecretString, _: &str) -> Result<HostCredentials, LoginError> {
        Err(LoginError::Ended)
    }

    async fn revoke(&self, _: &HostToken) -> Result<(), LoginError> {
        Ok(())
    }

    async fn identify(&self, token: &HostToken) -> Result<HostAccount, ProviderError> {
        match token.text.expose_secret() {
            "gho_secret" | "glpat_secret" => {
                Ok(HostAccount { id: "7".to_owned(), login: "ada".to_owned() })
            }
            _ => Err(ProviderError::CredentialsRefused),
        }
    }
}

/// A house with the host `lab`, and visit 1 in browser 1.
async fn a_house() -> Tested<House> {
    let lab = ScriptedHost::named(ProviderName::parse("lab")?).with_accounts();
    let lab = Host { login: Some(Arc::new(Login)), ..Host::plain(Arc::new(lab)) };
    let house = House::built(Plan { more: vec![lab], ..Plan::default() }).await?;
    let mut work = house.storage.begin().await?;
    work.admin_keys().add(&an_admin_key(1)).await?;
    work.transactions().add(&a_transaction(1)).await?;
    work.customers().add(&a_customer(2)).await?;
    work.transactions().add(&Transaction { customer: customer_id(2), ..a_transaction(2) }).await?;
    work.commit().await?;
    Ok(house)
}

/// The same request with admin key 1.
fn with_key(request: TestRequest) -> TestRequest {
    let key = secret(SecretKind::AdminKey, 1).expose().to_owned();
    request.insert_header(("x-admin-api-key", key))
}

/// The cookie of visit 1, as the consent page gives it.
fn cookie(browser: u32) -> (&'static str, String) {
    let text = secret(SecretKind::Browser, browser).expose().to_owned();
    ("cookie", format!("other=x; __Host-lodge-consent-{}={text}", transaction_id(1)))
}

fn start(more: &str) -> TestRequest {
    get(&format!("/v1/auth/lab/start?transaction={}{more}", transaction_id(1)))
        .insert_header(cookie(1))
}

/// The `state` of a login that has begun.
async fn state(house: &House, more: &str) -> Tested<String> {
    let begun = house.send(start(more)).await?;
    assert_eq!(begun.status, 200, "{}", begun.text);
    let url = begun.json["data"]["authorizationUrl"].as_str().unwrap_or_default().to_owned();
    let state = url.split("state=").nth(1).and_then(|it| it.split('&').next());
    Ok(state.ok_or("no state")?.to_owned())
}

fn callback(state: &str, rest: &str) -> TestRequest {
    get(&format!("/v1/auth/lab/callback?state={state}&{rest}&iss=ignored")).insert_header(cookie(1))
}

fn as_person(request: TestRequest) -> TestRequest {
    request.insert_header(("accept", "text/html,application/xhtml+xml"))
}

fn location(answer: &Answer) -> &str {
    assert_eq!(answer.status, 303, "{}", answer.text);
    answer.header("location")
}

#[actix_web::test]
async fn a_program_in_the_browser_connects_an_account() -> Tested {
    let house = a_house().await?;
    let state = state(&house, "").await?;
    let connected = house.send(callback(&state, "code=good")).await?;
    assert_eq!(connected.status, 200, "{}", connected.text);
    assert_eq!(connected.json["data"]["account"], json!({ "id": "7", "login": "ada" }));
    assert_eq!(connected.json["data"]["provider"], "lab");
    let again = house.send(callback(&state, "code=good")).await?;
    assert_eq!(again.verdict(), (400, "INVALID_REQUEST"));
    assert_eq!(again.json["error"]["suggested_action"], "connect_provider_account");
    Ok(())
}

#[actix_web::test]
async fn a_person_is_sent_there_and_back() -> Tested {
    let house = a_house().await?;
    let sent = house.send(as_person(start("&redirect=1"))).await?;
    assert_eq!(sent.status, 302);
    let there = sent.header("location").to_owned();
    assert!(there.starts_with("https://lab.example/login?state=sggls_"), "{there}");
    assert!(there.ends_with("&back=https://gate.example/v1/auth/lab/callback"), "{there}");
    let state = there.split("state=").nth(1).and_then(|it| it.split('&').next()).ok_or("state")?;

    let back = house.send(as_person(callback(state, "code=good"))).await?;
    let transaction = transaction_id(1);
    assert_eq!(
        location(&back),
        format!(
            "https://gate.example/oauth/authorize?transaction={transaction}&provider=lab&login=connected"
        )
    );
    assert!(!back.text.contains("gho_") && !location(&back).contains("code"), "{}", back.text);
    Ok(())
}

#[actix_web::test]
async fn a_small_window_is_told_how_it_went() -> Tested {
    let house = a_house().await?;
    let transaction = transaction_id(1);
    for (rest, code) in [("code=good", "connected"), ("error=access_denied", "access_denied")] {
        let state = state(&house, "&popup=1").await?;
        let back = house.send(as_person(callback(&state, rest))).await?;
        let expected = format!(
            "https://gate.example/oauth/login?transaction={transaction}&provider=lab&login={code}"
        );
        assert_eq!(location(&back), expected);
    }
    Ok(())
}

#[actix_web::test]
async fn a_window_without_the_cookie_hands_over_to_the_page_in_its_frame() -> Tested {
    let house = a_house().await?;
    let state = state(&house, "&popup=1").await?;
    let path = format!("/v1/auth/lab/callback?state={state}&code=good");
    let handed = house.send(as_person(get(&path))).await?;
    let expected = format!("https://gate.example/oauth/login?provider=lab&state={state}&code=good");
    assert_eq!(location(&handed), expected);
    // The page has the cookie, and finishes.
    let finished = house.send(callback(&state, "code=good")).await?;
    assert_eq!(finished.status, 200, "{}", finished.text);
    Ok(())
}

#[actix_web::test]
async fn a_login_in_another_browser_is_refused() -> Tested {
    let house = a_house().await?;
    let begun = state(&house, "&redirect=0").await?;
    let path = format!("/v1/auth/lab/callback?state={begun}&code=good");
    let planted = format!("lodge-consent-x={}", secret(SecretKind::Browser, 1).expose());
    for cookie in [cookie(2), ("cookie", planted), ("cookie", String::new())] {
        let refused = house.send(get(&path).insert_header(cookie.clone())).await?;
        assert_eq!(refused.verdict(), (400, "INVALID_REQUEST"), "{cookie:?}");
        let page = house.send(as_person(get(&path)).insert_header(cookie)).await?;
        assert_eq!(location(&page), "https://gate.example/oauth/login?provider=lab&login=not_ours");
        let begin = get(&format!("/v1/auth/lab/start?transaction={}", transaction_id(1)));
        let refused = house.send(begin).await?;
        assert_eq!(refused.verdict(), (404, "RESOURCE_NOT_FOUND"));
    }
    assert_eq!(house.send(callback(&begun, "code=good")).await?.status, 200);
    Ok(())
}

#[actix_web::test]
async fn a_host_that_says_no_is_heard_plainly() -> Tested {
    let house = a_house().await?;
    for (rest, action) in [
        ("error=access_denied&error_description=%3Cscript%3E", "connect_provider_account"),
        ("code=wrong", "connect_provider_account"),
    ] {
        let state = state(&house, "").await?;
        let refused = house.send(callback(&state, rest)).await?;
        assert_eq!(refused.verdict(), (403, "ACCESS_BLOCKED_BY_POLICY"));
        assert_eq!(refused.json["error"]["source"], "provider");
        assert_eq!(refused.json["error"]["provider"], "lab");
        assert_eq!(refused.json["error"]["suggested_action"], action);
        assert!(!refused.text.contains("script"), "{}", refused.text);
    }
    for wrong in ["", "?state=x", "?code=good", "?state=sggls_x&code=good"] {
        let path = format!("/v1/auth/lab/callback{wrong}");
        let refused = house.send(get(&path).insert_header(cookie(1))).await?;
        assert_eq!(refused.verdict(), (400, "INVALID_REQUEST"), "{wrong}");
    }
    let unknown = format!("/v1/auth/nobody/start?transaction={}", transaction_id(1));
    let refused = house.send(get(&unknown).insert_header(cookie(1))).await?;
    assert_eq!(refused.verdict(), (400, "UNSUPPORTED_PROVIDER"));
    let local = format!("/v1/auth/local/start?transaction={}", transaction_id(1));
    let refused = house.send(get(&local).insert_header(cookie(1))).await?;
    assert_eq!(refused.verdict(), (400, "UNSUPPORTED_PROVIDER"));
    Ok(())
}

#[actix_web::test]
async fn connections_need_an_admin_key_on_either_listener() -> Tested {
    let house = a_house().await?;
    let one = format!("/v1/connections/{}", connection_id(1));
    for path in ["/v1/connections", one.as_str()] {
        for closed in [house.send(get(path)).await?, house.send_admin(get(path)).await?] {
            assert_eq!(closed.verdict(), (401, "AUTH_REQUIRED"), "{path}");
        }
    }
    assert_eq!(house.send_admin(with_key(get(&one))).await?.status, 200);
    assert_eq!(house.send(with_key(get(&one))).await?.status, 200);
    let gone = house.send(with_key(TestRequest::delete().uri(&one))).await?;
    assert_eq!(gone.status, 204, "{}", gone.text);
    Ok(())
}

#[actix_web::test]
async fn the_operator_connects_sees_switches_off_and_takes_away() -> Tested {
    let house = a_house().await?;
    let connect = |body: serde_json::Value| {
        with_key(TestRequest::post().uri("/v1/connections/manual").set_json(body))
    };
    let body = json!({
        "provider": "lab", "accessToken": "glpat_secret",
        "clientId": client_id(1).to_string(), "customerRef": "acme-42",
    });
    let made = house.send_admin(connect(body.clone())).await?;
    assert_eq!(made.status, 201, "{}", made.text);
    let data = &made.json["data"];
    assert_eq!((&data["kind"], &data["status"]), (&json!("personal"), &json!("active")));
    assert_eq!(data["account"]["login"], "ada");
    let id = data["id"].as_str().unwrap_or_default().to_owned();
    let path = format!("/v1/connections/{id}");

    let mut wrong = body.clone();
    wrong["accessToken"] = json!("wrong");
    let refused = house.send_admin(connect(wrong)).await?;
    assert_eq!(refused.verdict(), (401, "INVALID_CREDENTIALS"), "{}", refused.text);
    assert!(!refused.text.contains("\"wrong\""), "{}", refused.text);
    for (field, value) in [("provider", "local"), ("provider", "nobody")] {
        let mut wrong = body.clone();
        wrong[field] = json!(value);
        let refused = house.send_admin(connect(wrong)).await?;
        assert_eq!(refused.verdict(), (400, "UNSUPPORTED_PROVIDER"));
    }
    let ownerless = json!({ "provider": "lab", "accessToken": "glpat_secret" });
    let refused = house.send_admin(connect(ownerless)).await?;
    assert_eq!(refused.verdict(), (400, "INVALID_REQUEST"));

    let off = with_key(TestRequest::patch().uri(&path).set_json(json!({ "enabled": false })));
    let off = house.send_admin(off).await?;
    assert_eq!(off.json["data"]["status"], "disabled", "{}", off.text);

    let first = house.send_admin(with_key(get("/v1/connections?limit=1"))).await?;
    assert_eq!(first.json["data"][0]["id"], connection_id(1).to_string(), "{}", first.text);
    let cursor = first.json["page_info"]["next_cursor"].as_str().ok_or("a cursor")?;
    // The customer has the configured account of every new one, too.
    let next = with_key(get(&format!("/v1/connections?limit=2&cursor={cursor}")));
    let next = house.send_admin(next).await?;
    let kinds = [0, 1].map(|n| next.json["data"][n]["kind"].as_str());
    assert!(kinds.contains(&Some("configured")), "{}", next.text);
    assert!(kinds.contains(&Some("personal")) && next.text.contains(&id), "{}", next.text);
    assert_eq!(next.json["page_info"]["has_next_page"], false);

    let gone = house.send_admin(with_key(TestRequest::delete().uri(&path))).await?;
    assert_eq!(gone.status, 204);
    let found = house.send_admin(with_key(get(&path))).await?;
    assert_eq!(found.json["data"]["status"], "disconnected");
    let on = with_key(TestRequest::patch().uri(&path).set_json(json!({ "enabled": true })));
    assert_eq!(house.send_admin(on).await?.verdict(), (400, "INVALID_REQUEST"));
    let unknown = house.send_admin(with_key(get("/v1/connections/conn_1"))).await?;
    assert_eq!(unknown.verdict(), (404, "RESOURCE_NOT_FOUND"));

    for answer in [made, off, first, next, found] {
        assert!(!answer.text.contains("glpat_"), "{}", answer.text);
    }
    Ok(())
}

#[actix_web::test]
async fn a_token_sees_the_budgets_of_its_accounts() -> Tested {
    let house = a_house().await?;
    let quota = house.read("/v1/account/quota").await?;
    assert_eq!(quota.status, 200, "{}", quota.text);
    let expected = json!([{
        "connection_id": connection_id(1).to_string(),
        "provider": "local",
        "limit": 5_000,
        "remaining": 4_321,
        "resets_at": "2026-11-22T10:00:00.000Z",
        "paused_until": null,
    }]);
    assert_eq!(quota.json["data"], expected);
    assert_eq!(house.host.calls(), 0);
    Ok(())
}
