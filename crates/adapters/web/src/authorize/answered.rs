//! The end of a visit.

use actix_web::{HttpResponse, http::header};
use lodge_gateway::oauth::Redirect;

use crate::{
    authorize::{cookie, redirect},
    problem::Problem,
    site::Site,
};

/// Back to the app; the browser forgets the visit.
pub(crate) fn answered(
    site: &Site,
    visit: &str,
    answer: &Redirect,
) -> Result<HttpResponse, Problem> {
    let mut response = redirect::to_app(site, answer)?;
    let cookie = cookie::forget(site, visit);
    Ok(response.insert_header((header::SET_COOKIE, cookie)).finish())
}
