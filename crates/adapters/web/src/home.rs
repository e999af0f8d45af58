//! The landing page.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web::Data,
};
use askama::Template;

use crate::{
    answer::{self, Head},
    session::{cookie, return_to},
    site::Site,
};

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage<'a> {
    here: &'static str,
    issuer: &'a str,
    /// The hosts of this installation, as people call them.
    hosts: Vec<String>,
}

/// Whoever is signed in goes on to their own page.
pub(crate) async fn show(site: Data<Site>, request: HttpRequest) -> HttpResponse {
    if let Some(session) = cookie::session(&site, &request)
        && site.gateway.person(session).await.is_ok()
    {
        return answer::see_other(return_to::HOME).finish();
    }
    let head = Head { public: true, ..Head::default() };
    let hosts = site.gateway.providers.iter().map(|it| it.label()).collect();
    let page = HomePage { here: "home", issuer: &site.issuer, hosts };
    let mut response = answer::page(StatusCode::OK, &head, &page);
    response.headers_mut().insert(header::VARY, header::HeaderValue::from_static("Cookie"));
    response
}
