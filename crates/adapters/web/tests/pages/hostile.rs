//! What somebody else tries in the customer's place.

use std::sync::Arc;

use actix_web::{
    HttpRequest,
    http::{StatusCode, header},
    test::TestRequest,
};
use lodge_forge::Repository;
use lodge_web::Doorkeeper;

use crate::{
    browser::{Answer, Browser},
    gateway::{House, Plan, a_repository},
};

const SCRIPT: &str = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";

fn form(page: &Answer) -> Vec<(&'static str, String)> {
    vec![
        ("transaction", page.field("transaction")),
        ("csrf", page.field("csrf")),
        ("days", "30".to_owned()),
        ("permission", "read:commits".to_owned()),
        ("repository", page.boxes("repository")[0].clone()),
    ]
}

#[actix_web::test]
async fn another_browser_can_neither_see_nor_answer() {
    let house = House::built(Plan::ordinary()).await;
    let (mine, other) = (Browser::at(&house), Browser::at(&house));
    let page = mine.invited().await;
    other.invited().await;
    let link = format!("/oauth/authorize?transaction={}", page.field("transaction"));
    assert_eq!(other.get(&link).await.status, StatusCode::NOT_FOUND);
    let approved =
        other.send(TestRequest::post().uri("/oauth/authorize/approve").set_form(form(&page))).await;
    assert_eq!(approved.status, StatusCode::NOT_FOUND);
    let visit = page.field("transaction");
    let denied = other.post("/oauth/authorize/deny", &[("transaction", &visit)]).await;
    assert_eq!(denied.status, StatusCode::NOT_FOUND);
    assert_eq!(mine.get(&link).await.status, StatusCode::OK);
}

#[actix_web::test]
async fn a_form_with_a_foreign_token_is_refused() {
    let house = House::built(Plan::ordinary()).await;
    let browser = Browser::at(&house);
    let (page, other) = (browser.invited().await, browser.invited().await);
    for csrf in [String::new(), "x".to_owned(), other.field("csrf")] {
        let mut fields = form(&page);
        fields[1].1 = csrf;
        let answer = browser
            .send(TestRequest::post().uri("/oauth/authorize/approve").set_form(fields))
            .await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert!(answer.body.contains("The form did not come from this page"));
    }
}

#[actix_web::test]
async fn what_another_site_sends_is_refused() {
    let house = House::built(Plan::ordinary()).await;
    let browser = Browser::at(&house);
    let page = browser.invited().await;
    let deny = format!("/oauth/authorize/deny?transaction={}", page.field("transaction"));
    for (name, value) in
        [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example"), ("origin", "x")]
    {
        let approve = TestRequest::post().uri("/oauth/authorize/approve").set_form(form(&page));
        for request in [
            approve,
            TestRequest::get().uri(&deny),
            TestRequest::post().uri("/oauth/authorize/deny").set_form(form(&page)),
        ] {
            let answer = browser.send(request.insert_header((name, value))).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}: {value}");
        }
    }
    let approve = TestRequest::post().uri("/oauth/authorize/approve").set_form(form(&page));
    let own = approve.insert_header(("sec-fetch-site", "same-origin"));
    let answer = browser.send(own.insert_header(("origin", "null"))).await;
    assert!(answer.parameter("code").is_some());
}

#[actix_web::test]
async fn a_form_that_comes_again_is_answered_only_once() {
    let house = House::built(Plan::ordinary()).await;
    let browser = Browser::at(&house);
    let page = browser.invited().await;
    let thief = browser.thief();
    let approve = || TestRequest::post().uri("/oauth/authorize/approve").set_form(form(&page));
    assert!(browser.send(approve()).await.parameter("code").is_some());
    let again = thief.send(approve()).await;
    assert_eq!(again.status, StatusCode::GONE);
    assert!(again.body.contains("You have approved this request"));
}

