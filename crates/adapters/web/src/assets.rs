//! Stylesheet, scripts and logo. They are part of the binary.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web::Data,
};
use lodge_kernel::hex;

use crate::{answer, site::Site};

const STYLESHEET: &[u8] = include_bytes!("../assets/app.css");
const THEME: &[u8] = include_bytes!("../assets/theme.js");
const COPY: &[u8] = include_bytes!("../assets/landing-page.js");
const CONSENT: &[u8] = include_bytes!("../assets/secure-git-connect-page.js");
const PASSKEYS: &[u8] = include_bytes!("../assets/passkeys.js");
const LOGO: &[u8] = include_bytes!("../assets/gitlodge-logo.svg");

pub(crate) async fn stylesheet(site: Data<Site>, request: HttpRequest) -> HttpResponse {
    asset(&site, &request, "text/css; charset=utf-8", STYLESHEET)
}

pub(crate) async fn theme_script(site: Data<Site>, request: HttpRequest) -> HttpResponse {
    asset(&site, &request, "text/javascript; charset=utf-8", THEME)
}

pub(crate) async fn copy_script(site: Data<Site>, request: HttpRequest) -> HttpResponse {
    asset(&site, &request, "text/javascript; charset=utf-8", COPY)
}

pub(crate) async fn consent_script(site: Data<Site>, request: HttpRequest) -> HttpResponse {
    asset(&site, &request, "text/javascript; charset=utf-8", CONSENT)
}

pub(crate) async fn passkeys_script(site: Data<Site>, request: HttpRequest) -> HttpResponse {
    asset(&site, &request, "text/javascript; charset=utf-8", PASSKEYS)
}

pub(crate) async fn logo(site: Data<Site>, request: HttpRequest) -> HttpResponse {
    asset(&site, &request, "image/svg+xml", LOGO)
}

/// Browsers keep an asset and ask each time whether it is still the same, so
/// that a page never meets the stylesheet of another version.
fn asset(
    site: &Site,
    request: &HttpRequest,
    content_type: &'static str,
    bytes: &'static [u8],
) -> HttpResponse {
    let digest = site.gateway.keys.digest(bytes);
    let tag = format!("\"{}\"", hex::encode(digest.0.get(..16).unwrap_or_default()));
    let known = is_known(request, &tag);
    let status = if known { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
    let mut response = answer::bare(status);
    response
        .insert_header((header::ETAG, tag))
        .insert_header((header::CACHE_CONTROL, "public, no-cache"))
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"));
    if known { response.finish() } else { response.content_type(content_type).body(bytes) }
}

/// The browser has it already (RFC 9110, 13.1.2). A proxy that compresses may
/// have made the tag a weak one.
fn is_known(request: &HttpRequest, tag: &str) -> bool {
    let given = request.headers().get_all(header::IF_NONE_MATCH);
    let texts = given.filter_map(|it| it.to_str().ok());
    texts
        .flat_map(|it| it.split(','))
        .map(str::trim)
        .any(|it| it == "*" || it.strip_prefix("W/").unwrap_or(it) == tag)
}
