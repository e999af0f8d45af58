//! What a developer sees and does, signed in.

use std::time::Duration;

use actix_web::{http::StatusCode, test::TestRequest};
use lodge_access::{Role, SecretKind, UsageRow};
use lodge_storage::StorageError;
use lodge_testkit::builders::{
    NOW, a_connection, a_consent, a_customer, a_membership, a_secret, a_session, a_usage_row,
    an_app, an_authorization, client_id, request_id, tenant_id,
};
use lodge_web::ROUTES;

use crate::{
    browser::{Answer, Browser},
    gateway::{House, Plan},
};

/// A house where person 1 has a session in organisation 1, as `role`.
async fn a_house(role: Role) -> House {
    let house = House::built(Plan::ordinary()).await;
    let mut work = house.gateway.storage.begin().await.unwrap();
    let member = a_membership(1);
    assert!(work.memberships().change(member.tenant, member.user, role).await.unwrap());
    work.sessions().add(&a_session(1)).await.unwrap();
    work.commit().await.unwrap();
    house
}

/// What was read and approved there.
async fn busy(house: &House) -> Result<(), StorageError> {
    let failed = UsageRow {
        status: 403,
        error_code: Some("REPOSITORY_NOT_APPROVED".into()),
        ..a_usage_row(2)
    };
    let held = UsageRow {
        withheld: 3,
        rules: vec!["F1".to_owned()],
        endpoint: "commits.diff".into(),
        ..a_usage_row(3)
    };
    let elsewhere = UsageRow { tenant: tenant_id(2), ..a_usage_row(9) };
    let mut work = house.gateway.storage.begin().await?;
    work.usage().append(&[a_usage_row(1), failed, held, elsewhere]).await?;
    work.customers().add(&a_customer(1)).await?;
    work.connections().add(&a_connection(1)).await?;
    work.authorizations().add(&an_authorization(1)).await?;
    work.commit().await
}

fn browser(house: &House) -> Browser<'_> {
    let token = a_secret(SecretKind::UserSession, 1);
    Browser::at(house).with_cookie("__Host-sid", token.expose())
}

/// The secret on a page that shows one.
fn secret(page: &Answer) -> String {
    let (_, rest) = page.body.split_once("sggcs_").unwrap();
    format!("sggcs_{}", rest.split('<').next().unwrap())
}

fn app_fields<'a>(csrf: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("csrf", csrf),
        ("name", "Acme <b>Insights</b>"),
        ("redirect_uris", "https://acme.example/cb\r\n\r\nhttp://localhost:9999/cb"),
        ("permission", "read:commits"),
        ("permission", "read:diffs"),
        ("require_pkce", "yes"),
    ];
    fields.extend(more);
    fields
}

#[actix_web::test]
async fn a_stranger_is_led_to_the_login_and_sees_nothing() {
    let house = a_house(Role::Owner).await;
    let mut seen = 0;
    for route in ROUTES.iter().filter(|it| it.credential.starts_with("the cookie of a session")) {
        let path = route.path.replace("{clientId}", &client_id(1).to_string());
        let path = path.replace("{requestId}", &request_id(1).to_string());
        let request = match route.method {
            "GET" => TestRequest::get(),
            _ => TestRequest::post().set_form([("name", "x")]),
        };
        let answer = Browser::at(&house).send(request.uri(&path)).await;
        assert_eq!(answer.location().path(), "/app/login", "{path}");
        assert!(answer.body.is_empty(), "{path}");
        seen += 1;
    }
    assert!(seen >= 11, "{seen} routes");
}

#[actix_web::test]
async fn the_dashboard_of_a_new_developer_says_what_to_do() {
    let house = a_house(Role::Developer).await;
    let browser = browser(&house);
    assert_eq!(browser.get("/").await.location().path(), "/app/dashboard");
    let page = browser.get("/app/dashboard").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.header("cache-control"), "no-store");
    assert!(page.body.contains("Nothing was read."));
    assert!(page.body.contains("href=\"/app/developer/apps/new\""));
    assert!(page.body.contains(&client_id(1).to_string()));
    let empty = browser.get("/app/connections").await;
    assert!(empty.body.contains("No account is connected."));
    assert!(empty.body.contains("Nothing is approved at the moment."));
}

#[actix_web::test]
async fn the_dashboard_adds_up_what_was_read() {
    let house = a_house(Role::Viewer).await;
    busy(&house).await.unwrap();
    let page = browser(&house).get("/app/dashboard").await;
    for told in ["<dd>3</dd>", "33.3 %", "1.2 ms", "3 reads from", "commits.diff", "local/web"] {
        assert!(page.body.contains(told), "{told} is not on the page");
    }
    assert!(!page.body.contains("New app"), "a viewer is offered to make an app");
}

