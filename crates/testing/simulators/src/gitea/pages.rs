//! Pages: numbers from 1, at most fifty items however many are asked for.

use serde_json::Value;

use super::MOST_ITEMS;
use crate::{Ask, Reply};

/// What a page has when nobody says.
const USUAL: usize = 30;

/// The page that is asked for, and its number and size.
fn cut(ask: &Ask, all: &[Value]) -> (Vec<Value>, usize, usize) {
    let size = ask.number("limit").filter(|it| *it > 0).unwrap_or(USUAL).min(MOST_ITEMS);
    let page = ask.number("page").unwrap_or(1).max(1);
    (all.iter().skip((page - 1) * size).take(size).cloned().collect(), page, size)
}

/// A page with links and a total.
pub(super) fn linked(ask: &Ask, all: Vec<Value>) -> Reply {
    let (items, page, size) = cut(ask, &all);
    with_links(ask, Reply::json(200, &Value::from(items)), all.len(), page, size)
}

/// A page inside an object, with links and a total.
pub(super) fn wrapped(ask: &Ask, name: &str, all: Vec<Value>) -> Reply {
    let (items, page, size) = cut(ask, &all);
    let mut body = serde_json::Map::new();
    body.insert("total_count".to_owned(), all.len().into());
    body.insert(name.to_owned(), items.into());
    with_links(ask, Reply::json(200, &body.into()), all.len(), page, size)
}

/// A page of commits, with the headers of older days beside the links.
pub(super) fn of_commits(ask: &Ask, all: Vec<Value>) -> Reply {
    let (_, page, size) = cut(ask, &all);
    let (total, pages) = (all.len(), all.len().div_ceil(size));
    linked(ask, all)
        .with("x-page", page.to_string())
        .with("x-perpage", size.to_string())
        .with("x-total", total.to_string())
        .with("x-pagecount", pages.to_string())
        .with("x-hasmore", (page < pages).to_string())
}

/// A page of tags: no links; a total on newer servers.
pub(super) fn of_tags(ask: &Ask, all: Vec<Value>, total: bool) -> Reply {
    let (items, ..) = cut(ask, &all);
    let reply = Reply::json(200, &Value::from(items));
    if total { reply.with("x-total-count", all.len().to_string()) } else { reply }
}

fn with_links(ask: &Ask, reply: Reply, total: usize, page: usize, size: usize) -> Reply {
    let last = total.div_ceil(size).max(1);
    let to = |number: usize, rel: &str| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(ask.query.iter().filter(|(name, _)| name != "page"));
        query.append_pair("page", &number.to_string());
        let path = ask.segments.join("/");
        format!("<{}/{path}?{}>; rel=\"{rel}\"", ask.address, query.finish())
    };
    let mut links = Vec::new();
    if page < last {
        links.push(to(page + 1, "next"));
        links.push(to(last, "last"));
    }
    if page > 1 {
        links.push(to(1, "first"));
        links.push(to(page - 1, "prev"));
    }
    let reply = reply.with("x-total-count", total.to_string());
    // No space after the comma.
    if links.is_empty() { reply } else { reply.with("link", links.join(",")) }
}
