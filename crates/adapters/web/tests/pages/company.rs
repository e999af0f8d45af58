//! A customer comes back, sees, changes, and takes back.

use actix_web::{
    http::{StatusCode, header},
    test::TestRequest,
};
use lodge_access::{ReceiptChange, UsageRow};
use lodge_testkit::builders::{a_repository_id, a_usage_row, authorization_id};

use crate::{
    browser::{Answer, Browser},
    gateway::{House, Plan},
};

async fn receipts(house: &House) -> Vec<ReceiptChange> {
    let mut work = house.gateway.storage.read().await.unwrap();
    let customer = work.customers().find_vouched(house.app.id, "customer-1").await.unwrap();
    let mut all = work.receipts().of_customer(customer.unwrap().id, None, 9).await.unwrap();
    // The clock stands still: ids of one instant have no order.
    all.sort_by_key(|it| std::cmp::Reverse(it.version));
    all.into_iter().map(|it| it.change).collect()
}

#[actix_web::test]
async fn the_page_shows_what_was_approved_in_plain_words() {
    let house = House::built(Plan::ordinary()).await;
    let browser = Browser::at(&house);
    let empty = browser.at_home().await;
    assert!(empty.body.contains("Nothing is shared."));
    browser.has_approved().await;
    let page = browser.get(&house.access_path()).await;
    for part in ["acme/api", "Commits", "2026-12-22", "To show what changed.", "You approved"] {
        assert!(page.body.contains(part), "{part} is missing");
    }
    assert!(!page.body.contains("acme/web"));
    assert_eq!(page.header("cache-control"), "no-store");
    let policy = page.header("content-security-policy");
    assert!(policy.contains("frame-ancestors https://acme.example"), "{policy}");
}

#[actix_web::test]
async fn a_proof_opens_the_page_once_and_leaves_no_trace_in_its_address() {
    let house = House::built(Plan::ordinary()).await;
    let browser = Browser::at(&house);
    let token = house.invitation("Customer 1", "To show what changed.").await;
    let link = house.access(&[("connect_token", &token)]);
    let entered = browser.get(&link).await;
    assert_eq!(entered.location().as_str(), format!("https://gate.example{}", house.access_path()));
    let cookie = entered.header("set-cookie");
    assert!(cookie.starts_with("__Host-cs=sggcu_"), "{cookie}");
    for part in ["HttpOnly", "Secure", "SameSite=None", "Partitioned", "Path=/;"] {
        assert!(cookie.contains(part), "{part} is missing in {cookie}");
    }
    let again = Browser::at(&house).get(&link).await;
    assert_eq!(again.status, StatusCode::BAD_REQUEST);
    assert!(again.body.contains("was opened before"));
    let policy = again.header("content-security-policy");
    assert!(policy.contains("frame-ancestors https://acme.example"), "{policy}");
}

