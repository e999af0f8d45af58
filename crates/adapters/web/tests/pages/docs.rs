//! The documentation.

use actix_web::http::StatusCode;
use lodge_web::ROUTES;
use serde_json::json;

use crate::{
    browser::Browser,
    gateway::{House, Plan},
};

#[actix_web::test]
async fn every_code_has_an_anchor_and_says_what_to_do() {
    let codes = json!([{
        "code": "INVALID_LIMIT", "status": 400, "retryable": false,
        "suggestedAction": "fix_limit", "meaning": "It is too large.",
        "advice": "Leave `limit` out."
    }]);
    let openapi = json!({ "x-error-codes": codes });
    let house = House::built(Plan { openapi, ..Plan::ordinary() }).await;
    let page = Browser::at(&house).get("/docs/errors").await;
    assert!(page.body.contains("id=\"INVALID_LIMIT\""));
    assert!(page.body.contains("<p>Leave <code>limit</code> out.</p>"));
    assert!(page.body.contains("https://gate.example/docs/errors#INVALID_CURSOR"));
}

#[actix_web::test]
async fn the_matrix_shows_the_hosts_of_this_installation() {
    let house = House::built(Plan::ordinary()).await;
    let page = Browser::at(&house).get("/docs/reading").await;
    assert!(page.body.contains("<bdi>local repositories</bdi>"));
    for cell in ["<td>native</td>", "<td>derived</td>", "<code>read:commits</code>"] {
        assert!(page.body.contains(cell), "{cell}");
    }
}

/// Every link of a public page that stays here leads somewhere, and every part
/// of a page that is linked to is there.
#[actix_web::test]
async fn no_link_of_a_public_page_is_broken() {
    let house = House::built(Plan::ordinary()).await;
    let browser = Browser::at(&house);
    // Pages that are not of this crate, or not without an account.
    let elsewhere = ["/openapi.json", "/health", "/v1/platform/capabilities", "/app/"];
    let public = ROUTES.iter().filter(|it| it.credential == "none" && it.method == "GET");
    let pages = public.map(|it| it.path).filter(|it| !it.starts_with("/assets"));
    let mut followed = 0;
    for path in pages.filter(|it| !it.starts_with("/oauth") && !it.starts_with("/app")) {
        let page = browser.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        for link in page.body.split("href=\"").skip(1) {
            let link = link.split('"').next().unwrap();
            if elsewhere.iter().any(|it| link.starts_with(it)) || link.starts_with("http") {
                continue;
            }
            let (target, part) = link.split_once('#').unwrap_or((link, ""));
            let body = if target.is_empty() {
                page.body.clone()
            } else {
                let found = browser.get(target).await;
                assert_eq!(found.status, StatusCode::OK, "{path} links to {link}");
                found.body
            };
            // The codes come with the document, which is empty here.
            if !target.ends_with("/docs/errors") {
                let named = part.is_empty() || body.contains(&format!("id=\"{part}\""));
                assert!(named, "{path} links to {link}");
            }
            followed += 1;
        }
    }
    assert!(followed > 100, "{followed} links");
}
