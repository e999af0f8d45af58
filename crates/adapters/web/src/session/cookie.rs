//! The cookie of a session.

use actix_web::{HttpRequest, http::header};
use lodge_access::{Secret, SecretKind, people::SESSION_LIFETIME};

use crate::site::Site;

/// Its name. `__Host-` makes browsers refuse a cookie that another host of the
/// same domain planted (RFC 6265bis, 4.1.3.2).
const fn name(secure: bool) -> &'static str {
    if secure { "__Host-sid" } else { "sid" }
}

/// The session that the browser keeps, if there is one that could be ours.
pub(crate) fn session<'a>(site: &Site, request: &'a HttpRequest) -> Option<&'a str> {
    let name = name(site.secure);
    let texts = request.headers().get_all(header::COOKIE).filter_map(|it| it.to_str().ok());
    let pairs = texts.flat_map(|it| it.split(';')).filter_map(|it| it.trim().split_once('='));
    let mut sessions = pairs.filter(|(known, _)| *known == name).map(|(_, value)| value);
    sessions.find(|it| Secret::parse(SecretKind::UserSession, it).is_some())
}

/// Lets the browser keep `token`.
pub(crate) fn keep(site: &Site, token: &Secret) -> String {
    header_value(site.secure, token.expose(), SESSION_LIFETIME.as_secs())
}

/// Lets the browser forget its session.
pub(crate) fn forget(site: &Site) -> String {
    header_value(site.secure, "", 0)
}

fn header_value(secure: bool, value: &str, seconds: u64) -> String {
    let name = name(secure);
    let only = if secure { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{only}")
}
