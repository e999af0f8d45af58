//! The table of routes, walked row by row with every wrong credential.

use actix_web::test::TestRequest;
use lodge_access::{
    App, Authorization, Connection, Customer, Membership, Permission, PermissionSet, Secret,
    SecretKind, Session, Token,
};
use lodge_http_api::{
    ADMIN_ROUTES, ROUTES, Route,
    routes::Credential::{AdminKey, Metrics, Public, Token as OfToken, Visit},
    routes::Credential::{AnyToken, Client as OfClient, Developer, DeveloperOrClient},
    routes::Credential::{DeveloperOrCustomer, Person},
};
use lodge_storage::Storage as _;
use lodge_testkit::builders::{
    NOW, a_connection, a_consent, a_customer, a_membership, a_session, a_tenant, a_token, a_user,
    all_reads, an_app, an_authorization, authorization_id, client_id, connection_id, customer_id,
    event_delivery_id, invitation_id, session_id, subscription_id, tenant_id, user_id,
};
use serde_json::{Value, json};

use crate::support::{Answer, COMMIT, Client, House, Plan, Tested, bearer, secret};

const EXPIRED: u32 = 2;
/// Of organisation 2, which approved its repository `other`.
const STRANGER: u32 = 7;
/// From here on: everything but the permission with that number.
const LACKING: u32 = 20;

/// A house where a second organisation lives, too.
async fn a_house() -> Tested<House> {
    let house =
        House::built(Plan { metrics_token: Some("scrape".to_owned()), ..Plan::default() }).await?;
    let mut work = house.storage.begin().await?;
    work.tenants().add(&a_tenant(2)).await?;
    work.users().add(&a_user(2)).await?;
    let elsewhere = Membership { tenant: tenant_id(2), ..a_membership(2) };
    work.memberships().add(&elsewhere).await?;
    work.apps().add(&App { tenant: tenant_id(2), owner: user_id(2), ..an_app(2) }).await?;
    let customer = Customer { tenant: tenant_id(2), client: client_id(2), ..a_customer(2) };
    work.customers().add(&customer).await?;
    let connection =
        Connection { tenant: tenant_id(2), customer: customer_id(2), ..a_connection(2) };
    work.connections().add(&connection).await?;
    let other = lodge_access::RepositoryConsent {
        connection: connection_id(2),
        permissions: Permission::ALL.iter().copied().collect(),
        ..a_consent("other")
    };
    work.authorizations()
        .add(&Authorization {
            tenant: tenant_id(2),
            client: client_id(2),
            customer: customer_id(2),
            connections: vec![(connection_id(2), lodge_testkit::builders::local())],
            repositories: vec![other],
            ..an_authorization(2)
        })
        .await?;
    work.sessions().add(&a_session(1)).await?;
    work.sessions()
        .add(&Session { user: user_id(2), tenant: Some(tenant_id(2)), ..a_session(2) })
        .await?;
    work.sessions().add(&Session { expires_at: NOW, ..a_session(3) }).await?;
    work.commit().await?;

    house.admit(&Token { expires_at: NOW, ..a_token(EXPIRED) }).await?;
    let everything: PermissionSet = Permission::ALL.iter().copied().collect();
    let stranger = Token {
        tenant: tenant_id(2),
        client: client_id(2),
        authorization: Some(authorization_id(2)),
        permissions: everything,
        ..a_token(STRANGER)
    };
    house.admit(&stranger).await?;
    for (n, lacked) in (LACKING..).zip(Permission::ALL) {
        let permissions = all_reads().iter().filter(|it| it != lacked).collect();
        house.admit(&Token { permissions, ..a_token(n) }).await?;
    }
    Ok(house)
}

/// The row's path, below repository `web` and app 1.
fn request(row: &Route) -> TestRequest {
    let path = row
        .path
        .replace("{provider}", "local")
        .replace("{repoId}", "web")
        .replace("{commitId}", COMMIT)
        .replace("{pullRequestId}", "7")
        .replace("{subscriptionId}", &subscription_id(1).to_string())
        .replace("{deliveryId}", &event_delivery_id(1).to_string())
        .replace("{token}", secret(SecretKind::Webhook, 1).expose())
        .replace("{sessionId}", &session_id(1).to_string())
        .replace("{userId}", &user_id(1).to_string())
        .replace("{invitationId}", &invitation_id(1).to_string())
        .replace("{clientId}", &client_id(1).to_string());
    let request = TestRequest::default().uri(&path);
    let request = request.method(row.method.parse().unwrap_or_default());
    if row.method == "GET" || row.method == "DELETE" {
        request
    } else {
        request.set_json(body(row))
    }
}

