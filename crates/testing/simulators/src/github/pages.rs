//! Numbered pages, with links by the repository's number.
//!
//! <https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api>

use serde_json::Value;
use url::form_urlencoded::Serializer;

use crate::{Ask, Reply};

/// One page of `all`. `wrap` makes the body of the page's items.
pub(super) fn page(
    ask: &Ask,
    place: &str,
    all: &[Value],
    wrap: impl FnOnce(Vec<Value>) -> Value,
) -> Reply {
    // 30 when nobody says, and more than 100 are 100.
    let size = ask.number("per_page").filter(|it| *it > 0).unwrap_or(30).min(100);
    page_of(ask, place, all, size, wrap)
}

/// One page of a size that the caller cannot choose.
pub(super) fn page_of(
    ask: &Ask,
    place: &str,
    all: &[Value],
    size: usize,
    wrap: impl FnOnce(Vec<Value>) -> Value,
) -> Reply {
    let number = ask.number("page").filter(|it| *it > 0).unwrap_or(1);
    let last = all.len().div_ceil(size).max(1);
    let items = all.iter().skip((number - 1).saturating_mul(size)).take(size).cloned().collect();
    let reply = Reply::json(200, &wrap(items));
    let mut links = Vec::new();
    if number > 1 {
        links.push(link(ask, place, number - 1, "prev"));
    }
    if number < last {
        links.push(link(ask, place, number + 1, "next"));
        links.push(link(ask, place, last, "last"));
    }
    if number > 1 {
        links.push(link(ask, place, 1, "first"));
    }
    if links.is_empty() { reply } else { reply.with("link", links.join(", ")) }
}

fn link(ask: &Ask, place: &str, number: usize, rel: &str) -> String {
    let mut query = Serializer::new(String::new());
    query.extend_pairs(ask.query.iter().filter(|(name, _)| name != "page"));
    query.append_pair("page", &number.to_string());
    format!("<{}/api/v3/{place}?{}>; rel=\"{rel}\"", ask.address, query.finish())
}
