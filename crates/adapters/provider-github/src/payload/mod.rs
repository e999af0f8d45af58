//! What GitHub sends, spelled as GitHub spells it: one file a resource.

pub(crate) mod branch;
pub(crate) mod check;
pub(crate) mod comment;
pub(crate) mod commit;
pub(crate) mod contributor;
pub(crate) mod deployment;
pub(crate) mod diff;
pub(crate) mod error;
pub(crate) mod event;
pub(crate) mod hook;
pub(crate) mod issue;
pub(crate) mod profile;
pub(crate) mod pull_request;
pub(crate) mod release;
pub(crate) mod repository;
pub(crate) mod review;
pub(crate) mod run;
pub(crate) mod tag;
pub(crate) mod tree;

use lodge_kernel::Timestamp;
use lodge_provider_kit::Text;

/// The instant that a field names, if it names one.
fn instant(text: Option<Text<'_>>) -> Option<Timestamp> {
    text?.instant()
}

/// The text of a field that is neither missing nor empty.
fn filled(text: Option<Text<'_>>) -> Option<String> {
    text?.filled()
}
