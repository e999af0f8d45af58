//! What came back.

use actix_web::http::header::HeaderMap;
use serde_json::Value;

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    /// The body; `Null` when it is not JSON.
    pub(crate) json: Value,
}

impl Answer {
    /// The header of that name; empty when there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or_default()
    }

    /// The canonical code; empty for anything but a canonical error.
    pub(crate) fn code(&self) -> &str {
        self.json["error"]["code"].as_str().unwrap_or_default()
    }

    /// Status and canonical code, as tests compare them.
    pub(crate) fn verdict(&self) -> (u16, &str) {
        (self.status, self.code())
    }

    /// A text in the body.
    pub(crate) fn field(&self, name: &str) -> &str {
        self.json[name].as_str().unwrap_or_default()
    }

    /// The cursor of the next page.
    pub(crate) fn next_cursor(&self) -> &str {
        self.json["page_info"]["next_cursor"].as_str().unwrap_or_default()
    }

    /// The body without what differs from request to request.
    pub(crate) fn without_request_id(&self) -> Value {
        let mut json = self.json.clone();
        for pointer in ["/request_id", "/error/request_id"] {
            if let Some(id) = json.pointer_mut(pointer) {
                *id = Value::Null;
            }
        }
        json
    }
}
