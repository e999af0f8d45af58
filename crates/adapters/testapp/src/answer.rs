//! Pages, redirects and refusals.

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder,
    http::{StatusCode, header},
};
use askama::Template;
use serde_json::json;

use crate::state::TestApp;

/// Nothing is loaded but the house's stylesheet and logo; nobody frames it.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
                      base-uri 'none'; frame-ancestors 'none'";

/// The head that every answer has.
pub(crate) fn bare(status: StatusCode) -> HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    response
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::X_FRAME_OPTIONS, "DENY"))
        .insert_header((header::CACHE_CONTROL, "no-store"));
    response
}

/// A page.
pub(crate) fn page(status: StatusCode, template: &impl Template) -> HttpResponse {
    match template.render() {
        Ok(html) => bare(status).content_type("text/html; charset=utf-8").body(html),
        Err(error) => {
            tracing::error!(%error, "a page of the sandbox cannot be rendered");
            bare(StatusCode::INTERNAL_SERVER_ERROR).finish()
        }
    }
}

/// The browser goes on to `location`, with `GET`.
pub(crate) fn see_other(location: &str) -> HttpResponseBuilder {
    let mut response = bare(StatusCode::SEE_OTHER);
    response.insert_header((header::LOCATION, location));
    response
}

/// A refusal in the shape of the contract.
pub(crate) fn refuse(status: StatusCode, code: &str, message: &str, action: &str) -> HttpResponse {
    bare(status).json(json!({ "error": {
        "code": code,
        "message": message,
        "source": "gateway",
        "retryable": status == StatusCode::TOO_MANY_REQUESTS,
        "suggested_action": action,
    } }))
}

/// A person looks, and no program.
pub(crate) fn wants_page(request: &HttpRequest) -> bool {
    let accepted = request.headers().get(header::ACCEPT).and_then(|it| it.to_str().ok());
    accepted.is_some_and(|it| it.contains("text/html"))
}

/// The request was made by a page of this site, and not by another one in this
/// browser: by Fetch Metadata (<https://www.w3.org/TR/fetch-metadata/>), or by
/// `Origin` where the browser has none.
pub(crate) fn is_own_form(app: &TestApp, request: &HttpRequest) -> bool {
    let named = |name: &str| request.headers().get(name).and_then(|it| it.to_str().ok());
    match named("sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => named("origin") == Some(app.origin.as_str()),
    }
}
