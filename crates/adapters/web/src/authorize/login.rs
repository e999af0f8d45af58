//! How a login at a host went: said on the consent page, or in the small window
//! that comes back from the host and tells the page that opened it.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web::Data,
};
use askama::Template;
use url::form_urlencoded;

use crate::{
    answer::{self, Head},
    problem::Problem,
    site::Site,
};

/// How a login went, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Went {
    /// An account is connected.
    pub(crate) good: bool,
    /// The words.
    pub(crate) text: String,
}

impl Went {
    /// The words for `code`. It comes by the address, so that only the words
    /// that stand here, and a code of OAuth, are ever shown.
    pub(crate) fn of(site: &Site, provider: &str, code: &str) -> Self {
        let host = site.gateway.providers.find(provider).map(|(_, host)| host.label());
        let host = host.as_deref().unwrap_or("the host");
        let text = match code {
            "connected" => {
                let text = format!("Your account at {host} is connected.");
                return Self { good: true, text };
            }
            "access_denied" => format!("You did not give access at {host}. Nothing was connected."),
            "account_disabled" => {
                "This account was switched off by the operator of this gateway.".to_owned()
            }
            "not_registered" => format!(
                "This gateway is not registered rightly at {host}. Please tell its operator."
            ),
            "login_not_taken" => format!("{host} did not take the login. Please try again."),
            "server_error" | "temporarily_unavailable" => {
                format!("{host} does not answer at the moment. Please try again.")
            }
            "ended" => "This login was finished before, or took longer than ten minutes. Please \
                        begin again."
                .to_owned(),
            "not_ours" | "not_begun" => {
                "This login did not begin in this browser. Open the page of the app again, in a \
                 window of its own, and connect the account from there."
                    .to_owned()
            }
            other if is_code(other) => {
                format!("{host} answered “{other}”. Nothing was connected.")
            }
            _ => format!("{host} did not say what went wrong. Nothing was connected."),
        };
        Self { good: false, text }
    }
}

/// As the codes of OAuth are written (RFC 6749, 4.1.2.1).
fn is_code(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'_')
}

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage<'a> {
    title: &'static str,
    text: &'a str,
    provider: &'a str,
    code: &'a str,
    /// What the page that opened this one must bring to the callback itself;
    /// empty when it is done.
    hand_over: String,
    /// The visit to go back to.
    transaction: Option<&'a str>,
}

/// `GET /oauth/login`
#[tracing::instrument(name = "web.login", skip_all)]
pub(crate) async fn login(site: Data<Site>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let pairs: Vec<_> = form_urlencoded::parse(request.query_string().as_bytes()).collect();
    let get = |name: &str| {
        let found = pairs.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_ref()).filter(|it| !it.is_empty())
    };
    let provider = get("provider").unwrap_or_default();
    let hand_over = get("state").map(|state| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("state", state);
        for name in ["code", "error"] {
            query.extend_pairs(get(name).map(|value| (name, value)));
        }
        query.finish()
    });
    let code = get("login").unwrap_or("not_ours");
    let went = Went::of(&site, provider, code);
    let page = LoginPage {
        title: match (went.good, &hand_over) {
            (true, _) => "The account is connected",
            (false, Some(_)) => "Almost done",
            (false, None) => "Nothing was connected",
        },
        text: if hand_over.is_some() {
            "Go back to the page that you came from: it finishes the login. If it does not, open \
             the page of the app in a window of its own, and connect the account from there."
        } else {
            &went.text
        },
        provider,
        code,
        hand_over: hand_over.unwrap_or_default(),
        transaction: get("transaction")
            .filter(|it| it.bytes().all(|it| it == b'_' || it.is_ascii_alphanumeric())),
    };
    let mut response = answer::page(StatusCode::OK, &Head::default(), &page);
    // The window must keep the page that opened it, which it tells.
    let name = header::HeaderName::from_static("cross-origin-opener-policy");
    response.headers_mut().insert(name, header::HeaderValue::from_static("unsafe-none"));
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_code_of_oauth_is_shown_as_it_is() {
        assert!(is_code("invalid_scope"));
        for wrong in ["", "Please call 555", "<b>", &"a".repeat(65)] {
            assert!(!is_code(wrong), "{wrong}");
        }
    }
}
