//! `Basic Error`, the body of most refusals.
//!
//! Source: <https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api>,
//! API version 2022-11-28.

use lodge_provider_kit::Text;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(crate) struct ErrorPayload<'a> {
    #[serde(borrow)]
    message: Option<Text<'a>>,
}

impl ErrorPayload<'_> {
    /// What a refusal says, in lower case; nothing where it is no `Basic
    /// Error`.
    pub(crate) fn message_of(body: &[u8]) -> String {
        let payload = serde_json::from_slice::<ErrorPayload<'_>>(body).ok();
        payload.and_then(|it| it.message).map(|it| it.to_ascii_lowercase()).unwrap_or_default()
    }
}
