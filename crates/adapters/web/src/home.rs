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
    issuer: &'a str,
}

pub(crate) async fn show(site: Data<Site>) -> HttpResponse {
    let head = Head { public: true, ..Head::default() };
    answer::page(StatusCode::OK, &head, &HomePage { issuer: &site.issuer })
}
