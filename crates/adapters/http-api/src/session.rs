//! The session that a request brings: in a header, as programs do, or in the
//! cookie that the pages set.

use actix_web::{HttpRequest, http::header};
use lodge_access::{Secret, SecretKind};

use crate::{
    Surface,
    caller::bearer_text,
    problem::{Code, Problem},
};

/// The text of the session. A cookie is sent by a browser whoever made it ask:
/// what changes something counts only when it comes from our own pages.
pub(crate) fn text<'a>(surface: &Surface, request: &'a HttpRequest) -> Result<&'a str, Problem> {
    if request.headers().contains_key(header::AUTHORIZATION) {
        return bearer_text(request);
    }
    let Some(session) = of_cookie(surface, request) else { return bearer_text(request) };
    if !request.method().is_safe() && !is_from_our_pages(surface, request) {
        let message = "Another site made the browser send this. Send a session in the header \
                       `Authorization: Bearer …`, or ask from a page of this gateway.";
        return Err(Problem::new(Code::AccessBlockedByPolicy, message));
    }
    Ok(session)
}

/// The session that the browser keeps, if there is one that could be ours.
pub(crate) fn of_cookie<'a>(surface: &Surface, request: &'a HttpRequest) -> Option<&'a str> {
    let secure = surface.public_url.scheme() == "https";
    let name = if secure { "__Host-sid" } else { "sid" };
    let mut sessions = cookies(request).filter(|(known, _)| *known == name).map(|(_, value)| value);
    sessions.find(|it| Secret::parse(SecretKind::UserSession, it).is_some())
}

/// The names and values of the request's cookies.
pub(crate) fn cookies(request: &HttpRequest) -> impl Iterator<Item = (&str, &str)> {
    let texts = request.headers().get_all(header::COOKIE).filter_map(|it| it.to_str().ok());
    texts.flat_map(|it| it.split(';')).filter_map(|it| it.trim().split_once('='))
}

/// The browser says that the request comes from our origin (Fetch Metadata:
/// <https://www.w3.org/TR/fetch-metadata/>), or, where it does not know of that,
/// `Origin` is ours.
fn is_from_our_pages(surface: &Surface, request: &HttpRequest) -> bool {
    let text = |name: &str| request.headers().get(name).and_then(|it| it.to_str().ok());
    match text("sec-fetch-site") {
        Some(relation) => matches!(relation, "same-origin" | "none"),
        None => text(header::ORIGIN.as_str()).is_some_and(|it| it == surface.issuer()),
    }
}
