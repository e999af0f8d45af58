//! What GitLab says when it says no: `message` is a text, a list, or an object
//! of lists; OAuth's errors are in `error`.
//!
//! Source: <https://docs.gitlab.com/api/rest/troubleshooting/>, API v4.

use lodge_provider_kit::Text;
use serde::{Deserialize, de::IgnoredAny};

#[derive(Debug, Default, Deserialize)]
pub(crate) struct ErrorPayload<'a> {
    #[serde(borrow)]
    message: Option<Said<'a>>,
    #[serde(borrow)]
    error: Option<Said<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Said<'a> {
    #[serde(borrow)]
    Text(Text<'a>),
    More(IgnoredAny),
}

impl Said<'_> {
    fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::More(_) => None,
        }
    }
}

impl ErrorPayload<'_> {
    /// The message, if it is one text: `404 Project Not Found`.
    pub(crate) fn message(&self) -> Option<&str> {
        self.message.as_ref()?.text()
    }

    /// OAuth's word: `insufficient_scope`, `invalid_token` …
    pub(crate) fn error(&self) -> Option<&str> {
        self.error.as_ref()?.text()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_a_text_a_list_or_an_object() {
        for (body, message, error) in [
            (r#"{"message":"404 Project Not Found"}"#, Some("404 Project Not Found"), None),
            (r#"{"message":["is too long"]}"#, None, None),
            (r#"{"message":{"url":["is blocked"]}}"#, None, None),
            (r#"{"error":"insufficient_scope","scope":"api"}"#, None, Some("insufficient_scope")),
            (r#"{"message":null}"#, None, None),
        ] {
            let payload: ErrorPayload<'_> = serde_json::from_str(body).unwrap();
            assert_eq!((payload.message(), payload.error()), (message, error), "{body}");
        }
    }
}
