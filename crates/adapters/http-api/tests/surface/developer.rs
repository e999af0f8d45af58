//! What a developer does with apps, and an app with its own credentials.

use actix_web::test::TestRequest;
use lodge_access::{App, Authorization, AuthorizationState, Secret, SecretKind};
use lodge_gateway::oauth::{AuthorizeRequest, BeginError, OAuthErrorCode};
use lodge_storage::Storage as _;
use lodge_testkit::builders::{
    REDIRECT_URI, a_session, an_app, an_authorization, authorization_id, client_id,
};
use serde_json::{Value, json};

use crate::support::{Answer, Client, House, Tested, VERIFIER, bearer, challenge, get, secret};

/// A house with a developer's session.
async fn a_house() -> Tested<House> {
    let house = House::ordinary().await?;
    let mut work = house.storage.begin().await?;
    work.sessions().add(&a_session(1)).await?;
    work.commit().await?;
    Ok(house)
}

async fn ask(house: &House, request: TestRequest) -> Tested<Answer> {
    house.send(bearer(request, &secret(SecretKind::UserSession, 1))).await
}

fn ids(answer: &Answer) -> Vec<String> {
    let apps = answer.json["data"].as_array().into_iter().flatten();
    apps.map(|it| it["id"].as_str().unwrap_or_default().to_owned()).collect()
}

#[actix_web::test]
async fn a_developer_walks_through_the_apps_in_pages() -> Tested {
    let house = a_house().await?;
    let mut work = house.storage.begin().await?;
    for n in 2..=5 {
        work.apps().add(&an_app(n)).await?;
    }
    work.commit().await?;
    let (mut path, mut seen) = ("/v1/developer/apps?limit=2".to_owned(), Vec::new());
    loop {
        let page = ask(&house, get(&path)).await?;
        assert_eq!(page.status, 200, "{}", page.text);
        assert_eq!(page.json["oauth"]["tokenEndpoint"], "https://gate.example/oauth/token");
        seen.extend(ids(&page));
        if page.next_cursor().is_empty() {
            break;
        }
        path = format!("/v1/developer/apps?limit=2&cursor={}", page.next_cursor());
    }
    assert_eq!(seen, (1..=5).map(|n| client_id(n).to_string()).collect::<Vec<_>>());
    let wrong = ask(&house, get("/v1/developer/apps?cursor=x")).await?;
    assert_eq!(wrong.verdict(), (400, "INVALID_CURSOR"));
    let wrong = ask(&house, get("/v1/developer/apps?limit=0")).await?;
    assert_eq!(wrong.verdict(), (400, "INVALID_LIMIT"));
    Ok(())
}

#[actix_web::test]
async fn a_change_of_an_app_changes_only_what_it_names() -> Tested {
    let house = a_house().await?;
    let path = format!("/v1/developer/apps/{}", client_id(1));
    let before = ask(&house, get("/v1/developer/apps")).await?;
    let body = json!({ "name": "Renamed", "description": "" });
    let changed = ask(&house, TestRequest::patch().uri(&path).set_json(body)).await?;
    assert_eq!(changed.status, 200, "{}", changed.text);
    let mut expected = before.json["data"][0].clone();
    expected["name"] = json!("Renamed");
    expected["description"] = Value::Null;
    assert_eq!(changed.json["client"], expected);
    assert!(!changed.text.contains("sggcs_"), "a secret is shown once: {}", changed.text);
    Ok(())
}

#[actix_web::test]
async fn an_app_reads_by_its_own_credentials_what_a_customer_gave_to_it() -> Tested {
    let house = a_house().await?;
    let client = Client::number(1);
    let ask = |more: Value| {
        let mut body = json!({ "clientId": client.id, "clientSecret": client.secret });
        if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
            body.extend(more);
        }
        house.send(TestRequest::post().uri("/v1/platform/tokens").set_json(body))
    };
    let token = |it: &Answer| Secret::parse(SecretKind::AccessToken, it.field("accessToken"));

    let own = ask(json!({})).await?;
    assert_eq!((own.status, own.field("issuedBy")), (200, "client_credentials"), "{}", own.text);
    assert_eq!(own.header("cache-control"), "no-store");
    assert_eq!(own.json["refresh_token"], Value::Null);
    let read = bearer(get("/v1/repositories"), &token(&own).ok_or("no token")?);
    assert_eq!(house.send(read).await?.verdict(), (403, "APPROVAL_REQUIRED"));

    let id = authorization_id(1).to_string();
    let approved = ask(json!({ "authorizationId": id, "permissions": ["read:tags"] })).await?;
    let approved = token(&approved).ok_or("no token")?;
    let tags = "/v1/repositories/local/web/tags";
    assert_eq!(house.send(bearer(get(tags), &approved)).await?.status, 200);
    let more = house.send(bearer(get("/v1/repositories"), &approved)).await?;
    assert_eq!(more.verdict(), (403, "INSUFFICIENT_SCOPE"));

    let wide = ask(json!({ "authorizationId": id, "permissions": ["events:subscribe"] })).await?;
    assert_eq!(wide.verdict(), (403, "INSUFFICIENT_SCOPE"));
    for unknown in ["authz_1", &authorization_id(9).to_string()] {
        let refused = ask(json!({ "authorizationId": unknown })).await?;
        assert_eq!(refused.verdict(), (400, "INVALID_REQUEST"), "{unknown}");
    }
    Ok(())
}

