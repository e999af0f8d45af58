//! What never leaves, what is written down, and how to check.

use actix_web::{HttpResponse, http::StatusCode, web::Data};
use askama::Template;
use lodge_firewall::Rules;

use crate::{
    answer::{self, Head},
    site::Site,
};

#[derive(Template)]
#[template(path = "zero_trust.html")]
struct ZeroTrustPage<'a> {
    here: &'static str,
    issuer: &'a str,
    /// How many patterns of paths nobody can switch off.
    floor: usize,
}

pub(crate) async fn show(site: Data<Site>) -> HttpResponse {
    let head = Head { public: true, ..Head::default() };
    let floor = Rules::floor().len();
    let page = ZeroTrustPage { here: "zero-trust", issuer: &site.issuer, floor };
    answer::page(StatusCode::OK, &head, &page)
}
