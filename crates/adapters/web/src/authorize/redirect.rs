//! Sending the browser back to the app.

use actix_web::{HttpResponse, http::StatusCode};
use askama::Template;
use lodge_access::AnswerMode;
use lodge_gateway::oauth::Redirect;
use url::{Url, form_urlencoded::Serializer};

use crate::{
    answer::{self, Framing, Head},
    problem::Problem,
    site::Site,
};

#[derive(Template)]
#[template(path = "message.html")]
struct MessagePage {
    /// What is told, in JSON.
    message: String,
    /// The one origin that it is told to.
    target: String,
    /// Where the answer goes without a script.
    link: String,
}

/// Back to the app with an answer, and with who gave it (RFC 9207): the browser
/// goes there, or the page tells the one that framed or opened it. Who changed
/// what was approved before goes back to the access page.
pub(crate) fn to_app(
    site: &Site,
    framing: Framing,
    redirect: &Redirect,
) -> Result<HttpResponse, Problem> {
    if redirect.answer == AnswerMode::Change {
        let mut query = Serializer::new(String::new());
        query.extend_pairs(&redirect.parameters);
        let location = format!("{}?{}", redirect.redirect_uri, query.finish());
        return Ok(answer::see_other(location.trim_end_matches('?')).finish());
    }
    let url = address(site, redirect)?;
    if redirect.answer == AnswerMode::Query {
        return Ok(answer::see_other(url.as_str()).finish());
    }
    let mut response = serde_json::Map::new();
    for (name, value) in &redirect.parameters {
        response.insert((*name).to_owned(), value.clone().into());
    }
    response.insert("iss".to_owned(), site.issuer.clone().into());
    let message = serde_json::json!({ "type": "authorization_response", "response": response });
    let target = url.origin().ascii_serialization();
    let head = Head { framing, ..Head::default() };
    let page = MessagePage { message: message.to_string(), target, link: url.into() };
    Ok(answer::page(StatusCode::OK, &head, &page))
}

/// Where the browser goes with an answer. A query that the redirect URI already
/// has is kept (RFC 6749, 3.1.2).
fn address(site: &Site, redirect: &Redirect) -> Result<Url, Problem> {
    let broken = |_not_a_url| Problem::link("the app's address cannot be opened");
    let mut url = Url::parse(&redirect.redirect_uri).map_err(broken)?;
    let mut query = url.query_pairs_mut();
    for (name, value) in &redirect.parameters {
        query.append_pair(name, value);
    }
    query.append_pair("iss", &site.issuer);
    drop(query);
    Ok(url)
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
