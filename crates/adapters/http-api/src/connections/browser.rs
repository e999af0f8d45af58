//! The browser that logs in at a host.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
};
use lodge_access::{Secret, SecretKind};
use url::form_urlencoded::Serializer;

use crate::{
    Surface,
    problem::{Code, Problem},
};

/// How many cookies are looked at: a browser has one a visit.
const MOST_COOKIES: usize = 32;

/// The cookies that may bind this browser to its visit of the consent page.
/// Whose they are is for the use case to say.
///
/// With `https`, only names count that no other host of the domain can plant
/// (RFC 6265bis, 4.1.3.2).
pub(crate) fn cookies<'a>(surface: &Surface, request: &'a HttpRequest) -> Vec<&'a str> {
    let secure = surface.public_url.scheme() == "https";
    let texts = request.headers().get_all(header::COOKIE).filter_map(|it| it.to_str().ok());
    let pairs = texts.flat_map(|it| it.split(';')).filter_map(|it| it.trim().split_once('='));
    pairs
        .filter(|(name, _)| !secure || name.starts_with("__Host-"))
        .map(|(_, value)| value)
        .filter(|it| Secret::parse(SecretKind::Browser, it).is_some())
        .take(MOST_COOKIES)
        .collect()
}

/// Lets a request in, or says when to come back: each login costs a row in the
/// database, and a question to a host.
pub(crate) fn admit(surface: &Surface, request: &HttpRequest) -> Result<(), Problem> {
    let Some(doors) = &surface.doors else { return Ok(()) };
    doors.admit(request).map_err(|seconds| {
        surface.metrics.limited();
        let message = "This address begins logins more often than this gateway allows.";
        Problem { retry_after: Some(seconds), ..Problem::new(Code::RateLimited, message) }
    })
}

/// A person looks at the answer, rather than a program.
pub(crate) fn wants_page(request: &HttpRequest) -> bool {
    let accepted = request.headers().get(header::ACCEPT).and_then(|it| it.to_str().ok());
    accepted.is_some_and(|it| it.contains("text/html"))
}

/// The page that tells the one that opened it how a login went.
pub(crate) fn login_page(surface: &Surface, parameters: &[(&str, &str)]) -> HttpResponse {
    to(surface, "/oauth/login", parameters)
}

/// The consent page, which says how a login went.
pub(crate) fn consent_page(surface: &Surface, parameters: &[(&str, &str)]) -> HttpResponse {
    to(surface, "/oauth/authorize", parameters)
}

fn to(surface: &Surface, path: &str, parameters: &[(&str, &str)]) -> HttpResponse {
    let mut query = Serializer::new(String::new());
    query.extend_pairs(parameters);
    let location = format!("{}{path}?{}", surface.issuer(), query.finish());
    HttpResponse::build(StatusCode::SEE_OTHER).insert_header((header::LOCATION, location)).finish()
}
