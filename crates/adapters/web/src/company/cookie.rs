//! The cookie of a customer's session. Over `https` it also works inside a frame
//! on another site, in a jar of its own for each framing site (`Partitioned`).

use actix_web::HttpRequest;
use lodge_access::{Secret, customer_session::LONGEST};

use crate::{authorize::cookie::pairs, site::Site};

/// `__Host-` makes browsers refuse a cookie that another host of the same domain
/// planted (RFC 6265bis, 4.1.3.2).
const fn name(secure: bool) -> &'static str {
    if secure { "__Host-cs" } else { "lodge-cs" }
}

/// What the browser has.
pub(crate) fn of<'a>(site: &Site, request: &'a HttpRequest) -> Option<&'a str> {
    pairs(request).find(|(known, _)| *known == name(site.secure)).map(|(_, value)| value)
}

/// Lets the browser keep `secret`. How long the session lasts is for us to say.
pub(crate) fn keep(site: &Site, secret: &Secret) -> String {
    header_value(site, secret.expose(), LONGEST.as_secs())
}

/// Lets the browser forget its session.
pub(crate) fn forget(site: &Site) -> String {
    header_value(site, "", 0)
}

fn header_value(site: &Site, value: &str, seconds: u64) -> String {
    // A frame needs `SameSite=None`, which browsers take only with `Secure`.
    let place = if site.secure { "Secure; SameSite=None; Partitioned" } else { "SameSite=Lax" };
    let name = name(site.secure);
    format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; {place}")
}
