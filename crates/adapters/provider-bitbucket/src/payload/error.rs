//! What Bitbucket says when it says no.
//!
//! Source: <https://developer.atlassian.com/cloud/bitbucket/rest/intro/#standardized-error-responses>,
//! API 2.0.

use lodge_provider_kit::Text;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(crate) struct ErrorPayload<'a> {
    #[serde(borrow)]
    error: ReasonPayload<'a>,
}

#[derive(Debug, Deserialize)]
struct ReasonPayload<'a> {
    #[serde(borrow)]
    message: Option<Text<'a>>,
    detail: Option<DetailPayload<'a>>,
}

/// A text for people, or the scopes that there are and that there must be.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum DetailPayload<'a> {
    Scopes {
        #[serde(borrow)]
        required: Vec<Text<'a>>,
    },
    Other(serde::de::IgnoredAny),
}

impl<'a> ErrorPayload<'a> {
    /// The reason, if `body` has one.
    pub(crate) fn read(body: &'a [u8]) -> Option<Self> {
        serde_json::from_slice(body).ok()
    }

    /// The token was given without a scope that this needs.
    pub(crate) fn lacks_scope(&self) -> bool {
        let told = matches!(&self.error.detail, Some(DetailPayload::Scopes { required }) if !required.is_empty());
        told || self.error.message.as_ref().is_some_and(|it| it.contains("privilege scopes"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_scope_is_told_apart_from_a_missing_right() {
        let lacks = |body: &str| ErrorPayload::read(body.as_bytes()).unwrap().lacks_scope();
        assert!(lacks(
            r#"{"type":"error","error":{"message":"x","detail":{"required":["webhook"],"granted":[]}}}"#
        ));
        assert!(lacks(
            r#"{"error":{"message":"Your credentials lack one or more required privilege scopes."}}"#
        ));
        assert!(!lacks(
            r#"{"error":{"message":"Access denied.","detail":"Ask an administrator."}}"#
        ));
        assert!(ErrorPayload::read(b"<html>").is_none());
    }
}
