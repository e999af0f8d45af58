//! Stylesheet, script, logo, and the table of routes.

use std::collections::BTreeSet;

use actix_web::{
    http::{Method, StatusCode},
    test::TestRequest,
};
use lodge_web::ROUTES;

use crate::{
    browser::Browser,
    gateway::{House, Plan},
};

#[actix_web::test]
async fn an_asset_is_sent_again_only_when_it_changed() {
    let house = House::built(Plan::ordinary()).await;
    let browser = Browser::at(&house);
    for (path, kind) in [
        ("/assets/app.css", "text/css; charset=utf-8"),
        ("/assets/theme.js", "text/javascript; charset=utf-8"),
        ("/assets/landing-page.js", "text/javascript; charset=utf-8"),
        ("/assets/secure-git-connect-page.js", "text/javascript; charset=utf-8"),
        ("/assets/gitflare-logo.svg", "image/svg+xml"),
        ("/assets/gitlodge-logo.svg", "image/svg+xml"),
    ] {
        let first = browser.get(path).await;
        assert_eq!((first.status, first.header("content-type")), (StatusCode::OK, kind));
        assert_eq!(first.header("set-cookie"), "");
        assert_eq!(first.header("x-content-type-options"), "nosniff");
        let weak = format!("\"other\", W/{}", first.header("etag"));
        let again = TestRequest::get().uri(path).insert_header(("if-none-match", weak));
        let again = browser.send(again).await;
        assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0));
        assert_eq!(again.header("etag"), first.header("etag"));
        let other = TestRequest::get().uri(path).insert_header(("if-none-match", "\"other\""));
        assert_eq!(browser.send(other).await.status, StatusCode::OK);
    }
}

#[actix_web::test]
async fn all_scripts_together_stay_small() {
    let house = House::built(Plan::ordinary()).await;
    let browser = Browser::at(&house);
    let mut bytes = 0;
    for route in
        ROUTES.iter().filter(|it| it.path.rsplit_once('.').is_some_and(|(_, end)| end == "js"))
    {
        bytes += browser.get(route.path).await.body.len();
    }
    assert!((1..=20_480).contains(&bytes), "{bytes} bytes");
}

#[actix_web::test]
async fn every_route_of_the_table_answers_its_method_and_no_other() {
    let house = House::built(Plan::ordinary()).await;
    let browser = Browser::at(&house);
    let paths: BTreeSet<_> = ROUTES.iter().map(|it| it.path).collect();
    for path in paths {
        for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE] {
            let known = ROUTES.iter().any(|it| it.path == path && it.method == method.as_str());
            let answer = browser.send(TestRequest::with_uri(path).method(method.clone())).await;
            let refused = answer.status == StatusCode::METHOD_NOT_ALLOWED;
            assert_eq!(refused, !known, "{method} {path}: {}", answer.status);
            assert_ne!(answer.status, StatusCode::NOT_FOUND, "{method} {path}");
            if refused {
                assert!(!answer.header("allow").is_empty());
                assert!(answer.body.contains("<h1>"));
            }
        }
    }
}