/// The consent page, as it begins a change.
async fn changing(browser: &Browser<'_>, house: &House) -> Answer {
    let home = browser.at_home().await;
    let approval = home.field("authorization");
    let begun = browser.press(&home, "change", &[("authorization", &approval)]).await;
    let page = browser.get(begun.header("location")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(page.body.contains(&format!("action=\"{}/update\"", house.access_path())));
    page
}

async fn save(
    browser: &Browser<'_>,
    house: &House,
    page: &Answer,
    fields: &[(&str, &str)],
) -> Answer {
    let (transaction, csrf) = (page.field("transaction"), page.field("csrf"));
    let mut all = vec![("transaction", transaction.as_str()), ("csrf", csrf.as_str())];
    all.extend(fields);
    browser.post(&format!("{}/update", house.access_path()), &all).await
}

#[actix_web::test]
async fn a_change_begins_with_what_was_approved_and_holds_at_once() {
    let house = House::built(Plan::ordinary()).await;
    let browser = Browser::at(&house);
    browser.has_approved().await;
    let page = changing(&browser, &house).await;
    assert_eq!(page.body.matches("name=\"repository\"").count(), 3);
    let ticked = page.body.split("name=\"repository\"").nth(1).unwrap();
    assert!(ticked.split('>').next().unwrap().contains("checked"));
    assert!(page.body.contains("value=\"keep\" checked"));
    let version = house.gateway.storage.access_version().await.unwrap();
    let web = page.boxes("repository")[2].clone();
    let fields = [("days", "keep"), ("repository", web.as_str()), ("permission", "read:commits")];
    let saved = save(&browser, &house, &page, &fields).await;
    assert_eq!(saved.parameter("said").as_deref(), Some("changed"));
    assert!(house.gateway.storage.access_version().await.unwrap() > version);
    let home = browser.get(saved.header("location")).await;
    assert!(home.body.contains("acme/web") && !home.body.contains("acme/api"), "{}", home.body);
    assert!(home.body.contains("2026-12-22"));
    assert_eq!(receipts(&house).await, [ReceiptChange::Changed, ReceiptChange::Given]);
}

#[actix_web::test]
async fn a_change_that_is_left_takes_nothing_back() {
    let house = House::built(Plan::ordinary()).await;
    let browser = Browser::at(&house);
    browser.has_approved().await;
    let page = changing(&browser, &house).await;
    let visit = page.field("transaction");
    let left = browser.post("/oauth/authorize/deny", &[("transaction", &visit)]).await;
    assert_eq!(left.location().path(), house.access_path());
    let home = browser.get(left.header("location")).await;
    assert!(home.body.contains("acme/api"));
    assert_eq!(receipts(&house).await, [ReceiptChange::Given]);
}

#[actix_web::test]
async fn revoking_ends_everything_at_once_and_says_so_in_a_receipt() {
    let house = House::built(Plan::ordinary()).await;
    let browser = Browser::at(&house);
    browser.has_approved().await;
    browser.has_approved().await;
    let home = browser.at_home().await;
    let version = house.gateway.storage.access_version().await.unwrap();
    let revoked = browser.press(&home, "revoke", &[]).await;
    let home = browser.get(revoked.header("location")).await;
    assert!(home.body.contains("Everything is taken back."));
    assert!(home.body.contains("Nothing is shared."));
    assert!(house.gateway.storage.access_version().await.unwrap() > version);
    let (gone, given) = (ReceiptChange::TakenBack, ReceiptChange::Given);
    assert_eq!(receipts(&house).await, [gone, gone, given, given]);
}

#[actix_web::test]
async fn a_receipt_is_a_page_and_a_file() {
    let house = House::built(Plan::ordinary()).await;
    let browser = Browser::at(&house);
    browser.has_approved().await;
    let home = browser.at_home().await;
    let link = format!("{}/receipts/", house.access_path());
    let (_, rest) = home.body.split_once(&link).unwrap();
    let id = rest.split('"').next().unwrap();
    let page = browser.get(&format!("{link}{id}")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let jws = browser.get(&format!("{link}{id}/receipt.jws")).await;
    assert_eq!(jws.body.split('.').count(), 3);
    let json = browser.get(&format!("{link}{id}/receipt.json")).await;
    let json: serde_json::Value = serde_json::from_str(&json.body).unwrap();
    assert_eq!(json["payload"], jws.body.split('.').nth(1).unwrap());
    assert_eq!(json["readable"]["change"], "given");
    assert_eq!(Browser::at(&house).get(&format!("{link}{id}")).await.status, 401);
}

#[actix_web::test]
async fn the_journal_is_filtered_paged_and_saved() {
    let house = House::built(Plan::ordinary()).await;
    let browser = Browser::at(&house);
    browser.at_home().await;
    let mut work = house.gateway.storage.begin().await.unwrap();
    let customer = work.customers().find_vouched(house.app.id, "customer-1").await.unwrap();
    let customer = Some(customer.unwrap().id);
    let mut rows: Vec<_> =
        (0..150).map(|n| UsageRow { customer, withheld: 2, ..a_usage_row(n) }).collect();
    let strange = UsageRow {
        customer,
        authorization: Some(authorization_id(1)),
        repository: Some(a_repository_id("-api")),
        status: 403,
        error_code: Some("=HYPERLINK(1)".into()),
        ..a_usage_row(900)
    };
    rows.push(strange);
    rows.push(a_usage_row(901));
    work.usage().append(&rows).await.unwrap();
    work.commit().await.unwrap();

    let path = format!("{}/journal", house.access_path());
    let first = browser.get(&path).await;
    assert!(first.body.contains("151 requests, 1 of them in vain. Held back: 300 files"));
    assert_eq!(first.body.matches("<tr><th scope=\"row\">").count(), 100);
    let (_, rest) = first.body.split_once("/journal?").unwrap();
    let next = rest.split('"').next().unwrap().replace("&#38;", "&");
    let second = browser.get(&format!("{path}?{next}")).await;
    assert_eq!(second.body.matches("<tr><th scope=\"row\">").count(), 51);
    let one = browser.get(&format!("{path}?repository=local+-api&from=2026-11-22")).await;
    assert!(one.body.contains("1 requests, 1 of them"), "{}", one.body);
    let none = browser.get(&format!("{path}?to=2026-11-21")).await;
    assert!(none.body.contains("Nothing fits what you chose."));
    assert_eq!(browser.get(&format!("{path}?from=x")).await.status, StatusCode::BAD_REQUEST);

    let csv = browser.get(&format!("{path}.csv")).await;
    assert!(csv.header("content-disposition").starts_with("attachment;"));
    assert_eq!(csv.body.lines().count(), 152);
    assert!(csv.body.contains("\"'-api\",\"403\",\"'=HYPERLINK(1)\""), "{}", csv.body);
    let lines = browser.get(&format!("{path}.jsonl?repository=local+-api")).await;
    let line: serde_json::Value = serde_json::from_str(lines.body.trim()).unwrap();
    assert_eq!(line["error_code"], "=HYPERLINK(1)");
}

#[actix_web::test]
async fn who_leaves_must_come_back_by_the_app() {
    let house = House::built(Plan::ordinary()).await;
    let browser = Browser::at(&house);
    let home = browser.at_home().await;
    let thief = browser.thief();
    browser.press(&home, "leave", &[]).await;
    for other in [&browser, &thief] {
        let shown = other.get(&house.access_path()).await;
        assert_eq!(shown.status, StatusCode::UNAUTHORIZED);
        assert!(shown.body.contains("Open this page from the app"));
    }
    let late = thief.press(&home, "revoke", &[]).await;
    assert_eq!(late.status, StatusCode::UNAUTHORIZED);
}

#[actix_web::test]
async fn a_message_goes_to_the_origin_of_the_redirect_uri_only() {
    let house = House::built(Plan::ordinary()).await;
    let browser = Browser::at(&house);
    let page = browser.open(&[("response_mode", "web_message")]).await;
    let repository = page.boxes("repository")[0].clone();
    let fields = [("days", "30"), ("repository", repository.as_str()), ("permission", "read:tags")];
    let told = browser.approve(&page, &fields).await;
    assert_eq!(told.status, StatusCode::OK);
    assert!(told.body.contains("data-target=\"https://acme.example\""), "{}", told.body);
    let message = told.body.replace("&#34;", "\"");
    assert!(message.contains("\"type\":\"authorization_response\""), "{message}");
    assert!(message.contains("\"code\":\"sggco_") && message.contains("\"state\":\"xyz\""));
    assert!(message.contains("\"iss\":\"https://gate.example\""));
    let policy = told.header("content-security-policy");
    assert!(policy.contains("frame-ancestors https://acme.example"), "{policy}");
    let odd = browser.get(&house.authorize(&[("response_mode", "fragment")])).await;
    assert_eq!(odd.parameter("error").as_deref(), Some("invalid_request"));
    let wrong = [("response_mode", "web_message"), ("scope", "write:all")];
    let refused = browser.get(&house.authorize(&wrong)).await;
    assert!(refused.body.contains("invalid_scope"), "{}", refused.body);
}

#[actix_web::test]
async fn a_browser_that_asks_for_an_icon_gets_the_logo() {
    let house = House::built(Plan::ordinary()).await;
    let icon = Browser::at(&house).get("/favicon.ico").await;
    assert_eq!((icon.status, icon.header("content-type")), (StatusCode::OK, "image/svg+xml"));
}

#[actix_web::test]
async fn another_site_cannot_press_a_button() {
    let house = House::built(Plan::ordinary()).await;
    let browser = Browser::at(&house);
    browser.has_approved().await;
    let home = browser.at_home().await;
    let csrf = home.field("csrf");
    for what in ["change", "update", "revoke", "leave", "connections/conn_1/disconnect"] {
        let path = format!("{}/{what}", house.access_path());
        let post = || TestRequest::post().uri(&path).set_form([("csrf", csrf.as_str())]);
        let forged = browser.send(post().insert_header(("sec-fetch-site", "cross-site"))).await;
        assert_eq!(forged.status, StatusCode::FORBIDDEN, "{what}");
        let forged = browser.send(post().insert_header((header::ORIGIN, "https://evil.example")));
        assert_eq!(forged.await.status, StatusCode::FORBIDDEN, "{what}");
    }
    for csrf in ["", "x"] {
        let path = format!("{}/revoke", house.access_path());
        assert_eq!(browser.post(&path, &[("csrf", csrf)]).await.status, StatusCode::FORBIDDEN);
    }
    assert!(browser.get(&house.access_path()).await.body.contains("acme/api"));
}
