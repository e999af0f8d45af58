//! Whether another site made the browser ask.

use actix_web::{HttpRequest, http::header};

use crate::{problem::Problem, site::Site};

/// Refuses what another site made the browser send.
///
/// Nearly every browser says so in `Sec-Fetch-Site`. One that does not may say
/// it in `Origin`; ours is `null` there, since our pages send no referrer
/// (<https://fetch.spec.whatwg.org/#append-a-request-origin-header>).
pub(crate) fn check(site: &Site, request: &HttpRequest) -> Result<(), Problem> {
    let text = |name: &str| request.headers().get(name).and_then(|it| it.to_str().ok());
    let foreign = match text("sec-fetch-site") {
        Some(relation) => relation == "cross-site",
        None => text(header::ORIGIN.as_str()).is_some_and(|it| it != "null" && it != site.issuer),
    };
    if foreign {
        Err(Problem::forged("another site tried to answer in your place, which we do not take"))
    } else {
        Ok(())
    }
}
