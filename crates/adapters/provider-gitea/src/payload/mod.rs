//! What Gitea and Forgejo answer, spelled as they spell it: one file a
//! resource. API v1; the fields of Gitea 1.22 to 1.26 and Forgejo 7 to 17.

pub(crate) mod branch;
pub(crate) mod check;
pub(crate) mod commit;
pub(crate) mod event;
pub(crate) mod hook;
pub(crate) mod issue;
pub(crate) mod profile;
pub(crate) mod pull_request;
#[cfg(test)]
mod recordings;
pub(crate) mod release;
pub(crate) mod repository;
pub(crate) mod settings;
pub(crate) mod tag;
pub(crate) mod tree;

use lodge_kernel::Timestamp;
use lodge_provider_kit::Text;

/// A text that says something.
pub(crate) fn filled(text: Option<Text<'_>>) -> Option<String> {
    text.and_then(Text::filled)
}

/// An instant. What never happened is written as Go's or Unix's zero.
pub(crate) fn instant(text: Option<&Text<'_>>) -> Option<Timestamp> {
    text.and_then(Text::instant).filter(|at| *at > Timestamp::EPOCH)
}

/// A count, where a host may write less than nothing.
pub(crate) fn count(number: Option<i64>) -> Option<u64> {
    number.and_then(|it| u64::try_from(it).ok())
}
