//! Requests that are wrong, and whom that is told.

use actix_web::http::StatusCode;
use lodge_access::RedirectUri;
use lodge_gateway::oauth::AuthorizeRequest;
use lodge_testkit::builders::REDIRECT_URI;

use crate::{
    browser::Browser,
    gateway::{House, Plan, challenge},
};

const CALLBACK: &str = "https%3A%2F%2Facme.example%2Fcallback";

#[actix_web::test]
async fn the_address_of_the_page_carries_nothing_of_the_request() {
    let house = House::built(Plan::ordinary()).await;
    let token = house.invitation("Customer 1", "To show what changed.").await;
    let begun = Browser::at(&house).get(&house.authorize(&[("connect_token", &token)])).await;
    let location = begun.location();
    let names: Vec<_> = location.query_pairs().map(|(name, _)| name.into_owned()).collect();
    assert_eq!(names, ["transaction"]);
}

#[actix_web::test]
async fn an_unregistered_address_is_never_told_anything() {
    let challenge = challenge();
    let house = House::built(Plan::ordinary()).await;
    let client = house.app.id;
    let good = format!("response_type=code&client_id={client}&redirect_uri={CALLBACK}");
    for query in [
        String::new(),
        format!("response_type=code&redirect_uri={CALLBACK}"),
        format!("response_type=code&client_id=client_1&redirect_uri={CALLBACK}"),
        format!("response_type=code&client_id={client}"),
        format!("response_type=code&client_id={client}&redirect_uri=https%3A%2F%2Fevil.example"),
        format!("response_type=code&client_id={client}&redirect_uri={CALLBACK}%2F"),
        format!("response_type=code&client_id={client}&redirect_uri={CALLBACK}%3Fa%3D1"),
        format!("client_id={client}&redirect_uri=https%3A%2F%2Fevil.example&code_challenge=x"),
        format!("{good}&state=a&state=b"),
        format!("{good}&{good}"),
        format!("{good}&request_uri=urn%3Aietf%3Aparams%3Aoauth%3Arequest_uri%3Asggpr_x"),
        format!("{good}&code_challenge={challenge}&code_challenge_method=S256&connect_token=no"),
        "%ff%00&=&&".to_owned(),
    ] {
        let answer = Browser::at(&house).get(&format!("/oauth/authorize?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        assert_eq!(answer.header("location"), "", "{query}");
        assert!(answer.header("set-cookie").is_empty(), "{query}");
    }
}

#[actix_web::test]
async fn what_the_app_did_wrong_is_told_to_the_app() {
    let challenge = challenge();
    let house = House::built(Plan::ordinary()).await;
    let client = house.app.id;
    let good = format!("client_id={client}&redirect_uri={CALLBACK}&state=x+y");
    let pkce = format!("code_challenge={challenge}&code_challenge_method=S256");
    for (query, error) in [
        (format!("{good}&{pkce}"), "invalid_request"),
        (format!("{good}&response_type=token&{pkce}"), "unsupported_response_type"),
        (format!("{good}&response_type=code"), "invalid_request"),
        (format!("{good}&response_type=code&code_challenge={challenge}"), "invalid_request"),
        (
            format!(
                "{good}&response_type=code&code_challenge={challenge}&code_challenge_method=plain"
            ),
            "invalid_request",
        ),
        (
            format!("{good}&response_type=code&code_challenge=short&code_challenge_method=S256"),
            "invalid_request",
        ),
        (format!("{good}&response_type=code&{pkce}&scope=write%3A%22all"), "invalid_scope"),
    ] {
        let answer = Browser::at(&house).get(&format!("/oauth/authorize?{query}")).await;
        assert!(answer.header("location").starts_with("https://acme.example/callback?error="));
        assert_eq!(answer.parameter("error").as_deref(), Some(error), "{query}");
        assert_eq!(answer.parameter("state").as_deref(), Some("x y"), "{query}");
        assert_eq!(answer.parameter("iss").as_deref(), Some("https://gate.example"));
        assert!(!answer.parameter("error_description").unwrap().contains(['"', '\\']));
    }
}

#[actix_web::test]
async fn the_query_of_a_redirect_uri_is_kept() {
    let mut plan = Plan::ordinary();
    let uri = RedirectUri::parse("https://acme.example/callback?tenant=a%20b&x").unwrap();
    plan.app.redirect_uris = vec![uri];
    let house = House::built(plan).await;
    let answer = Browser::at(&house).get(&house.authorize(&[("scope", "none")])).await;
    let location = answer.header("location");
    assert!(
        location.starts_with("https://acme.example/callback?tenant=a%20b&x&error="),
        "{location}"
    );
}

#[actix_web::test]
async fn a_pushed_request_counts_instead_of_the_query() {
    let challenge = challenge();
    let house = House::built(Plan::ordinary()).await;
    let pushed = format!(
        "response_type=code&redirect_uri={CALLBACK}&scope=read%3Acommits&state=pushed\
         &customer_ref=customer-1&code_challenge={challenge}&code_challenge_method=S256"
    );
    let request = AuthorizeRequest {
        response_type: Some("code".to_owned()),
        redirect_uri: Some(REDIRECT_URI.to_owned()),
        code_challenge: Some(challenge),
        code_challenge_method: Some("S256".to_owned()),
        ..AuthorizeRequest::default()
    };
    let pushed = house.gateway.push_request(&house.credentials(), &request, pushed).await.unwrap();
    let link = format!(
        "/oauth/authorize?client_id={}&state=query&scope=read%3Atags&request_uri={pushed}",
        house.app.id
    );
    let browser = Browser::at(&house);
    let begun = browser.get(&link).await;
    let page = browser.get(begun.header("location")).await;
    // The app's server vouched for the customer, who therefore has an account.
    assert_eq!(page.boxes("repository").len(), 3);
    assert_eq!(page.boxes("permission"), ["read:commits"]);
    let visit = page.field("transaction");
    let denied = browser.post("/oauth/authorize/deny", &[("transaction", &visit)]).await;
    assert_eq!(denied.parameter("state").as_deref(), Some("pushed"));
    assert_eq!(browser.get(&link).await.status, StatusCode::BAD_REQUEST);
}
