//! One question to a host. Paths and queries are encoded here and nowhere
//! else.

use bytes::Bytes;
use lodge_provider::ProviderError;
use reqwest::{
    Method,
    header::{HeaderName, HeaderValue},
};
use serde::Serialize;
use url::Url;

use crate::Base;

/// What a body that is longer than allowed leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Overflow {
    /// An error.
    Refuse,
    /// An answer whose body is cut.
    Cut,
}

/// One question: method, address, headers, body, and how much may come back.
#[derive(Clone, Debug)]
pub struct Call {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) body: Option<Bytes>,
    pub(crate) most: Option<usize>,
    pub(crate) overflow: Overflow,
    pub(crate) missing: Option<&'static str>,
    /// A segment that could change the meaning of the path.
    pub(crate) wrong: bool,
}

impl Call {
    /// Reads what is at the path made of `segments`, each encoded, so that a
    /// slash or an escape in a name stays inside its segment.
    pub fn get<'a>(base: &Base, segments: impl IntoIterator<Item = &'a str>) -> Self {
        Self::new(Method::GET, base, segments)
    }

    /// Sends `body` as JSON.
    ///
    /// # Errors
    ///
    /// When `body` cannot be written as JSON.
    pub fn post_json<'a>(
        base: &Base,
        segments: impl IntoIterator<Item = &'a str>,
        body: &impl Serialize,
    ) -> Result<Self, ProviderError> {
        let mut call = Self::new(Method::POST, base, segments);
        let body = serde_json::to_vec(body)
            .map_err(|error| ProviderError::Invalid { problem: error.to_string() })?;
        call.body = Some(body.into());
        let json = HeaderValue::from_static("application/json");
        call.headers.push((reqwest::header::CONTENT_TYPE, json));
        Ok(call)
    }

    /// Removes what is at the path.
    pub fn delete<'a>(base: &Base, segments: impl IntoIterator<Item = &'a str>) -> Self {
        Self::new(Method::DELETE, base, segments)
    }

    fn new<'a>(method: Method, base: &Base, segments: impl IntoIterator<Item = &'a str>) -> Self {
        let call = Self {
            method,
            url: base.url().clone(),
            headers: Vec::new(),
            body: None,
            most: None,
            overflow: Overflow::Refuse,
            missing: None,
            wrong: false,
        };
        call.then(segments)
    }

    /// Further segments of the path. An empty last one gives a slash at the
    /// end.
    #[must_use]
    pub fn then<'a>(mut self, segments: impl IntoIterator<Item = &'a str>) -> Self {
        let mut wrong = false;
        if let Ok(mut path) = self.url.path_segments_mut() {
            for segment in segments {
                // A URL drops these two and with them the segment before.
                wrong |= matches!(segment, "." | "..");
                path.push(segment);
            }
        }
        self.wrong |= wrong;
        self
    }

    /// One pair of the query.
    #[must_use]
    pub fn query(mut self, name: &str, value: impl AsRef<str>) -> Self {
        self.url.query_pairs_mut().append_pair(name, value.as_ref());
        self
    }

    /// One pair of the query, if there is a value.
    #[must_use]
    pub fn query_if(self, name: &str, value: Option<impl AsRef<str>>) -> Self {
        match value {
            Some(value) => self.query(name, value),
            None => self,
        }
    }

    /// One header beside those that the dialect sets, or in the place of one.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((HeaderName::from_static(name), HeaderValue::from_static(value)));
        self
    }

    /// At most `bytes` of body: a longer one is an error.
    #[must_use]
    pub fn at_most(mut self, bytes: usize) -> Self {
        self.most = Some(bytes);
        self
    }

    /// At most `bytes` of body: a longer one is cut, and the answer says so.
    #[must_use]
    pub fn cut_at(mut self, bytes: usize) -> Self {
        self.most = Some(bytes);
        self.overflow = Overflow::Cut;
        self
    }

    /// What a 404 means: the `what` is not there. Without it, the repository
    /// is not.
    #[must_use]
    pub fn missing(mut self, what: &'static str) -> Self {
        self.missing = Some(what);
        self
    }
}

/// The method in counters, where few words may stand.
pub(crate) fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(segments: &[&str]) -> Call {
        let base = Base::parse("https://git.example.com/api/v4").unwrap();
        Call::get(&base, segments.iter().copied())
    }

    #[test]
    fn names_stay_inside_their_segment() {
        let call = url(&["projects", "group/project", "ä b?c#d%2f"]).query("ref", "a&b=c/ü");
        assert_eq!(
            call.url.as_str(),
            "https://git.example.com/api/v4/projects/group%2Fproject/%C3%A4%20b%3Fc%23d%252f?ref=a%26b%3Dc%2F%C3%BC"
        );
        assert!(!call.wrong);
    }

    #[test]
    fn dots_that_would_climb_are_noticed() {
        assert!(url(&["repos", "..", "x"]).wrong);
        assert!(url(&["repos", "."]).wrong);
    }

    #[test]
    fn an_empty_last_segment_is_a_slash_at_the_end() {
        assert_eq!(url(&["src", "main", ""]).url.path(), "/api/v4/src/main/");
    }
}