#[actix_web::test]
async fn a_token_may_wait_for_the_customer_s_answer() -> Tested {
    let house = a_house().await?;
    let pending = Authorization {
        state: AuthorizationState::Pending,
        connections: Vec::new(),
        repositories: Vec::new(),
        ..an_authorization(2)
    };
    let mut work = house.storage.begin().await?;
    work.authorizations().add(&pending).await?;
    work.apps().add(&App { require_pkce: false, ..an_app(2) }).await?;
    work.commit().await?;
    let id = authorization_id(2).to_string();
    let fields = [("grant_type", "client_credentials"), ("authorization_id", id.as_str())];
    let foreign = house.exchange(&Client::number(2), &fields).await?;
    assert_eq!((foreign.status, foreign.field("error")), (400, "invalid_request"));
    let issued = house.exchange(&Client::number(1), &fields).await?;
    let token = Secret::parse(SecretKind::AccessToken, issued.field("access_token"));
    let token = token.ok_or("no token")?;
    let path = "/v1/repositories/local/web/commits";
    let waits = house.send(bearer(get(path), &token)).await?;
    assert_eq!(waits.verdict(), (403, "APPROVAL_PENDING"));

    let mut work = house.storage.begin().await?;
    work.authorizations().update(&an_authorization(2)).await?;
    work.commit().await?;
    assert_eq!(house.send(bearer(get(path), &token)).await?.status, 200);
    Ok(())
}

#[actix_web::test]
async fn an_invitation_names_the_page_and_carries_what_the_app_asks_for() -> Tested {
    let house = a_house().await?;
    let path = format!("/v1/developer/apps/{}/connect-sessions", client_id(1));
    let invite = |body: Value| TestRequest::post().uri(&path).set_json(body);
    let body = json!({
        "customerRef": "customer-7",
        "redirectUri": REDIRECT_URI,
        "permissions": ["read:tags"],
        "state": "a b&c",
        "codeChallenge": challenge(VERIFIER),
    });
    let made = ask(&house, invite(body)).await?;
    assert_eq!(made.status, 201, "{}", made.text);
    let page = url::Url::parse(made.field("url"))?;
    assert_eq!(page.path(), "/oauth/authorize");
    let found = |name: &str| {
        page.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
    };
    assert_eq!(found("client_id"), Some(client_id(1).to_string()));
    assert_eq!(found("redirect_uri").as_deref(), Some(REDIRECT_URI));
    assert_eq!(found("connect_token").as_deref(), Some(made.field("connectToken")));
    assert_eq!(found("scope").as_deref(), Some("read:tags"));
    assert_eq!(found("state").as_deref(), Some("a b&c"));
    assert_eq!(found("code_challenge_method").as_deref(), Some("S256"));

    for wrong in [
        json!({ "customerRef": "a", "codeChallenge": "abc" }),
        json!({ "customerRef": "a\n" }),
        json!({ "customerRef": "a", "permissions": [] }),
        json!({ "customerRef": "" }),
        json!({ "customerRef": "a".repeat(201) }),
        json!({ "customerRef": "a", "redirectUri": "https://acme.example/callback/" }),
        json!({ "customerRef": "a", "permissions": ["read:everything"] }),
    ] {
        let refused = ask(&house, invite(wrong.clone())).await?;
        assert_eq!(refused.verdict(), (400, "INVALID_REQUEST"), "{wrong}");
    }
    Ok(())
}

#[actix_web::test]
async fn an_invitation_without_a_challenge_waits_for_the_one_of_who_opens_it() -> Tested {
    let house = a_house().await?;
    let path = format!("/v1/developer/apps/{}/connect-sessions", client_id(1));
    let body = json!({ "customerRef": "customer-7" });
    let made = ask(&house, TestRequest::post().uri(&path).set_json(body)).await?;
    assert_eq!(made.status, 201, "{}", made.text);
    assert!(!made.field("url").contains("code_challenge"));
    let bare = AuthorizeRequest {
        response_type: Some("code".to_owned()),
        client_id: Some(client_id(1).to_string()),
        redirect_uri: Some(REDIRECT_URI.to_owned()),
        connect_token: Some(made.field("connectToken").to_owned()),
        ..AuthorizeRequest::default()
    };
    let refused = house.gateway.begin_authorization(&bare).await;
    let Err(BeginError::Redirect { code, .. }) = refused else { return Err("it began".into()) };
    assert_eq!(code, OAuthErrorCode::InvalidRequest);

    // The refusal has not used the invitation up.
    let opened = AuthorizeRequest {
        code_challenge: Some(challenge(VERIFIER)),
        code_challenge_method: Some("S256".to_owned()),
        ..bare
    };
    let begun = house.gateway.begin_authorization(&opened).await?;
    let mut work = house.storage.read().await?;
    let visit = work.transactions().find(begun.transaction).await?.ok_or("no visit")?;
    assert!(visit.challenge.is_some());
    Ok(())
}
