//! Pages, in the three ways in which Bitbucket counts them.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use url::form_urlencoded::Serializer;

use super::{
    errors::refuse,
    objects::{path, with},
};
use crate::{Ask, Reply};

/// How the next page is told.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Counting {
    /// `page=2`, with the size of the whole.
    Numbers,
    /// `page=2` beside an opaque `ctx`, without which it means nothing.
    Context,
    /// An opaque `page`.
    Words,
}

/// One page of `all`, of at most `most` items: more are refused.
pub(super) fn page(ask: &Ask, all: &[Value], most: usize, counting: Counting) -> Reply {
    let pagelen = match ask.query("pagelen") {
        None => 10,
        Some(text) => match text.parse() {
            Ok(size @ 1..) if size <= most => size,
            _ => return refuse(400, "Invalid pagelen"),
        },
    };
    let Some(skip) = skipped(ask, pagelen, counting) else { return refuse(404, "Invalid page") };
    let values: Vec<_> = all.iter().skip(skip).take(pagelen).cloned().collect();
    let until = skip + values.len();
    let mut body = json!({"values": values, "pagelen": pagelen});
    if counting == Counting::Numbers {
        body = with(body, "size", json!(all.len()));
        body = with(body, "page", json!(skip / pagelen + 1));
    }
    if until < all.len() {
        body = with(body, "next", json!(next(ask, until, pagelen, counting)));
    }
    Reply::json(200, &body)
}

fn skipped(ask: &Ask, pagelen: usize, counting: Counting) -> Option<usize> {
    let Some(page) = ask.query("page") else { return Some(0) };
    let opaque = |text: &str| String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok();
    match counting {
        Counting::Numbers => Some(page.parse::<usize>().ok()?.checked_sub(1)? * pagelen),
        Counting::Context => {
            let context = opaque(ask.query("ctx")?)?;
            let (path, skip) = context.rsplit_once('@')?;
            (path == ask.segments.join("/")).then(|| skip.parse().ok()).flatten()
        }
        Counting::Words => opaque(page)?.strip_prefix("src@")?.parse().ok(),
    }
}

/// The address of the next page. It holds every parameter already.
fn next(ask: &Ask, until: usize, pagelen: usize, counting: Counting) -> String {
    let kept = ask.query.iter().filter(|(name, _)| name != "page" && name != "ctx");
    let mut query = Serializer::new(String::new());
    query.extend_pairs(kept);
    let number = (until / pagelen + 1).to_string();
    match counting {
        Counting::Numbers => query.append_pair("page", &number),
        Counting::Context => {
            let context = URL_SAFE_NO_PAD.encode(format!("{}@{until}", ask.segments.join("/")));
            query.append_pair("ctx", &context).append_pair("page", &number)
        }
        Counting::Words => {
            query.append_pair("page", &URL_SAFE_NO_PAD.encode(format!("src@{until}")))
        }
    };
    format!("{}{}?{}", ask.address, path(&ask.segments), query.finish())
}
