//! GitLab's bodies, one file a resource, spelled as GitLab spells them: REST
//! API v4, <https://docs.gitlab.com/api/rest/>. What is not mapped is not
//! read; a project, for one, may carry the token of its runners.

pub(crate) mod about;
pub(crate) mod actor;
pub(crate) mod branch;
pub(crate) mod check;
pub(crate) mod commit;
pub(crate) mod contributor;
pub(crate) mod course;
pub(crate) mod coverage;
pub(crate) mod deployment;
pub(crate) mod diff;
pub(crate) mod error;
pub(crate) mod event;
pub(crate) mod hook;
pub(crate) mod occurrence;
pub(crate) mod profile;
pub(crate) mod pull_request;
pub(crate) mod release;
pub(crate) mod repository;
pub(crate) mod tag;
pub(crate) mod time;
pub(crate) mod tree;

pub(crate) use time::Time;

use lodge_provider_kit::Text;

/// The text, unless it is missing or empty.
pub(crate) fn filled(text: Option<Text<'_>>) -> Option<String> {
    text.and_then(Text::filled)
}

/// The text, but no more than `most` bytes of it; empty when it is missing.
pub(crate) fn cut(text: Option<Text<'_>>, most: usize) -> String {
    let mut text = plain(text);
    text.truncate(text.floor_char_boundary(most));
    text
}

/// The text, empty when it is missing.
pub(crate) fn plain(text: Option<Text<'_>>) -> String {
    text.map(String::from).unwrap_or_default()
}