/// A body that would be taken from the right caller.
fn body(row: &Route) -> Value {
    match row.path {
        "/v1/developer/apps" => {
            json!({ "name": "App", "allowedRedirectUris": ["https://acme.example/callback"] })
        }
        path if path.ends_with("/connect-sessions") => json!({ "customerRef": "customer-1" }),
        path if path.ends_with("/events/subscribe") => {
            json!({ "callbackUrl": "https://acme.example/events", "events": ["push"] })
        }
        "/v1/platform/tokens" => json!({ "clientId": "nobody", "clientSecret": "nothing" }),
        "/v1/explain" => json!({ "path": "/v1/repositories/local/web" }),
        "/v1/members/{userId}" => json!({ "role": "viewer" }),
        _ => json!({}),
    }
}

fn rows(of: impl Fn(&Route) -> bool) -> impl Iterator<Item = &'static Route> {
    ROUTES.iter().filter(move |row| of(row))
}

fn access(n: u32) -> Secret {
    secret(SecretKind::AccessToken, n)
}

fn assert_verdict(row: &Route, answer: &Answer, expected: (u16, &str)) {
    assert_eq!(answer.verdict(), expected, "{} {}: {}", row.method, row.path, answer.text);
}

#[actix_web::test]
async fn public_rows_answer_everybody() -> Tested {
    let house = a_house().await?;
    let mut n = 0;
    for row in rows(|row| row.credential == Public) {
        let answer = house.send(request(row)).await?;
        assert_eq!(answer.status, 200, "{}: {}", row.path, answer.text);
        assert!(answer.json.is_object(), "{}: {}", row.path, answer.text);
        n += 1;
    }
    assert_eq!(n, 9, "a row has become public, or no longer is: is that meant?");
    Ok(())
}

#[actix_web::test]
async fn a_login_needs_a_visit_and_its_cookie() -> Tested {
    let house = a_house().await?;
    let mut n = 0;
    for row in rows(|row| row.credential == Visit) {
        for query in ["", "?transaction=txn_00000000000000000000000000000001", "?state=x&code=y"] {
            let path = format!("{}{query}", row.path.replace("{provider}", "local"));
            let answer = house.send(TestRequest::get().uri(&path)).await?;
            assert!(matches!(answer.status, 400 | 404), "{path}: {}", answer.text);
        }
        n += 1;
    }
    assert_eq!((n, house.host.calls()), (2, 0));
    Ok(())
}

#[actix_web::test]
async fn the_admin_listener_shows_and_changes_nothing_without_an_admin_key() {
    let open = ADMIN_ROUTES.iter().filter(|row| !matches!(row.credential, AdminKey(_)));
    let open: Vec<_> = open.map(|row| row.path).collect();
    assert_eq!(
        open,
        ["/health", "/health/live", "/health/ready", "/metrics", "/v1/security/firewall/test"]
    );
}

#[actix_web::test]
async fn a_wrong_token_opens_nothing_and_no_host_hears_of_it() -> Tested {
    let house = a_house().await?;
    for row in rows(|row| matches!(row.credential, OfToken(_) | AnyToken)) {
        let without = house.send(request(row)).await?;
        assert_verdict(row, &without, (401, "AUTH_REQUIRED"));
        assert_eq!(without.header("www-authenticate"), "Bearer");
        for garbage in ["x", "sggat_", access(99).expose(), &access(1).expose()[1..]] {
            let header = ("authorization", format!("Bearer {garbage}"));
            let answer = house.send(request(row).insert_header(header)).await?;
            assert_verdict(row, &answer, (401, "INVALID_CREDENTIALS"));
        }
        let header = ("authorization", format!("Token {}", access(1).expose()));
        let scheme = house.send(request(row).insert_header(header)).await?;
        assert_verdict(row, &scheme, (401, "AUTH_REQUIRED"));
        let ended = house.send(bearer(request(row), &access(EXPIRED))).await?;
        assert_verdict(row, &ended, (401, "AUTH_EXPIRED"));
        for kind in [SecretKind::RefreshToken, SecretKind::UserSession, SecretKind::ClientSecret] {
            let other = house.send(bearer(request(row), &secret(kind, 1))).await?;
            assert_verdict(row, &other, (401, "INVALID_CREDENTIALS"));
        }
    }
    assert_eq!(house.host.calls(), 0);
    Ok(())
}

#[actix_web::test]
async fn a_token_without_the_permission_of_the_row_is_refused() -> Tested {
    let house = a_house().await?;
    let mut n = 0;
    for row in ROUTES {
        let OfToken(permission) = row.credential else { continue };
        let place = Permission::ALL.iter().position(|it| *it == permission);
        let lacking = LACKING + u32::try_from(place.unwrap_or_default())?;
        let answer = house.send(bearer(request(row), &access(lacking))).await?;
        assert_verdict(row, &answer, (403, "INSUFFICIENT_SCOPE"));
        assert!(answer.text.contains(permission.scope()), "{}", answer.text);
        n += 1;
    }
    assert_eq!((n, house.host.calls()), (20, 0));
    Ok(())
}

