//! Sending the browser back to the app.

use actix_web::HttpResponseBuilder;
use lodge_gateway::oauth::Redirect;
use url::Url;

use crate::{answer, problem::Problem, site::Site};

/// Back to the app with an answer, and with who gave it (RFC 9207). A query
/// that the redirect URI already has is kept (RFC 6749, 3.1.2).
pub(crate) fn to_app(site: &Site, redirect: &Redirect) -> Result<HttpResponseBuilder, Problem> {
    let broken = |_not_a_url| Problem::link("the app's address cannot be opened");
    let mut url = Url::parse(&redirect.redirect_uri).map_err(broken)?;
    let mut query = url.query_pairs_mut();
    for (name, value) in &redirect.parameters {
        query.append_pair(name, value);
    }
    query.append_pair("iss", &site.issuer);
    drop(query);
    Ok(answer::see_other(url.as_str()))
}

/// `text` in the characters that an `error_description` may have (RFC 6749,
/// 4.1.2.1).
pub(crate) fn description(text: &str) -> String {
    let fits = |it: char| matches!(it, ' ' | '!' | '#'..='[' | ']'..='~');
    text.chars().map(|it| if fits(it) { it } else { '?' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_has_only_the_characters_of_the_rfc() {
        assert_eq!(description("`read:\"ü\\\n` is no scope"), "`read:????` is no scope");
    }
}