#[actix_web::test]
async fn whatever_others_named_is_text_and_never_markup() {
    let mut plan = Plan::ordinary();
    plan.app.name = SCRIPT.to_owned();
    plan.app.description = Some(SCRIPT.to_owned());
    let repository = Repository {
        full_name: SCRIPT.to_owned(),
        description: Some(SCRIPT.to_owned()),
        web_url: Some("javascript:alert(1)".to_owned()),
        ..a_repository("acme/api")
    };
    plan.hosts = vec![("local", Some(vec![repository]))];
    let house = House::built(plan).await;
    let token = house.invitation(SCRIPT, SCRIPT).await;
    let browser = Browser::at(&house);
    let begun = browser.get(&house.authorize(&[("connect_token", &token)])).await;
    let page = browser.get(begun.header("location")).await;
    assert_eq!(page.status, StatusCode::OK);
    for markup in ["<script>", "<img src=x", "javascript:"] {
        assert!(!page.body.contains(markup), "{markup}");
    }
    assert!(page.body.matches("&#60;script&#62;").count() >= 6);
    let custom = [("custom_days", SCRIPT), ("days", "custom"), ("transaction", SCRIPT)];
    let again = browser.approve(&page, &custom).await;
    assert!(!again.body.contains("<img src=x"));
}

#[actix_web::test]
async fn only_the_origins_of_the_app_may_frame_its_pages() {
    let mut plan = Plan::ordinary();
    plan.app.embed_origins =
        vec!["https://acme.example".to_owned(), "https://panel.acme.example:8443".to_owned()];
    let house = House::built(plan).await;
    let browser = Browser::at(&house);
    let page = browser.invited().await;
    let policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
                  connect-src 'self'; \
                  form-action 'self' https://acme.example; base-uri 'none'; \
                  frame-ancestors https://acme.example https://panel.acme.example:8443";
    assert_eq!(page.header("content-security-policy"), policy);
    assert_eq!(page.header("x-frame-options"), "");
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    assert_eq!(page.header("x-content-type-options"), "nosniff");

    // An error is framed like the page it stands for.
    let used = browser.get(&house.authorize(&[("connect_token", "used")])).await;
    let ancestors = "frame-ancestors https://acme.example https://panel.acme.example:8443";
    assert!(used.header("content-security-policy").ends_with(ancestors));
    let visit = format!("/oauth/authorize?transaction={}", page.field("transaction"));
    let foreign = Browser::at(&house).get(&visit).await;
    assert!(foreign.header("content-security-policy").ends_with(ancestors));

    let unknown = browser.get("/oauth/authorize?client_id=client_1").await;
    assert!(unknown.header("content-security-policy").ends_with("frame-ancestors 'none'"));
    assert_eq!(unknown.header("x-frame-options"), "DENY");
    assert_eq!(unknown.header("cross-origin-opener-policy"), "same-origin");
}

