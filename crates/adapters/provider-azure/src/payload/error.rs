//! `{"$id", "innerException", "message", "typeName", "typeKey", "errorCode",
//! "eventId"}`: what an answer says that is not a success. It may stand behind
//! a byte order mark, and may not be there at all.

use serde::Deserialize;

use super::{Text, without_mark};

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ErrorPayload<'a> {
    #[serde(borrow)]
    message: Option<Text<'a>>,
    #[serde(borrow)]
    type_key: Option<Text<'a>>,
}

impl<'a> ErrorPayload<'a> {
    /// What `body` says; nothing where it is something else.
    pub(crate) fn read(body: &'a [u8]) -> Self {
        serde_json::from_slice(without_mark(body)).unwrap_or_default()
    }

    pub(crate) fn message(&self) -> &str {
        self.message.as_deref().unwrap_or_default()
    }

    /// The exception's name.
    pub(crate) fn kind(&self) -> &str {
        self.type_key.as_deref().unwrap_or_default()
    }
}
