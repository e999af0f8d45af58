//! An answer of a simulated host.

use bytes::Bytes;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::Ask;

/// An answer of a simulated host.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Bytes,
}

impl Reply {
    /// An answer in JSON.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::text(status, "application/json; charset=utf-8", body.to_string())
    }

    /// An answer of another kind.
    pub fn text(status: u16, content_type: &str, body: impl Into<Bytes>) -> Self {
        let headers = vec![("content-type".to_owned(), content_type.to_owned())];
        Self { status, headers, body: body.into() }
    }

    /// No body.
    pub fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Bytes::new() }
    }

    /// A redirect to `location`.
    pub fn redirect(status: u16, location: impl Into<String>) -> Self {
        Self::empty(status).with("location", location)
    }

    /// The same with one more header.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// The same with an `ETag` over its body; a 304 without a body for who
    /// has that body already.
    #[must_use]
    pub fn confirmable(self, ask: &Ask) -> Self {
        if self.status != 200 {
            return self;
        }
        let digest = Sha256::digest(&self.body);
        let tag =
            format!("W/\"{}\"", lodge_kernel::hex::encode(digest.get(..16).unwrap_or_default()));
        if ask.header("if-none-match") == Some(&tag) {
            return Self { status: 304, body: Bytes::new(), ..self.with("etag", tag) };
        }
        self.with("etag", tag)
    }
}
