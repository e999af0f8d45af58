//! The landing page.

use actix_web::http::StatusCode;

use crate::{
    browser::Browser,
    gateway::{House, Plan},
};

#[actix_web::test]
async fn the_landing_page_names_the_public_address_and_cannot_be_framed() {
    let house = House::built(Plan::ordinary()).await;
    let page = Browser::at(&house).get("/").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("https://gate.example/v1/repositories</code>"));
    assert!(page.body.contains("href=\"/docs/api\""));
    assert_eq!(page.header("x-frame-options"), "DENY");
    assert!(page.header("content-security-policy").ends_with("frame-ancestors 'none'"));
    assert_eq!(page.header("set-cookie"), "");
}
