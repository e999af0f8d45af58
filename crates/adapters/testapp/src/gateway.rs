//! Asking the gateway, as any app does.

use std::time::Instant;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;

use crate::{session::Session, state::TestApp};

/// The longest answer that is read, in bytes: a page of a hundred commits, many
/// times over.
const MOST: usize = 4 << 20;

/// What the gateway said.
pub(crate) struct Said {
    /// The HTTP status; 0 when it could not be reached.
    pub(crate) status: u16,
    /// The body; null when there is none, or it was cut off.
    pub(crate) body: Value,
    /// Until the answer was read, in whole milliseconds.
    pub(crate) milliseconds: u128,
}

impl Said {
    pub(crate) fn is_good(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The text at a place of the body (RFC 6901).
    pub(crate) fn text(&self, place: &str) -> Option<&str> {
        self.body.pointer(place)?.as_str()
    }

    /// The list that a page has.
    pub(crate) fn items(&self) -> &[Value] {
        self.body.get("data").and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// What a refusal says, in its own words.
    pub(crate) fn problem(&self) -> String {
        // The token endpoint has the shape of RFC 6749, 5.2.
        let said = self.text("/error/message").or_else(|| self.text("/error_description"));
        let said = said.unwrap_or("it gave no reason");
        format!("The gateway answered {}: {said}", self.status)
    }
}

impl TestApp {
    /// Reads with the token of the session.
    pub(crate) async fn read(&self, token: &str, path: &str) -> Said {
        let began = Instant::now();
        let header = [("authorization", format!("Bearer {token}"))];
        let url = format!("{}{path}", self.base);
        said(began, self.http.get_json(&url, &header, MOST).await)
    }

    /// Posts with the app's own credentials.
    pub(crate) async fn post(&self, session: &Session, path: &str, body: &Value) -> Said {
        let began = Instant::now();
        let both = format!("{}:{}", encoded(&session.client_id), encoded(&session.client_secret));
        let header = [("authorization", format!("Basic {}", STANDARD.encode(both)))];
        let url = format!("{}{path}", self.base);
        said(began, self.http.post_json(&url, &header, body.to_string()).await)
    }
}

/// A form's encoding, as HTTP Basic has it for clients (RFC 6749, 2.3.1).
fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn said(
    began: Instant,
    reached: Result<lodge_provider_kit::Reached, lodge_provider_kit::OutboundError>,
) -> Said {
    let milliseconds = began.elapsed().as_millis();
    match reached {
        Ok(reached) => Said {
            status: reached.status,
            body: serde_json::from_slice(&reached.body).unwrap_or_default(),
            milliseconds,
        },
        Err(error) => {
            tracing::warn!(%error, "the sandbox cannot reach its own gateway");
            Said { status: 0, body: Value::Null, milliseconds }
        }
    }
}
