//! From a new app to a token that is taken back.

use actix_web::test::TestRequest;
use lodge_access::{Secret, SecretKind};
use lodge_storage::Storage as _;
use lodge_testkit::builders::{REDIRECT_URI, a_session};
use serde_json::json;

use crate::support::{Answer, COMMIT, Client, House, Tested, VERIFIER, bearer, get, secret};

/// Every unified read, below repository `web` where it starts with a slash.
const READS: &[&str] = &[
    "me",
    "repositories",
    "/",
    "/branches",
    "/commits?limit=2",
    "/commits/COMMIT/diff",
    "/pull-requests",
    "/pull-requests/7/diff",
    "/contributors",
    "/tags",
    "/releases",
    "/checks",
    "/deployments",
    "/file-tree",
];

fn path_of(read: &str) -> String {
    match read.strip_prefix('/') {
        None => format!("/v1/{read}"),
        Some("") => "/v1/repositories/local/web".to_owned(),
        Some(rest) => format!("/v1/repositories/local/web/{}", rest.replace("COMMIT", COMMIT)),
    }
}

/// Makes an app over HTTP.
async fn an_app(house: &House) -> Tested<Client> {
    let mut work = house.storage.begin().await?;
    work.sessions().add(&a_session(1)).await?;
    work.commit().await?;
    let body = json!({
        "name": "Dashboard",
        "allowedRedirectUris": [REDIRECT_URI],
        "defaultPermissions": lodge_access::Permission::ALL.iter().map(|it| it.scope()).collect::<Vec<_>>(),
    });
    let request = TestRequest::post().uri("/v1/developer/apps").set_json(body);
    let made = house.send(bearer(request, &secret(SecretKind::UserSession, 1))).await?;
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(made.json["client"]["requirePkce"], true);
    let id = made.json["client"]["clientId"].as_str().unwrap_or_default().to_owned();
    Ok(Client { id, secret: made.field("clientSecret").to_owned() })
}

fn access(answer: &Answer) -> Tested<Secret> {
    let text = answer.field("access_token");
    Ok(Secret::parse(SecretKind::AccessToken, text).ok_or("there is no access token")?)
}

#[actix_web::test]
async fn an_app_asks_a_customer_reads_everything_and_gives_the_token_back() -> Tested {
    let house = House::ordinary().await?;
    let client = an_app(&house).await?;
    let code = house.code(&client, Some(VERIFIER)).await?;
    let issued = house
        .send(TestRequest::post().uri("/oauth/token").insert_header(client.basic()).set_form([
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", REDIRECT_URI),
            ("code_verifier", VERIFIER),
        ]))
        .await?;
    assert_eq!(issued.status, 200, "{}", issued.text);
    let token = access(&issued)?;

    let mut bodies = serde_json::Map::new();
    for read in READS {
        let answer = house.send(bearer(get(&path_of(read)), &token)).await?;
        assert_eq!(answer.status, 200, "{read}: {}", answer.text);
        assert_eq!(answer.field("request_id"), answer.header("x-request-id"));
        bodies.insert((*read).to_owned(), answer.json);
    }
    insta::assert_json_snapshot!("unified_reads", bodies, {
        ".*.request_id" => "[request id]",
        ".*.page_info.next_cursor" => insta::dynamic_redaction(|value, _path| {
            if value.as_str().is_some() { "[cursor]".into() } else { value }
        }),
        ".me.data[].connection_id" => "[connection]",
        ".*.firewall.rules_version" => "[version]",
    });

    let me = house.send(bearer(get("/v1/platform/client/me"), &token)).await?;
    assert_eq!(me.status, 200, "{}", me.text);
    assert_eq!(me.json["client"]["name"], "Dashboard");
    assert_eq!(me.json["tenant"]["name"], "Organisation 1");
    assert_eq!(me.json["authorization"]["state"], "active");
    assert_eq!(me.json["authorization"]["customerRef"], "customer-9");
    assert_eq!(me.json["authorization"]["approvedRepositories"], 1);
    assert!(!me.text.contains(token.expose()), "a token is shown once");

    let about = json!({ "token": token.expose() });
    let asked =
        |path: &str| TestRequest::post().uri(path).insert_header(client.basic()).set_json(&about);
    let alive = house.send(asked("/oauth/introspect")).await?;
    assert_eq!(alive.json["active"], true, "{}", alive.text);
    assert_eq!(alive.field("client_id"), client.id);
    assert_eq!(alive.field("iss"), "https://gate.example");

    let revoked = house.send(asked("/oauth/revoke")).await?;
    assert_eq!((revoked.status, revoked.text.as_str()), (200, ""));
    let after = house.send(bearer(get("/v1/me"), &token)).await?;
    assert_eq!(after.verdict(), (401, "INVALID_CREDENTIALS"));
    let dead = house.send(asked("/oauth/introspect")).await?;
    assert_eq!(dead.json, json!({ "active": false }));
    Ok(())
}

#[actix_web::test]
async fn the_token_endpoint_takes_forms_json_and_http_basic_alike() -> Tested {
    let house = House::ordinary().await?;
    let client = Client::number(1);
    for (encoding, basic) in [("form", false), ("form", true), ("json", false), ("json", true)] {
        let code = house.code(&client, Some(VERIFIER)).await?;
        let mut fields = std::collections::BTreeMap::from([
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", REDIRECT_URI),
            ("code_verifier", VERIFIER),
        ]);
        let mut request = TestRequest::post().uri("/oauth/token");
        if basic {
            request = request.insert_header(client.basic());
        } else {
            fields.insert("client_id", &client.id);
            fields.insert("client_secret", &client.secret);
        }
        let request =
            if encoding == "form" { request.set_form(&fields) } else { request.set_json(&fields) };
        let issued = house.send(request).await?;
        assert_eq!(issued.status, 200, "{encoding}, basic {basic}: {}", issued.text);
        assert_eq!(issued.header("cache-control"), "no-store");
        assert_eq!(issued.header("pragma"), "no-cache");
        assert_eq!(issued.field("access_token"), issued.field("accessToken"));
        assert_eq!(issued.field("refresh_token"), issued.field("refreshToken"));
        assert_eq!(issued.json["expires_in"], 3_600);
        assert_eq!(issued.field("token_type"), "Bearer");
        let read = house.send(bearer(get("/v1/repositories"), &access(&issued)?)).await?;
        assert_eq!(read.json["data"][0]["id"], "web");
    }
    Ok(())
}

#[actix_web::test]
async fn a_refresh_token_is_exchanged_for_new_ones_and_may_ask_for_less() -> Tested {
    let house = House::ordinary().await?;
    let client = Client::number(1);
    let first = house.tokens(&client).await?;
    let refreshed = house.refresh(&client, first.field("refresh_token")).await?;
    assert_eq!(refreshed.status, 200, "{}", refreshed.text);
    assert_ne!(refreshed.field("access_token"), first.field("access_token"));
    assert_ne!(refreshed.field("refresh_token"), first.field("refresh_token"));
    assert_eq!(refreshed.field("scope"), first.field("scope"));
    assert_eq!(refreshed.field("issuedBy"), "refresh_token");

    let less = house
        .exchange(
            &client,
            &[
                ("grant_type", "refresh_token"),
                ("refresh_token", refreshed.field("refresh_token")),
                ("scope", "read:tags"),
            ],
        )
        .await?;
    assert_eq!(less.field("scope"), "read:tags", "{}", less.text);
    let refused = house.send(bearer(get("/v1/repositories"), &access(&less)?)).await?;
    assert_eq!(refused.verdict(), (403, "INSUFFICIENT_SCOPE"));
    Ok(())
}
