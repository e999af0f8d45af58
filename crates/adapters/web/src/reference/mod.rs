//! The API reference, rendered from the `OpenAPI` document.

use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Bytes, Data},
};
use askama::Template;
use serde_json::Value;

use crate::{
    answer::{self, Head},
    site::Site,
};

#[derive(Template)]
#[template(path = "reference.html")]
struct ReferencePage<'a> {
    title: &'a str,
}

/// Renders the page, once for all who will see it.
pub(crate) fn render(openapi: &Value) -> Bytes {
    let title = openapi.pointer("/info/title").and_then(Value::as_str).unwrap_or("Gitlodge");
    match (ReferencePage { title }).render() {
        Ok(html) => html.into(),
        Err(error) => {
            tracing::error!(error = %error, "the API reference cannot be rendered");
            Bytes::new()
        }
    }
}

pub(crate) async fn show(site: Data<Site>) -> HttpResponse {
    let head = Head { public: true, ..Head::default() };
    answer::html_page(StatusCode::OK, &head).body(site.reference.clone())
}