/// The consent page as a browser asks for it, which says so much of itself.
async fn looked_at(house: &House, headers: &[(&'static str, &str)]) -> Answer {
    let browser = Browser::at(house);
    let link =
        format!("/oauth/authorize?transaction={}", browser.invited().await.field("transaction"));
    let request = TestRequest::get().uri(&link);
    let request = headers.iter().fold(request, |request, it| request.insert_header(*it));
    browser.send(request).await
}

#[actix_web::test]
async fn a_page_in_a_frame_says_who_opened_it_and_approves_only_in_sight() {
    let mut plan = Plan::ordinary();
    plan.app.embed_origins =
        vec!["https://acme.example".to_owned(), "https://panel.acme.example".to_owned()];
    let house = House::built(plan).await;
    let framed = ("sec-fetch-dest", "iframe");
    let approve = "class=\"primary\" data-approve disabled>";
    for (headers, opener) in [
        (vec![framed, ("referer", "https://panel.acme.example/")], "panel.acme.example</code>"),
        (vec![framed, ("referer", "https://evil.example/")], "a page of its own"),
        (vec![framed], "a page of its own"),
    ] {
        let page = looked_at(&house, &headers).await;
        let words = "data-framed>You are granting <strong><bdi>App 1</bdi></strong>, opened from";
        assert!(page.body.contains(words), "{headers:?}");
        assert!(page.body.contains(opener), "{headers:?}");
        assert!(page.body.contains(approve), "{headers:?}");
        assert!(page.body.contains("<noscript>"), "{headers:?}");
        assert!(!page.body.contains("evil.example"));
    }
    let alone = looked_at(&house, &[("sec-fetch-dest", "document")]).await;
    assert!(alone.body.contains("data-framed hidden>"));
    assert!(!alone.body.contains(approve));
}

#[actix_web::test]
async fn a_choice_to_correct_still_says_who_opened_the_page() {
    let mut plan = Plan::ordinary();
    plan.app.embed_origins =
        vec!["https://acme.example".to_owned(), "https://panel.acme.example".to_owned()];
    let house = House::built(plan).await;
    let browser = Browser::at(&house);
    let page = browser.invited().await;
    let again = |opened_from: &'static str| {
        let mut fields = form(&page);
        fields.retain(|(name, _)| *name != "repository");
        fields.push(("opened_from", opened_from.to_owned()));
        let request = TestRequest::post().uri("/oauth/authorize/approve").set_form(fields);
        browser.send(request.insert_header(("sec-fetch-dest", "iframe")))
    };
    let right = again("https://panel.acme.example").await;
    assert_eq!(right.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(right.field("opened_from"), "https://panel.acme.example");
    let forged = again("https://evil.example").await;
    assert!(!forged.body.contains("evil.example"));
}

#[actix_web::test]
async fn the_way_to_the_page_tells_the_origin_that_opened_it_and_no_more() {
    let house = House::built(Plan::ordinary()).await;
    let begun = Browser::at(&house).get(&house.authorize(&[])).await;
    assert_eq!(begun.header("referrer-policy"), "strict-origin");
    assert_eq!(begun.headers.get_all("referrer-policy").count(), 1);
}

/// Lets nobody in for so many seconds.
struct Closed(u64);

impl Doorkeeper for Closed {
    fn admit(&self, _request: &HttpRequest) -> Result<(), u64> {
        Err(self.0)
    }

    fn address(&self, _request: &HttpRequest) -> Option<std::net::IpAddr> {
        None
    }
}

#[actix_web::test]
async fn who_comes_too_often_is_told_when_to_come_back() {
    let mut house = House::built(Plan::ordinary()).await;
    let page = Browser::at(&house).invited().await;
    let deny = format!("/oauth/authorize/deny?transaction={}", page.field("transaction"));
    house.doorkeeper = Some(Arc::new(Closed(7)));
    let browser = Browser::at(&house);
    for request in [
        TestRequest::get().uri(&house.authorize(&[])),
        TestRequest::get().uri(&deny),
        TestRequest::post().uri("/oauth/authorize/deny").set_form(form(&page)),
        TestRequest::post().uri("/oauth/authorize/approve").set_form(form(&page)),
    ] {
        let answer = browser.send(request).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(answer.header("retry-after"), "7");
        assert!(answer.body.contains("Please wait a moment"));
    }
    assert_eq!(browser.get("/").await.status, StatusCode::OK);
}

#[actix_web::test]
async fn the_cookie_is_as_strict_as_the_address_allows() {
    let cookie = async |public_url: &str| {
        let plan = Plan { public_url: public_url.to_owned(), ..Plan::ordinary() };
        let house = House::built(plan).await;
        let begun = Browser::at(&house).get(&house.authorize(&[])).await;
        let cookie = begun.header("set-cookie").to_owned();
        let visit = begun.parameter("transaction").unwrap();
        let (secret, rest) = cookie.split_once(';').unwrap();
        let (name, _secret) = secret.split_once('=').unwrap();
        (name.replace(&visit, "VISIT"), rest.to_owned())
    };
    let (name, rest) = cookie("https://gate.example").await;
    assert_eq!(name, "__Host-lodge-consent-VISIT");
    assert_eq!(rest, " Path=/; Max-Age=3600; HttpOnly; Secure; SameSite=None; Partitioned");
    let (name, rest) = cookie("http://127.0.0.1:8080").await;
    assert_eq!(name, "lodge-consent-VISIT");
    assert_eq!(rest, " Path=/; Max-Age=3600; HttpOnly; SameSite=Lax");
}

#[actix_web::test]
async fn a_body_that_is_no_form_of_ours_is_refused() {
    let house = House::built(Plan::ordinary()).await;
    let browser = Browser::at(&house);
    let post = |body: String| {
        TestRequest::post()
            .uri("/oauth/authorize/approve")
            .insert_header((header::CONTENT_TYPE, "application/x-www-form-urlencoded"))
            .set_payload(body)
    };
    let status = async |request: TestRequest| browser.send(request).await.status.as_u16();
    assert_eq!(status(post("a=b&".repeat(5_001))).await, 413);
    assert_eq!(status(post("a".repeat((1 << 20) + 1))).await, 413);
    assert_eq!(status(post("repository=../..".to_owned())).await, 400);
    assert_eq!(status(post(String::new())).await, 404);
    let json = post("{}".to_owned()).insert_header((header::CONTENT_TYPE, "application/json"));
    assert_eq!(status(json).await, 415);
}
