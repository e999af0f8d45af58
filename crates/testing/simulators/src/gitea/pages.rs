//! Pages: numbers from 1, and no more items than the operator allows, however
//! many are asked for.

use serde_json::Value;

use crate::{Ask, Reply};

/// What a page has when nobody says.
const USUAL: usize = 30;

/// The pages of one instance.
#[derive(Clone, Copy)]
pub(super) struct Pages<'a> {
    pub(super) ask: &'a Ask,
    /// The most items of a page.
    pub(super) most: usize,
}

impl Pages<'_> {
    /// The number and the size of the page that is asked for.
    fn asked(&self) -> (usize, usize) {
        let size = self.ask.number("limit").filter(|it| *it > 0).unwrap_or(USUAL);
        (self.ask.number("page").unwrap_or(1).max(1), size.min(self.most))
    }

    /// The page that is asked for, and how many items there are.
    fn cut(&self, all: impl Iterator<Item = Value>) -> (Vec<Value>, usize) {
        let (page, size) = self.asked();
        let all: Vec<Value> = all.collect();
        let total = all.len();
        (all.into_iter().skip((page - 1) * size).take(size).collect(), total)
    }

    /// A page with links and a total.
    pub(super) fn linked(&self, all: impl Iterator<Item = Value>) -> Reply {
        let (items, total) = self.cut(all);
        self.with_links(Reply::json(200, &items.into()), total)
    }

    /// A page inside an object, with links and a total.
    pub(super) fn wrapped(&self, name: &str, all: impl Iterator<Item = Value>) -> Reply {
        let (items, total) = self.cut(all);
        let mut body = serde_json::Map::new();
        body.insert("total_count".to_owned(), total.into());
        body.insert(name.to_owned(), items.into());
        self.with_links(Reply::json(200, &body.into()), total)
    }

    /// A page of commits, with the headers of older days beside the links.
    pub(super) fn of_commits(&self, all: impl Iterator<Item = Value>) -> Reply {
        let (page, size) = self.asked();
        let (items, total) = self.cut(all);
        let pages = total.div_ceil(size);
        self.with_links(Reply::json(200, &items.into()), total)
            .with("x-page", page.to_string())
            .with("x-perpage", size.to_string())
            .with("x-total", total.to_string())
            .with("x-pagecount", pages.to_string())
            .with("x-hasmore", (page < pages).to_string())
    }

    /// A page of tags: no links; a total on newer servers.
    pub(super) fn of_tags(&self, all: impl Iterator<Item = Value>, counted: bool) -> Reply {
        let (items, total) = self.cut(all);
        let reply = Reply::json(200, &items.into());
        if counted { reply.with("x-total-count", total.to_string()) } else { reply }
    }

    fn with_links(&self, reply: Reply, total: usize) -> Reply {
        let ask = self.ask;
        let (page, size) = self.asked();
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
}
