//! Logging out.

use actix_web::{HttpRequest, HttpResponse, http::header, web::Data};
use askama::Template;

use super::told::shown;
use crate::{
    answer,
    problem::Problem,
    session::{Away, CheckedForm, CsrfToken, SignedInPerson, cookie},
    site::Site,
};

#[derive(Template)]
#[template(path = "account/log_out.html")]
struct LogOutPage {
    csrf: CsrfToken,
}

/// No field of its own.
#[derive(serde::Deserialize)]
pub(crate) struct Nothing {}

/// By a link. A picture on another site could ask for it, too: only a person
/// who clicked on one of our own pages is logged out at once.
pub(crate) async fn by_link(site: Data<Site>, request: HttpRequest) -> Result<HttpResponse, Away> {
    let Some(session) = cookie::session(&site, &request) else { return Ok(out(&site)) };
    if is_meant(&request) {
        site.gateway.log_out(session).await?;
        return Ok(out(&site));
    }
    // Of a session that has ended there is nothing to ask.
    if site.gateway.person(session).await.is_err() {
        return Ok(out(&site));
    }
    Ok(shown(&LogOutPage { csrf: CsrfToken::of(&site, session) }))
}

/// By the button.
pub(crate) async fn by_form(
    ask: CheckedForm<Nothing, SignedInPerson>,
) -> Result<HttpResponse, Away> {
    let SignedInPerson { site, person, .. } = ask.who;
    let ended = site.gateway.end_session(&person, person.session.id).await;
    ended.map_err(Problem::from)?;
    Ok(out(&site))
}

/// The browser says that the request comes from a page of ours, or from the
/// person's own hand (<https://www.w3.org/TR/fetch-metadata/>).
fn is_meant(request: &HttpRequest) -> bool {
    let is = |name: &str, value: &str| {
        request.headers().get(name).is_some_and(|it| it.as_bytes() == value.as_bytes())
    };
    is("sec-fetch-site", "same-origin") && is("sec-fetch-mode", "navigate")
        || is("sec-fetch-site", "none") && is("sec-fetch-user", "?1")
}

fn out(site: &Site) -> HttpResponse {
    let mut response = answer::see_other("/app/login");
    response.insert_header((header::SET_COOKIE, cookie::forget(site)));
    response.finish()
}