#[actix_web::test]
async fn an_app_is_made_and_its_secret_is_shown_once() {
    let house = a_house(Role::Developer).await;
    let browser = browser(&house);
    let csrf = browser.get("/app/developer/apps/new").await.field("csrf");
    let made = browser.post("/app/developer/apps", &app_fields(&csrf, &[])).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    assert!(made.body.contains("Acme &#60;b&#62;Insights"), "the name is not escaped");
    assert_eq!(made.header("cache-control"), "no-store");
    let (secret, id) = (secret(&made), made.body.split("client_").nth(1).unwrap());
    let path = format!("/app/developer/apps/client_{}", &id[..32]);
    let page = browser.get(&path).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains(&secret));
    let boxes = page.boxes("permission");
    assert_eq!(boxes.len(), 13);
    assert!(page.body.contains("value=\"read:diffs\" checked"));
    assert!(page.body.contains("https://acme.example/cb\nhttp://localhost:9999/cb"));
}

#[actix_web::test]
async fn what_was_filled_in_wrongly_comes_back_with_what_to_correct() {
    let house = a_house(Role::Owner).await;
    let browser = browser(&house);
    let csrf = browser.get("/app/developer/apps/new").await.field("csrf");
    let wrong = app_fields(&csrf, &[("redirect_uris", "http://acme.example/cb")]);
    let page = browser.post("/app/developer/apps", &wrong).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.body.contains("role=\"alert\""));
    assert!(page.body.contains("it must be https"));
    assert!(page.body.contains("value=\"read:diffs\" checked"));

    let path = format!("/app/developer/apps/{}/update", client_id(1));
    let page = browser.post(&path, &app_fields(&csrf, &[("embed_origins", "acme")])).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.body.contains("`acme` is not an origin"), "{}", page.body);
    let kept = house.gateway.storage.read().await.unwrap().apps().find(client_id(1)).await;
    assert_eq!(kept.unwrap(), Some(house.app.clone()));
}

