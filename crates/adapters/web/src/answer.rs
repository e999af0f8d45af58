//! What every answer has in its head: who may frame it, and what it may load.

use actix_web::{
    HttpResponse, HttpResponseBuilder,
    http::{StatusCode, header},
};
use askama::Template;
use lodge_access::App;
use url::{Host, Url};

/// Who may show a page inside a frame.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Framing {
    /// Nobody.
    #[default]
    Nobody,
    /// Pages of these origins.
    By(Vec<String>),
}

impl Framing {
    /// The origins that `app` registered.
    pub(crate) fn by(app: &App) -> Self {
        let origins = app.frame_ancestors();
        let sources: Vec<_> = origins.iter().filter_map(|it| source(it)).collect();
        if sources.is_empty() { Self::Nobody } else { Self::By(sources) }
    }
}

/// `origin` as a source of a content security policy. `None` for one that the
/// grammar cannot name: an IPv6 address, or a host with a character that
/// would end the directive or stand for every host.
fn source(origin: &str) -> Option<String> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b":/.-_".contains(&byte);
    origin.bytes().all(fits).then(|| origin.to_owned())
}

/// Where the forms of a page may lead.
///
/// Browsers ask `form-action` about redirects too, so the consent page must
/// name where its answer goes.
pub(crate) fn form_target(redirect_uri: &str) -> Option<String> {
    let url = Url::parse(redirect_uri).ok()?;
    match url.host()? {
        // Only an app on the own machine has one; the grammar has no word for it.
        Host::Ipv6(_) => Some(format!("{}:", url.scheme())),
        Host::Ipv4(_) | Host::Domain(_) => source(&url.origin().ascii_serialization()),
    }
}

/// What a page's head depends on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Head {
    pub(crate) framing: Framing,
    /// A further origin that the page's forms may lead to.
    pub(crate) form_target: Option<String>,
    /// Everybody sees the same page, so it may be kept.
    pub(crate) public: bool,
}

impl Head {
    fn policy(&self) -> String {
        let forms = match &self.form_target {
            Some(origin) => format!("'self' {origin}"),
            None => "'self'".to_owned(),
        };
        let frames = match &self.framing {
            Framing::Nobody => "'none'".to_owned(),
            Framing::By(origins) => origins.join(" "),
        };
        format!(
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
             form-action {forms}; base-uri 'none'; frame-ancestors {frames}"
        )
    }
}

/// A page with `head`.
pub(crate) fn page(status: StatusCode, head: &Head, template: &impl Template) -> HttpResponse {
    match template.render() {
        Ok(html) => html_page(status, head).body(html),
        Err(error) => {
            tracing::error!(error = %error, "a page cannot be rendered");
            bare(StatusCode::INTERNAL_SERVER_ERROR).finish()
        }
    }
}

/// The head of a page that is already rendered.
pub(crate) fn html_page(status: StatusCode, head: &Head) -> HttpResponseBuilder {
    let mut response = bare(status);
    response
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, head.policy()));
    if head.framing == Framing::Nobody {
        // `X-Frame-Options` cannot name origins: RFC 7034, 2.3.2.3.
        response
            .insert_header((header::X_FRAME_OPTIONS, "DENY"))
            .insert_header(("cross-origin-opener-policy", "same-origin"));
    }
    let keep = if head.public { "public, no-cache" } else { "no-store" };
    response.insert_header((header::CACHE_CONTROL, keep));
    response
}

/// The head that everything has.
pub(crate) fn bare(status: StatusCode) -> HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    response
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"));
    response
}

/// The browser goes on to `location`, with `GET`.
pub(crate) fn see_other(location: &str) -> HttpResponseBuilder {
    let mut response = bare(StatusCode::SEE_OTHER);
    response
        .insert_header((header::LOCATION, location))
        .insert_header((header::CACHE_CONTROL, "no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_cannot_smuggle_a_directive_or_a_wildcard_into_the_policy() {
        for origin in ["https://a;sandbox", "https://*", "https://a,b.example", "http://[::1]:9"] {
            assert_eq!(source(origin), None, "{origin}");
        }
        assert_eq!(source("https://a.example:8443").as_deref(), Some("https://a.example:8443"));
    }

    #[test]
    fn a_form_may_lead_to_the_origin_of_the_redirect_uri() {
        let target = |uri| form_target(uri).unwrap_or_default();
        assert_eq!(target("https://acme.example/callback?a=1"), "https://acme.example");
        assert_eq!(target("http://127.0.0.1:9999/cb"), "http://127.0.0.1:9999");
        assert_eq!(target("http://[::1]:9999/cb"), "http:");
    }
}
