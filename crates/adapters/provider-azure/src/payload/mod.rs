//! What Azure DevOps sends, spelled as it spells it: one file a resource.
//!
//! Unknown fields are passed over, and nearly everything may be missing or
//! null. API version 7.1: <https://learn.microsoft.com/rest/api/azure/devops>.

pub(crate) mod branch;
pub(crate) mod check;
pub(crate) mod comment;
pub(crate) mod commit;
pub(crate) mod deployment;
pub(crate) mod diff;
pub(crate) mod error;
pub(crate) mod event;
pub(crate) mod hook;
pub(crate) mod profile;
pub(crate) mod pull_request;
pub(crate) mod repository;
pub(crate) mod tag;
pub(crate) mod tree;
pub(crate) mod vote;
pub(crate) mod whereabouts;

use std::{borrow::Borrow, ops::Deref};

use lodge_kernel::Timestamp;
use lodge_provider_kit::{self as kit, Few};
use serde::Deserialize;

/// Every list: `{"count": 2, "value": […]}`, although the specification says
/// that they are bare arrays.
#[derive(Debug, Deserialize)]
pub(crate) struct List<T, const MOST: usize = 10_000> {
    pub(crate) value: Few<T, MOST>,
}

/// A text of an answer, with what only this host writes into texts.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(transparent)]
pub(crate) struct Text<'a>(#[serde(borrow)] kit::Text<'a>);

impl Text<'_> {
    pub(crate) fn into_owned(self) -> String {
        self.0.into()
    }

    /// The text, unless there is nothing in it.
    pub(crate) fn filled(self) -> Option<String> {
        (!self.0.trim().is_empty()).then(|| self.into_owned())
    }

    /// An instant. Some are told without a zone, which is UTC, and year 1
    /// means that there is none.
    pub(crate) fn instant(&self) -> Option<Timestamp> {
        if self.0.starts_with("0001-") {
            return None;
        }
        Timestamp::parse(&self.0)
            .or_else(|_no_zone| Timestamp::parse(&format!("{}Z", &*self.0)))
            .ok()
    }

    /// An object's id, unless it is all zeros, which stands for none.
    pub(crate) fn object(self) -> Option<String> {
        let none = self.0.bytes().all(|byte| byte == b'0');
        (!none).then(|| self.into_owned())
    }
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Text<'_> {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// Somebody, as most answers tell them.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IdentityPayload<'a> {
    #[serde(borrow)]
    pub(crate) display_name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) unique_name: Option<Text<'a>>,
}

impl IdentityPayload<'_> {
    /// The name that its owner logs in by, else the one that people see.
    pub(crate) fn name(&self) -> Option<String> {
        let names = [&self.unique_name, &self.display_name].into_iter().flatten();
        names.map(|it| it.trim()).find(|it| !it.is_empty()).map(str::to_owned)
    }
}

/// `_links`, of which only the page for people matters.
#[derive(Debug, Deserialize)]
pub(crate) struct LinksPayload<'a> {
    #[serde(borrow)]
    web: Option<LinkPayload<'a>>,
}

#[derive(Debug, Deserialize)]
struct LinkPayload<'a> {
    #[serde(borrow)]
    href: Option<Text<'a>>,
}

impl LinksPayload<'_> {
    pub(crate) fn web(self) -> Option<String> {
        self.web?.href?.filled()
    }
}

/// `body` without the byte order mark that may stand before it.
pub(crate) fn without_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

/// A branch's name without `refs/heads/`, a tag's without `refs/tags/`.
pub(crate) fn short_name(reference: &str) -> &str {
    let name = reference.strip_prefix("refs/heads/");
    name.or_else(|| reference.strip_prefix("refs/tags/")).unwrap_or(reference)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_may_lack_its_zone_and_year_one_is_none() {
        for (text, instant) in [
            ("2017-06-22T04:28:23", Some("2017-06-22T04:28:23.000Z")),
            ("2016-11-01T16:28:08.8900118Z", Some("2016-11-01T16:28:08.890Z")),
            ("2014-05-12T22:23:07.727+00:00", Some("2014-05-12T22:23:07.727Z")),
            ("0001-01-01T00:00:00", None),
            ("yesterday", None),
        ] {
            let told = format!("\"{text}\"");
            let read = serde_json::from_str::<Text<'_>>(&told).unwrap().instant();
            let read = read.map(|it| it.to_string());
            assert_eq!(read.as_deref(), instant, "{text}");
        }
    }
}
