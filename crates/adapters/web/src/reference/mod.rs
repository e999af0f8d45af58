//! The API reference, rendered from the `OpenAPI` document.

mod curl;
mod document;
mod operation;
mod prose;
mod schema;

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
use document::Document;
use operation::{Group, groups};
pub(crate) use prose::Prose;

#[derive(Template)]
#[template(path = "reference.html")]
struct ReferencePage<'a> {
    here: &'static str,
    title: &'a str,
    version: &'a str,
    introduction: Prose<'a>,
    groups: Vec<Group<'a>>,
}

/// Renders the page, once for all who will see it. `issuer` is where the
/// examples lead.
pub(crate) fn render(openapi: &Value, issuer: &str) -> Bytes {
    let document = Document::new(openapi);
    let page = ReferencePage {
        here: "api",
        title: document.text("/info/title").unwrap_or("Gitlodge"),
        version: document.text("/info/version").unwrap_or_default(),
        introduction: Prose::of(document.text("/info/description")),
        groups: groups(document, issuer),
    };
    match page.render() {
        Ok(html) => html.into(),
        Err(error) => {
            tracing::error!(error = %error, "the API reference cannot be rendered");
            Bytes::new()
        }
    }
}

pub(crate) async fn show(site: Data<Site>) -> HttpResponse {
    let head = Head { public: true, ..Head::default() };
    answer::html_page(StatusCode::OK, &head).body(site.reference())
}
