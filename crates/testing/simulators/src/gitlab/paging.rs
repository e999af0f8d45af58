//! Pages: <https://docs.gitlab.com/api/rest/#pagination>.

use serde_json::Value;

use super::say;
use crate::{Ask, Reply};

/// Items of a page that nobody asked to be larger.
const USUAL: usize = 20;
const MOST: usize = 100;
/// Beyond so many items, GitLab does not count.
const COUNTED: usize = 10_000;

pub(super) fn size(ask: &Ask) -> usize {
    ask.number("per_page").filter(|it| *it > 0).unwrap_or(USUAL).min(MOST)
}

/// One page of `all`, by number.
pub(super) fn offset(ask: &Ask, all: Vec<Value>) -> Reply {
    let count = all.len();
    let totals = (count <= COUNTED).then_some(count);
    numbered(ask, all, count, totals)
}

/// One page of commits, which GitLab does not count: a full page is taken for
/// not the last one.
pub(super) fn uncounted(ask: &Ask, all: Vec<Value>) -> Reply {
    let (page, size) = (ask.number("page").unwrap_or(1).max(1), size(ask));
    let shown = all.len().saturating_sub((page - 1) * size).min(size);
    let pretended = (page - 1) * size + shown + 1;
    numbered(ask, all, pretended, None)
}

fn numbered(ask: &Ask, all: Vec<Value>, count: usize, totals: Option<usize>) -> Reply {
    let (page, size) = (ask.number("page").unwrap_or(1).max(1), size(ask));
    let items = all.into_iter().skip((page - 1) * size).take(size).collect();
    let more = page * size < count;
    let mut links = Vec::new();
    if page > 1 {
        links.push(link(ask, &[("page", (page - 1).to_string())], "prev"));
    }
    if more {
        links.push(link(ask, &[("page", (page + 1).to_string())], "next"));
    }
    links.push(link(ask, &[("page", "1".to_owned())], "first"));
    let number =
        |there: bool, number: usize| if there { number.to_string() } else { String::new() };
    let mut reply = say::ok(ask, &Value::Array(items))
        .with("x-page", page.to_string())
        .with("x-per-page", size.to_string())
        .with("x-prev-page", number(page > 1, page.saturating_sub(1)))
        .with("x-next-page", number(more, page + 1));
    if let Some(count) = totals {
        let last = count.div_ceil(size).max(1);
        links.push(link(ask, &[("page", last.to_string())], "last"));
        reply = reply.with("x-total", count.to_string()).with("x-total-pages", last.to_string());
    }
    reply.with("link", links.join(", "))
}

/// `items`, with a link to what comes after `next`.
pub(super) fn keyset(ask: &Ask, items: Vec<Value>, next: Option<(&str, String)>) -> Reply {
    let reply = say::ok(ask, &Value::Array(items));
    match next {
        Some(next) => reply.with("link", link(ask, &[next], "next")),
        None => reply,
    }
}

/// A link to the same question with other values.
fn link(ask: &Ask, changed: &[(&str, String)], rel: &str) -> String {
    let path: Vec<String> = ask
        .segments
        .iter()
        .map(|it| url::form_urlencoded::byte_serialize(it.as_bytes()).collect())
        .collect();
    let kept = ask.query.iter().filter(|(name, _)| changed.iter().all(|(it, _)| it != name));
    let kept = kept.map(|(name, value)| (name.as_str(), value.as_str()));
    let changed = changed.iter().map(|(name, value)| (*name, value.as_str()));
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(kept.chain(changed));
    format!("<{}/{}?{}>; rel=\"{rel}\"", ask.address, path.join("/"), query.finish())
}
