//! The landing page.

use actix_web::{HttpResponse, http::StatusCode, web::Data};
use askama::Template;

use crate::{
    answer::{self, Head},
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

pub(crate) async fn show(site: Data<Site>) -> HttpResponse {
    let head = Head { public: true, ..Head::default() };
    let hosts = site.gateway.providers.iter().map(|it| it.label()).collect();
    let page = HomePage { here: "home", issuer: &site.issuer, hosts };
    answer::page(StatusCode::OK, &head, &page)
}