#[actix_web::test]
async fn a_form_without_the_token_of_its_session_changes_nothing() {
    let house = a_house(Role::Owner).await;
    let browser = browser(&house);
    for path in ["update", "delete", "secrets", "try"] {
        let path = format!("/app/developer/apps/{}/{path}", client_id(1));
        let answer = browser.post(&path, &app_fields("wrong", &[])).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
    let csrf = browser.get("/app/developer/apps/new").await.field("csrf");
    let foreign = TestRequest::post()
        .uri("/app/developer/apps")
        .insert_header(("sec-fetch-site", "cross-site"))
        .set_form(app_fields(&csrf, &[]));
    assert_eq!(browser.send(foreign).await.status, StatusCode::FORBIDDEN);
    let apps =
        house.gateway.storage.read().await.unwrap().apps().of_tenant(tenant_id(1), None, 9).await;
    assert_eq!(apps.unwrap(), std::slice::from_ref(&house.app));
}

#[actix_web::test]
async fn an_old_secret_works_on_for_as_long_as_was_said() {
    let house = a_house(Role::Owner).await;
    let browser = browser(&house);
    let path = format!("/app/developer/apps/{}", client_id(1));
    let csrf = browser.get(&path).await.field("csrf");
    let rotate = format!("{path}/secrets");
    let page = browser.post(&rotate, &[("csrf", &csrf), ("overlap_hours", "24")]).await;
    assert_eq!(page.status, StatusCode::CREATED, "{}", page.body);
    assert!(page.body.contains("2026-11-23 09:30"), "{}", page.body);
    let app = house.gateway.storage.read().await.unwrap().apps().find(client_id(1)).await;
    let app = app.unwrap().unwrap();
    let digest = |text: &str| house.gateway.keys.digest(text.as_bytes());
    let old = house.credentials().secret;
    assert!(app.has_secret(digest(&secret(&page)), NOW));
    assert!(app.has_secret(digest(&old), NOW.plus(Duration::from_hours(23))));
    assert!(!app.has_secret(digest(&old), NOW.plus(Duration::from_hours(24))));
    let wrong = browser.post(&rotate, &[("csrf", &csrf), ("overlap_hours", "721")]).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
}

#[actix_web::test]
async fn an_app_is_deleted_only_by_who_types_its_name() {
    let house = a_house(Role::Owner).await;
    let browser = browser(&house);
    let path = format!("/app/developer/apps/{}", client_id(1));
    let csrf = browser.get(&path).await.field("csrf");
    let delete = format!("{path}/delete");
    let wrong = browser.post(&delete, &[("csrf", &csrf), ("confirmation", "yes")]).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert!(wrong.body.contains("not the name of the app"));
    let name = house.app.name.clone();
    let gone = browser.post(&delete, &[("csrf", &csrf), ("confirmation", &name)]).await;
    assert_eq!(gone.location().path(), "/app/dashboard");
    assert_eq!(browser.get(&path).await.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn a_connect_session_to_try_an_app_opens_the_consent_page() {
    let house = a_house(Role::Developer).await;
    let browser = browser(&house);
    let path = format!("/app/developer/apps/{}", client_id(1));
    let csrf = browser.get(&path).await.field("csrf");
    let form = [("csrf", csrf.as_str()), ("customer_ref", "try-it")];
    let page = browser.post(&format!("{path}/try"), &form).await;
    assert_eq!(page.status, StatusCode::CREATED, "{}", page.body);
    let (_, rest) = page.body.split_once("href=\"https://gate.example").unwrap();
    let link = rest.split('"').next().unwrap().replace("&#38;", "&");
    let begun = browser.get(&link).await;
    let consent = browser.get(begun.header("location")).await;
    assert_eq!(consent.status, StatusCode::OK, "{}", consent.body);
    assert!(consent.body.contains("To try the app."));
}

#[actix_web::test]
async fn requests_are_filtered_found_and_explained() {
    let house = a_house(Role::Viewer).await;
    busy(&house).await.unwrap();
    let browser = browser(&house);
    let all = browser.get("/app/requests").await;
    for n in 1..=3 {
        assert!(all.body.contains(&request_id(n).to_string()), "{n}");
    }
    assert!(!all.body.contains(&request_id(9).to_string()), "another organisation's request");
    let failed = browser.get("/app/requests?failed=true&endpointKey=commits.list").await;
    assert!(failed.body.contains(&request_id(2).to_string()));
    assert!(!failed.body.contains(&request_id(1).to_string()));
    let none = browser.get("/app/requests?provider=elsewhere").await;
    assert!(none.body.contains("No request fits."), "{}", none.body);
    let wrong = browser.get("/app/requests?from=2020-01-01").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert!(wrong.body.contains("92 days"));

    let id = request_id(2).to_string();
    let found = browser.get(&format!("/app/requests?requestId={id}")).await;
    assert_eq!(found.location().path(), format!("/app/requests/{id}"));
    let page = browser.get(&format!("/app/requests/{id}")).await;
    assert_eq!(page.status, StatusCode::OK);
    for told in [
        "needs <code>read:commits</code>",
        "refused: the repository is not among those approved",
        "/docs/errors#REPOSITORY_NOT_APPROVED",
        "https://gate.example/v1/repositories/local/web/commits",
        "0.8 ms",
    ] {
        assert!(page.body.contains(told), "{told} is not on the page");
    }
    let held = browser.get(&format!("/app/requests/{}", request_id(3))).await;
    assert!(held.body.contains("3 withheld by"));
    for other in [request_id(9).to_string(), "x".to_owned()] {
        let page = browser.get(&format!("/app/requests/{other}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{other}");
    }
}

#[actix_web::test]
async fn connections_show_what_is_approved_and_no_name_of_an_account() {
    let house = a_house(Role::Viewer).await;
    busy(&house).await.unwrap();
    let page = browser(&house).get("/app/connections").await;
    assert!(page.body.contains(&a_connection(1).id.to_string()));
    assert!(page.body.contains(&a_consent("web").full_name));
    assert!(!page.body.contains(&format!(">{}<", a_connection(1).account)));
}

#[actix_web::test]
async fn a_viewer_and_a_member_of_another_organisation_change_nothing() {
    let house = a_house(Role::Viewer).await;
    let browser = browser(&house);
    let csrf = browser.get("/app/dashboard").await.field("csrf");
    let answer = browser.post("/app/developer/apps", &app_fields(&csrf, &[])).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let path = format!("/app/developer/apps/{}/delete", client_id(1));
    let form = [("csrf", csrf.as_str()), ("confirmation", house.app.name.as_str())];
    assert_eq!(browser.post(&path, &form).await.status, StatusCode::FORBIDDEN);
    let other = format!("/app/developer/apps/{}", an_app(2).id);
    assert_eq!(browser.get(&other).await.status, StatusCode::NOT_FOUND);
}
