//! The API reference.

use actix_web::http::StatusCode;
use serde_json::{Value, json};

use crate::{
    browser::Browser,
    gateway::{House, Plan},
};

async fn reference_of(openapi: Value) -> String {
    let house = House::built(Plan { openapi, ..Plan::ordinary() }).await;
    let page = Browser::at(&house).get("/docs/api").await;
    assert_eq!(page.status, StatusCode::OK);
    page.body
}

#[actix_web::test]
async fn every_operation_has_its_address_credential_fields_and_example() {
    let document = include_str!("../../examples/openapi.json");
    let body = reference_of(serde_json::from_str(document).unwrap()).await;
    for expected in [
        "id=\"get-v1-repositories\"",
        "href=\"#get-v1-repositories-provider-repoid-commits\"",
        "<code>access_token</code>",
        "<code>read:commits</code>",
        "<code>data[].visibility</code>",
        "one of: public, internal, private",
        "<code>repoId</code>",
        "$ACCESS_TOKEN",
        "https://gate.example/v1/repositories/$PROVIDER/$REPO_ID/commits",
        "-d grant_type=",
        "<code>INVALID_LIMIT</code>",
    ] {
        assert!(body.contains(expected), "{expected} is missing");
    }
    let mut scripts = body.split("<script").skip(1);
    let ours = |it: &str| it.starts_with(" src=\"/assets/");
    assert!(scripts.all(ours), "a script stands in the page itself");
    assert!(!body.contains("https://cdn"), "the reference needs nothing from outside");
}

#[actix_web::test]
async fn a_document_that_is_no_openapi_document_does_no_harm() {
    for odd in [
        json!(null),
        json!([]),
        json!({"paths": 7, "tags": {}, "info": []}),
        json!({"paths": {"/x": {"get": {"parameters": {}, "responses": [], "tags": [4]}}}}),
        json!({"paths": {"/<b>": {"get": {"summary": "<b>", "requestBody": {"$ref": "#/paths"}}}}}),
    ] {
        let body = reference_of(odd).await;
        assert!(body.contains("API reference"));
        assert!(!body.contains("<b>"));
    }
}
