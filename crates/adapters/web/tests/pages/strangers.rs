//! Somebody else at a customer's access page.

use actix_web::http::StatusCode;
use lodge_access::{Connection, ConnectionKind, Customer, RedirectUri};
use lodge_kernel::CustomerId;
use lodge_testkit::builders::{
    REDIRECT_URI, a_connection, a_customer, an_app, client_id, connection_id, customer_id,
};

use crate::{
    browser::Browser,
    gateway::{House, Plan},
};

/// Gives `customer` the account 77.
async fn account(house: &House, n: u32, customer: CustomerId) {
    let theirs = Connection {
        customer,
        kind: ConnectionKind::OAuth,
        host_account: "77".to_owned(),
        ..a_connection(n)
    };
    let mut work = house.gateway.storage.begin().await.unwrap();
    work.connections().add(&theirs).await.unwrap();
    work.commit().await.unwrap();
}

#[actix_web::test]
async fn a_bare_reference_opens_an_empty_workspace_of_this_browser() {
    let house = House::built(Plan::ordinary()).await;
    Browser::at(&house).has_approved().await;
    let stranger = Browser::at(&house);
    let link = house.access(&[("customer_ref", "customer-1")]);
    let entered = stranger.get(&link).await;
    let page = stranger.get(entered.header("location")).await;
    assert!(page.body.contains("does not prove who you are"), "{}", page.body);
    assert!(page.body.contains("Nothing is shared.") && !page.body.contains("acme/api"));
    assert!(page.body.contains("You came as"));
    let again = stranger.get(&link).await;
    assert_eq!(again.header("set-cookie"), "", "the same browser keeps its workspace");
}

#[actix_web::test]
async fn a_stranger_who_proves_an_account_becomes_the_customer_whose_it_is() {
    let house = House::built(Plan::ordinary()).await;
    Browser::at(&house).has_approved().await;
    let stranger = Browser::at(&house);
    let entered = stranger.get(&house.access(&[("customer_ref", "customer-1")])).await;
    stranger.get(entered.header("location")).await;
    let mut work = house.gateway.storage.read().await.unwrap();
    let known = work.customers().find_vouched(house.app.id, "customer-1").await.unwrap().unwrap();
    drop(work);
    account(&house, 8, known.id).await;
    assert!(stranger.get(&house.access_path()).await.body.contains("Nothing is shared."));

    // What a login in this workspace writes down.
    let home = stranger.get(&house.access_path()).await;
    let begun = stranger.press(&home, "change", &[]).await;
    let visit = begun.parameter("transaction").unwrap().parse().unwrap();
    let mut work = house.gateway.storage.read().await.unwrap();
    let visit = work.transactions().find(visit).await.unwrap().unwrap();
    drop(work);
    account(&house, 9, visit.customer).await;
    let page = stranger.get(&house.access_path()).await;
    assert!(page.body.contains("acme/api"), "{}", page.body);
    assert!(page.body.contains("You are</dt><dd><bdi>Customer 1"));
}

#[actix_web::test]
async fn a_guessed_account_approval_or_receipt_of_another_customer_is_not_there() {
    let house = House::built(Plan::ordinary()).await;
    let theirs = Browser::at(&house);
    theirs.has_approved().await;
    let home = theirs.at_home().await;
    let approval = home.field("authorization");
    let (_, rest) = home.body.split_once("/receipts/").unwrap();
    let receipt = rest.split('"').next().unwrap().to_owned();
    let mut work = house.gateway.storage.begin().await.unwrap();
    let other = Customer { vouched: true, ..a_customer(40) };
    work.customers().add(&other).await.unwrap();
    work.commit().await.unwrap();
    account(&house, 41, customer_id(40)).await;

    let stranger = Browser::at(&house);
    let entered = stranger.get(&house.access(&[("customer_ref", "customer-1")])).await;
    let page = stranger.get(entered.header("location")).await;
    let missing = format!("connections/{}/disconnect", connection_id(99));
    let guessed = format!("connections/{}/disconnect", connection_id(41));
    let there = stranger.press(&page, &guessed, &[]).await;
    let not_there = stranger.press(&page, &missing, &[]).await;
    assert_eq!((there.status, &there.body), (StatusCode::NOT_FOUND, &not_there.body));
    let change = stranger.press(&page, "change", &[("authorization", &approval)]).await;
    assert_eq!(change.status, StatusCode::NOT_FOUND);
    let path = format!("{}/receipts/{receipt}", house.access_path());
    assert_eq!(stranger.get(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(stranger.get(&format!("{path}/receipt.jws")).await.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn a_session_opens_the_pages_of_its_own_app_only() {
    let house = House::built(Plan::ordinary()).await;
    let mut work = house.gateway.storage.begin().await.unwrap();
    let mut other = an_app(2);
    other.redirect_uris = vec![RedirectUri::parse(REDIRECT_URI).unwrap()];
    work.apps().add(&other).await.unwrap();
    work.commit().await.unwrap();
    let browser = Browser::at(&house);
    browser.at_home().await;
    let elsewhere = format!("/app/company/apps/{}", client_id(2));
    assert_eq!(browser.get(&elsewhere).await.status, StatusCode::UNAUTHORIZED);
    let token = house.invitation("Customer 1", "x").await;
    let link = format!("{elsewhere}?connect_token={token}");
    assert_eq!(browser.get(&link).await.status, StatusCode::BAD_REQUEST);
    let nobody = browser.get("/app/company/apps/client_1").await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
    assert_eq!(nobody.header("x-frame-options"), "DENY");
}

#[actix_web::test]
async fn a_change_is_saved_by_whoever_has_the_session_and_by_nobody_else() {
    let house = House::built(Plan::ordinary()).await;
    let browser = Browser::at(&house);
    browser.has_approved().await;
    let home = browser.at_home().await;
    let approval = home.field("authorization");
    let begun = browser.press(&home, "change", &[("authorization", &approval)]).await;
    let page = browser.get(begun.header("location")).await;
    let repository = page.boxes("repository")[2].clone();
    let fields = [("days", "30"), ("repository", repository.as_str()), ("permission", "read:tags")];
    // The door of the consent page takes no change.
    assert_eq!(browser.approve(&page, &fields).await.status, StatusCode::NOT_FOUND);
    browser.press(&home, "leave", &[]).await;
    let (transaction, csrf) = (page.field("transaction"), page.field("csrf"));
    let mut all = vec![("transaction", transaction.as_str()), ("csrf", csrf.as_str())];
    all.extend(fields);
    let late = browser.post(&format!("{}/update", house.access_path()), &all).await;
    assert_eq!(late.status, StatusCode::UNAUTHORIZED);
    assert!(browser.at_home().await.body.contains("acme/api"));
}
