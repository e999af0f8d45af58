//! From authorize to a code, or to a no.

use std::time::Duration;

use actix_web::http::StatusCode;
use lodge_access::AuthorizationState;
use lodge_gateway::oauth::TokenRequest;
use lodge_kernel::AuthorizationId;
use lodge_testkit::builders::REDIRECT_URI;

use crate::{
    browser::{Answer, Browser},
    gateway::{House, Plan, VERIFIER, a_repository},
};

/// The form of `page` as somebody fills it in who ticks its first repository.
fn ticked(page: &Answer) -> Vec<(&'static str, String)> {
    let mut fields = vec![("days", "30".to_owned())];
    fields.push(("repository", page.boxes("repository")[0].clone()));
    fields.extend(page.boxes("permission").into_iter().map(|it| ("permission", it)));
    fields
}

fn borrowed<'a>(fields: &'a [(&'a str, String)]) -> Vec<(&'a str, &'a str)> {
    fields.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

#[actix_web::test]
async fn a_customer_who_approves_is_sent_back_with_a_code() {
    let house = House::built(Plan::ordinary()).await;
    let browser = Browser::at(&house);
    let page = browser.invited().await;
    let fields = ticked(&page);

    let answer = browser.approve(&page, &borrowed(&fields)).await;

    assert!(answer.header("location").starts_with("https://acme.example/callback?code=sggco_"));
    assert_eq!(answer.parameter("state").as_deref(), Some("xyz"));
    assert_eq!(answer.parameter("iss").as_deref(), Some("https://gate.example"));
    assert_eq!(answer.header("cache-control"), "no-store");
    let request = TokenRequest {
        grant_type: Some("authorization_code".to_owned()),
        code: answer.parameter("code"),
        redirect_uri: Some(REDIRECT_URI.to_owned()),
        code_verifier: Some(VERIFIER.to_owned()),
        ..TokenRequest::default()
    };
    let issued = house.gateway.exchange_token(&house.credentials(), &request).await.unwrap();
    assert!(issued.access.expose().starts_with("sggat_"));
}

#[actix_web::test]
async fn what_was_ticked_is_what_is_approved() {
    let house = House::built(Plan::ordinary()).await;
    let browser = Browser::at(&house);
    let page = browser.invited().await;
    let boxes = page.boxes("repository");
    let fields = [
        ("days", "custom"),
        ("custom_days", "7"),
        ("repository", &boxes[0]),
        ("repository", &boxes[2]),
        ("less", "2 read:diffs"),
        ("permission", "read:commits"),
        ("permission", "read:diffs"),
        ("permission", "read:profile"),
    ];
    browser.approve(&page, &fields).await.location();

    let approved = authorization(&house, &page).await;
    assert!(matches!(approved.state, AuthorizationState::Active { .. }));
    assert_eq!(approved.account_permissions.to_string(), "read:profile");
    assert_eq!(approved.expires_at.to_string(), "2026-11-29T09:30:00.000Z");
    let repositories: Vec<_> = approved
        .repositories
        .iter()
        .map(|it| format!("{}: {}", it.full_name, it.permissions))
        .collect();
    assert_eq!(repositories, ["acme/api: read:commits read:diffs", "acme/web: read:commits"]);
}

async fn authorization(house: &House, page: &Answer) -> lodge_access::Authorization {
    let mut work = house.gateway.storage.read().await.unwrap();
    let visit = page.field("transaction").parse().unwrap();
    let id: AuthorizationId = work.transactions().find(visit).await.unwrap().unwrap().authorization;
    work.authorizations().find(id).await.unwrap().unwrap()
}

#[actix_web::test]
async fn a_customer_who_denies_is_sent_back_with_access_denied() {
    let house = House::built(Plan::ordinary()).await;
    let browser = Browser::at(&house);
    let page = browser.invited().await;
    let visit = page.field("transaction");

    let answer = browser.post("/oauth/authorize/deny", &[("transaction", &visit)]).await;

    assert_eq!(answer.parameter("error").as_deref(), Some("access_denied"));
    assert_eq!(answer.parameter("state").as_deref(), Some("xyz"));
    assert_eq!(answer.parameter("iss").as_deref(), Some("https://gate.example"));
    let denied = authorization(&house, &page).await;
    assert!(matches!(denied.state, AuthorizationState::Revoked { .. }));
}

#[actix_web::test]
async fn the_link_of_the_contract_denies_too() {
    let house = House::built(Plan::ordinary()).await;
    let browser = Browser::at(&house);
    let link = format!(
        "/oauth/authorize/deny?transaction={}",
        browser.invited().await.field("transaction")
    );
    assert_eq!(Browser::at(&house).get(&link).await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get(&link).await.parameter("error").as_deref(), Some("access_denied"));
}

#[actix_web::test]
async fn a_second_no_leads_to_the_same_place_and_a_late_yes_to_an_explanation() {
    let house = House::built(Plan::ordinary()).await;
    let browser = Browser::at(&house);
    let page = browser.invited().await;
    let visit = page.field("transaction");
    let no = [("transaction", visit.as_str())];
    let deny = || browser.post("/oauth/authorize/deny", &no);
    let first = deny().await;
    let version = house.gateway.storage.access_version().await.unwrap();
    assert_eq!(deny().await.header("location"), first.header("location"));
    assert_eq!(house.gateway.storage.access_version().await.unwrap(), version);

    let fields = ticked(&page);
    let late = browser.approve(&page, &borrowed(&fields)).await;
    assert_eq!(late.status, StatusCode::GONE);
    assert!(late.body.contains("You have denied this request: nothing was shared."));
    let shown = browser.get(&format!("/oauth/authorize?transaction={visit}")).await;
    assert_eq!(shown.status, StatusCode::GONE);
    assert!(!authorization(&house, &page).await.was_given());
}

#[actix_web::test]
async fn a_second_yes_makes_no_second_code_and_a_late_no_takes_nothing_back() {
    let house = House::built(Plan::ordinary()).await;
    let browser = Browser::at(&house);
    let page = browser.invited().await;
    let fields = ticked(&page);
    assert!(browser.approve(&page, &borrowed(&fields)).await.parameter("code").is_some());

    let visit = page.field("transaction");
    let again = browser.approve(&page, &borrowed(&fields)).await;
    let late = browser.post("/oauth/authorize/deny", &[("transaction", &visit)]).await;
    let shown = browser.get(&format!("/oauth/authorize?transaction={visit}")).await;
    for answer in [again, late, shown] {
        assert_eq!(answer.status, StatusCode::GONE);
        assert_eq!(answer.header("location"), "");
        assert!(answer.body.contains("You have answered already"));
        assert!(answer.body.contains("You have approved this request."));
        assert!(answer.body.contains("close this page and go on in the app"));
    }
    let approved = authorization(&house, &page).await;
    assert!(matches!(approved.state, AuthorizationState::Active { .. }));
}

#[actix_web::test]
async fn of_two_answers_at_the_same_time_one_counts() {
    let house = House::built(Plan::ordinary()).await;
    let browser = Browser::at(&house);
    let page = browser.invited().await;
    let fields = ticked(&page);
    let fields = borrowed(&fields);
    let yes = || browser.approve(&page, &fields);
    let (one, two) = futures_util::future::join(yes(), yes()).await;
    let codes = [&one, &two].iter().filter(|it| it.status == StatusCode::SEE_OTHER).count();
    assert_eq!(codes, 1);
    assert!([one, two].iter().any(|it| it.body.contains("You have approved this request.")));
}

#[actix_web::test]
async fn several_tabs_do_not_disturb_each_other() {
    let house = House::built(Plan::ordinary()).await;
    let browser = Browser::at(&house);
    let (first, second) = (browser.invited().await, browser.invited().await);
    assert_eq!(browser.n_cookies(), 2);
    for page in [&first, &second] {
        let fields = ticked(page);
        assert!(browser.approve(page, &borrowed(&fields)).await.parameter("code").is_some());
    }
}

#[actix_web::test]
async fn a_browser_keeps_sixteen_visits_at_most() {
    let house = House::built(Plan::ordinary()).await;
    let browser = Browser::at(&house);
    let first = browser.invited().await;
    for _ in 0..20 {
        house.clock.advance(Duration::from_secs(1));
        browser.invited().await;
    }
    assert_eq!(browser.n_cookies(), 16);
    let gone = format!("/oauth/authorize?transaction={}", first.field("transaction"));
    assert_eq!(browser.get(&gone).await.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn a_choice_to_correct_comes_back_with_what_was_chosen() {
    let house = House::built(Plan::ordinary()).await;
    let browser = Browser::at(&house);
    let page = browser.invited().await;
    for days in ["0", "367", "abc", ""] {
        let repository = &page.boxes("repository")[1];
        let fields = [
            ("days", "custom"),
            ("custom_days", days),
            ("repository", repository),
            ("less", "1 read:diffs"),
            ("permission", "read:commits"),
            ("permission", "read:diffs"),
        ];
        let again = browser.approve(&page, &fields).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{days}");
        assert!(again.body.contains("the approval lasts 1 to 366 days"), "{days}");
        assert!(again.body.contains("role=\"alert\""));
        let checked: Vec<_> =
            again.body.split("value=\"").filter(|it| it.contains("\" checked")).collect();
        let checked: Vec<_> = checked.iter().map(|it| it.split('"').next().unwrap()).collect();
        let expected = [repository, "1 read:diffs", "read:commits", "read:diffs", "custom"];
        assert_eq!(checked, expected, "{days}");
        assert!(again.body.contains(&format!("name=\"custom_days\" value=\"{days}\"")));
    }
    let nothing = browser.approve(&page, &[("days", "30"), ("permission", "read:commits")]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.body.contains("tick at least one repository"));
}

#[actix_web::test]
async fn two_thousand_repositories_can_be_ticked_at_once() {
    let many = |host: &str| {
        let names = (0..1_000).map(|n| a_repository(&format!("{host}/service-{n:04}")));
        Some(names.collect::<Vec<_>>())
    };
    let hosts = vec![("gitea", many("gitea")), ("local", many("local"))];
    let house = House::built(Plan { hosts, ..Plan::ordinary() }).await;
    let browser = Browser::at(&house);
    let page = browser.invited().await;
    let boxes = page.boxes("repository");
    assert_eq!(boxes.len(), 2_000);
    let mut fields = vec![("days", "90"), ("permission", "read:commits")];
    fields.extend(boxes.iter().map(|it| ("repository", it.as_str())));
    assert!(browser.approve(&page, &fields).await.parameter("code").is_some());
    assert_eq!(authorization(&house, &page).await.repositories.len(), 2_000);
}

#[actix_web::test]
async fn a_long_list_has_the_boxes_of_what_is_ticked_and_shows_them_without_a_script() {
    let many = (0..101).map(|n| a_repository(&format!("acme/service-{n:04}"))).collect();
    let house = House::built(Plan { hosts: vec![("local", Some(many))], ..Plan::ordinary() }).await;
    let browser = Browser::at(&house);
    let page = browser.open(&[("scope", "read:commits read:diffs")]).await;
    // What the script copies.
    assert_eq!(page.boxes("less"), ["read:commits", "read:diffs"]);
    assert!(page.body.contains("<noscript><p class=\"quiet\">To share less of single"));

    let repository = page.boxes("repository")[7].clone();
    let fields = [
        ("days", "30"),
        ("repository", repository.as_str()),
        ("permission", "read:commits"),
        ("permission", "read:diffs"),
        ("refine", "yes"),
    ];
    let again = browser.approve(&page, &fields).await;
    assert_eq!(again.status, StatusCode::OK);
    assert!(again.boxes("less").contains(&"7 read:diffs".to_owned()));
    assert_eq!(again.body.matches("<details open>").count(), 1);
    assert!(!authorization(&house, &page).await.was_given());

    let mut less = fields[..4].to_vec();
    less.push(("less", "7 read:diffs"));
    assert!(browser.approve(&again, &less).await.parameter("code").is_some());
    let given = authorization(&house, &page).await.repositories;
    assert_eq!(given[0].permissions.to_string(), "read:commits");
}

#[actix_web::test]
async fn a_very_long_list_says_that_there_is_more() {
    let many = (0..1_100).map(|n| a_repository(&format!("acme/service-{n:04}"))).collect();
    let house = House::built(Plan { hosts: vec![("local", Some(many))], ..Plan::ordinary() }).await;
    let page = Browser::at(&house).invited().await;
    assert_eq!(page.boxes("repository").len(), 1_000);
    assert!(page.body.contains("more repositories than the 1000 that are shown here"));
}

#[actix_web::test]
async fn a_link_without_proof_shows_no_account_and_says_why() {
    let house = House::built(Plan::ordinary()).await;
    let browser = Browser::at(&house);
    let begun = browser.get(&house.authorize(&[("customer_ref", "customer-1")])).await;
    let page = browser.get(begun.header("location")).await;
    assert!(page.body.contains("This link carries no proof of who you are"));
    assert!(page.boxes("repository").is_empty());
    assert!(!page.body.contains("data-approve"));
}

#[actix_web::test]
async fn a_host_that_is_down_spoils_only_its_own_account() {
    let plan = Plan::ordinary();
    let hosts = vec![("gitea", None), ("local", Some(vec![a_repository("acme/api")]))];
    let house = House::built(Plan { hosts, ..plan }).await;
    let page = Browser::at(&house).invited().await;
    assert!(page.body.contains("The host cannot be reached at the moment"));
    assert_eq!(page.boxes("repository").len(), 1);
}

#[actix_web::test]
async fn the_consent_page_reads_as_it_should() {
    let house = House::built(Plan::ordinary()).await;
    let page = Browser::at(&house).open(&[("scope", "read:commits read:diffs read:profile")]).await;
    let body = page.body.replace(&page.field("csrf"), "CSRF");
    insta::assert_snapshot!(body);
}
