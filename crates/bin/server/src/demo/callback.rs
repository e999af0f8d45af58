//! Where the demo's app receives its answer: it shows the line that an app's
//! server would now send.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{self, ServiceConfig},
};
use askama::Template;

/// What the page shows.
#[derive(Template)]
#[template(path = "demo_callback.html")]
struct CallbackPage {
    code: Option<String>,
    error: Option<String>,
    base: String,
}

/// What an authorization answer may hold (RFC 6749, 4.1.2).
#[derive(serde::Deserialize)]
struct Answer {
    code: Option<String>,
    error_description: Option<String>,
    error: Option<String>,
}

/// Serves the page.
pub(crate) fn configure(config: &mut ServiceConfig) {
    config.route("/demo/callback", web::get().to(show));
}

async fn show(request: HttpRequest, answer: web::Query<Answer>) -> HttpResponse {
    let answer = answer.into_inner();
    let place = request.connection_info();
    let page = CallbackPage {
        code: answer.code,
        error: answer.error_description.or(answer.error),
        base: format!("{}://{}", place.scheme(), place.host()),
    };
    match page.render() {
        Ok(html) => HttpResponse::Ok()
            .insert_header((
                header::CONTENT_SECURITY_POLICY,
                "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'",
            ))
            .content_type("text/html; charset=utf-8")
            .body(html),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}
