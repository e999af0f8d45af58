//! The cookie that binds a visit to its browser.
//!
//! Each visit has a cookie of its own, named after it, so that visits in
//! several tabs (and of several apps) do not overwrite each other. It ends by
//! itself after an hour and outlives the answer, so that whoever answers a
//! second time is told what became of the first. Over
//! `https` it also works inside a frame on another site, in a jar of its own
//! for each framing site (`Partitioned`).

use actix_web::{HttpRequest, http::header};
use lodge_access::{Secret, connect::TRANSACTION_LIFETIME};

use crate::site::Site;

/// How many visits one browser can have open. A cookie takes some 100 bytes of
/// every request, and proxies refuse requests with more than 8 KiB of head.
const MOST_VISITS: usize = 16;

/// What the name starts with. `__Host-` makes browsers refuse a cookie that
/// another host of the same domain planted (RFC 6265bis, 4.1.3.2).
const fn prefix(secure: bool) -> &'static str {
    if secure { "__Host-lodge-consent-" } else { "lodge-consent-" }
}

/// What the browser keeps for `visit`.
pub(crate) fn of_visit(site: &Site, request: &HttpRequest, visit: &str) -> Option<String> {
    let name = format!("{}{visit}", prefix(site.secure));
    pairs(request).find(|(known, _)| *known == name).map(|(_, value)| value.to_owned())
}

/// Lets the browser keep `secret` for `visit`.
pub(crate) fn keep(site: &Site, visit: &str, secret: &Secret) -> String {
    let seconds = TRANSACTION_LIFETIME.as_secs();
    header_value(site.secure, visit, secret.expose(), seconds)
}

/// Lets the browser forget its oldest visits, so that there is room for one
/// more. The ids of visits sort by age.
pub(crate) fn make_room(site: &Site, request: &HttpRequest) -> Vec<String> {
    let mut visits: Vec<_> =
        pairs(request).filter_map(|(name, _)| name.strip_prefix(prefix(site.secure))).collect();
    visits.sort_unstable();
    let too_many = (visits.len() + 1).saturating_sub(MOST_VISITS);
    visits.into_iter().take(too_many).map(|visit| header_value(site.secure, visit, "", 0)).collect()
}

/// The names and values of all cookies. Broken ones of others are passed over.
pub(crate) fn pairs(request: &HttpRequest) -> impl Iterator<Item = (&str, &str)> {
    let headers = request.headers().get_all(header::COOKIE);
    let texts = headers.filter_map(|it| it.to_str().ok());
    texts.flat_map(|it| it.split(';')).filter_map(|it| it.trim().split_once('='))
}

fn header_value(secure: bool, visit: &str, value: &str, seconds: u64) -> String {
    let name = prefix(secure);
    // A frame needs `SameSite=None`, which browsers take only with `Secure`.
    let place = if secure { "Secure; SameSite=None; Partitioned" } else { "SameSite=Lax" };
    format!("{name}{visit}={value}; Path=/; Max-Age={seconds}; HttpOnly; {place}")
}