#[actix_web::test]
async fn a_token_of_another_organisation_sees_only_its_own() -> Tested {
    let house = a_house().await?;
    for row in rows(|row| matches!(row.credential, OfToken(_)) && row.path.contains("{repoId}")) {
        let answer = house.send(bearer(request(row), &access(STRANGER))).await?;
        assert_verdict(row, &answer, (403, "REPOSITORY_NOT_APPROVED"));
    }
    assert_eq!(house.host.calls(), 0);
    for path in ["/v1/me", "/v1/repositories"] {
        let asked = bearer(TestRequest::get().uri(path), &access(STRANGER));
        let answer = house.send(asked).await?;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        assert!(!answer.text.contains("\"web\""), "{path}: {}", answer.text);
        assert_eq!(house.host.take_accounts(), [connection_id(2)], "{path}");
    }
    let asked = TestRequest::get().uri("/v1/platform/client/me");
    let me = house.send(bearer(asked, &access(STRANGER))).await?;
    assert_eq!(me.json["tenant"]["id"], tenant_id(2).to_string());
    Ok(())
}

#[actix_web::test]
async fn a_client_must_prove_itself() -> Tested {
    let house = a_house().await?;
    let wrong = Client { id: client_id(1).to_string(), ..Client::number(2) };
    let nobody = Client { id: client_id(9).to_string(), ..Client::number(1) };
    for row in rows(|row| row.credential == OfClient) {
        let without = house.send(request(row)).await?;
        assert_verdict(row, &without, (401, "INVALID_CREDENTIALS"));
        let token = house.send(bearer(request(row), &access(1))).await?;
        assert_verdict(row, &token, (401, "INVALID_CREDENTIALS"));
        for client in [&wrong, &nobody] {
            let body = match row.path {
                "/v1/platform/tokens" => {
                    json!({ "clientId": client.id, "clientSecret": client.secret })
                }
                _ => json!({
                    "client_id": client.id,
                    "client_secret": client.secret,
                    "grant_type": "client_credentials",
                }),
            };
            let answer = house.send(request(row).set_json(body)).await?;
            assert_verdict(row, &answer, (401, "INVALID_CREDENTIALS"));
        }
    }
    Ok(())
}

#[actix_web::test]
async fn a_session_opens_what_is_its_own_and_nothing_else() -> Tested {
    let house = a_house().await?;
    let session = |n| secret(SecretKind::UserSession, n);
    for row in rows(|row| {
        matches!(row.credential, Developer | DeveloperOrClient | DeveloperOrCustomer | Person)
    }) {
        let without = house.send(request(row)).await?;
        assert_verdict(row, &without, (401, "AUTH_REQUIRED"));
        for wrong in [access(1), session(99), secret(SecretKind::ClientSecret, 1)] {
            let answer = house.send(bearer(request(row), &wrong)).await?;
            assert_verdict(row, &answer, (401, "INVALID_CREDENTIALS"));
        }
        let ended = house.send(bearer(request(row), &session(3))).await?;
        assert_verdict(row, &ended, (401, "AUTH_EXPIRED"));
        if ["{clientId}", "{sessionId}", "{userId}", "{invitationId}"]
            .iter()
            .any(|it| row.path.contains(it))
        {
            let foreign = house.send(bearer(request(row), &session(2))).await?;
            assert_verdict(row, &foreign, (404, "RESOURCE_NOT_FOUND"));
        }
        if row.credential == DeveloperOrClient {
            let other = request(row).insert_header(Client::number(2).basic());
            assert_verdict(row, &house.send(other).await?, (404, "RESOURCE_NOT_FOUND"));
        }
    }
    let list = TestRequest::get().uri("/v1/developer/apps");
    let mine = house.send(bearer(list, &session(1))).await?;
    assert_eq!(mine.json["data"].as_array().map(Vec::len), Some(1), "{}", mine.text);
    assert_eq!(mine.json["data"][0]["id"], client_id(1).to_string());
    Ok(())
}

#[actix_web::test]
async fn the_scraper_needs_the_token_that_the_operator_chose() -> Tested {
    let house = a_house().await?;
    let metrics = |value: &str| {
        TestRequest::get().uri("/metrics").insert_header(("authorization", value.to_owned()))
    };
    for row in rows(|row| row.credential == Metrics) {
        assert_verdict(row, &house.send(request(row)).await?, (401, "AUTH_REQUIRED"));
        let wrong = house.send(metrics("Bearer scrap")).await?;
        assert_verdict(row, &wrong, (401, "INVALID_CREDENTIALS"));
        let app = house.send(bearer(request(row), &access(1))).await?;
        assert_verdict(row, &app, (401, "INVALID_CREDENTIALS"));
        let right = house.send(metrics("Bearer scrape")).await?;
        assert_eq!(right.status, 200);
        assert!(right.text.trim_end().ends_with("# EOF"), "{}", right.text);
    }
    let closed = House::ordinary().await?;
    let hidden = closed.send(metrics("Bearer scrape")).await?;
    assert_eq!(hidden.verdict(), (404, "RESOURCE_NOT_FOUND"));
    Ok(())
}
