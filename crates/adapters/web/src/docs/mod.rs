//! The documentation: written pages, pages that the code fills, and the files
//! of `docs/`.

mod errors;
mod markdown;
mod reading;
mod topic;
mod zero_trust;

use std::collections::BTreeMap;

use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Bytes, Data},
};
use askama::Template;
use lodge_gateway::Gateway;
use serde_json::Value;

use crate::{
    answer::{self, Head},
    site::Site,
};
use topic::Topic;
pub(crate) use zero_trust::show as zero_trust;

/// Every page, rendered once for all who will see it.
pub(crate) struct Docs(BTreeMap<Topic, Bytes>);

#[derive(Template)]
#[template(path = "docs/start.html")]
struct StartPage<'a> {
    here: &'static str,
    topic: Topic,
    issuer: &'a str,
}

#[derive(Template)]
#[template(path = "docs/consent.html")]
struct ConsentPage {
    here: &'static str,
    topic: Topic,
}

#[derive(Template)]
#[template(path = "docs/text.html")]
struct TextPage {
    here: &'static str,
    topic: Topic,
    html: String,
}

impl Docs {
    /// Renders all. The codes are those of the `OpenAPI` document.
    pub(crate) fn render(gateway: &Gateway, openapi: &Value, issuer: &str) -> Self {
        let here = "docs";
        let pages = Topic::ALL.iter().map(|&topic| {
            let page = match topic {
                Topic::Start => StartPage { here, topic, issuer }.render(),
                Topic::Consent => ConsentPage { here, topic }.render(),
                Topic::Reading => reading::page(gateway, issuer).render(),
                Topic::Errors => errors::page(openapi, issuer).render(),
                Topic::Firewall | Topic::Events | Topic::Hosts | Topic::SignedCustomers => {
                    let html = markdown::html(topic.text());
                    TextPage { here, topic, html }.render()
                }
            };
            let page = page.unwrap_or_else(|error| {
                tracing::error!(error = %error, "a page of the documentation cannot be rendered");
                String::new()
            });
            (topic, page.into())
        });
        Self(pages.collect())
    }
}

macro_rules! shown {
    ($($name:ident $topic:ident $path:literal;)+) => {$(
        #[doc = $path]
        pub(crate) async fn $name(site: Data<Site>) -> HttpResponse {
            let head = Head { public: true, ..Head::default() };
            let page = site.docs().0.get(&Topic::$topic).cloned().unwrap_or_default();
            answer::html_page(StatusCode::OK, &head).body(page)
        }
    )+};
}

shown! {
    start Start "`/docs`";
    consent Consent "`/docs/consent`";
    reading Reading "`/docs/reading`";
    errors Errors "`/docs/errors`";
    firewall Firewall "`/docs/firewall`";
    events Events "`/docs/events`";
    hosts Hosts "`/docs/hosts`";
    signed_customers SignedCustomers "`/docs/signed-customers`";
}
