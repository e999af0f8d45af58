//! What the browser says of the page that asked (WebAuthn, 5.8.1).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use lodge_services::{Asked, NotTaken};
use serde::Deserialize;
use subtle::ConstantTimeEq as _;

/// The longest that is read, in bytes: browsers write about two hundred.
const LONGEST: usize = 8 * 1_024;

/// Which ceremony it is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ceremony {
    Create,
    Get,
}

impl Ceremony {
    const fn name(self) -> &'static str {
        match self {
            Self::Create => "webauthn.create",
            Self::Get => "webauthn.get",
        }
    }
}

/// Browsers may say more: what is not here is passed over.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    r#type: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
    #[serde(default)]
    top_origin: Option<String>,
}

/// Steps 5 to 11 of 7.1, 8 to 14 of 7.2.
pub(crate) fn check(text: &[u8], ceremony: Ceremony, asked: &Asked<'_>) -> Result<(), NotTaken> {
    if text.len() > LONGEST {
        return Err(NotTaken("the client data are too long"));
    }
    let data: ClientData = serde_json::from_slice(text)
        .map_err(|_unreadable| NotTaken("the client data are no client data"))?;
    if data.r#type != ceremony.name() {
        return Err(NotTaken("the client data are of another ceremony"));
    }
    let challenge = URL_SAFE_NO_PAD
        .decode(&data.challenge)
        .map_err(|_unreadable| NotTaken("the challenge is no base64url"))?;
    if !bool::from(challenge.ct_eq(asked.challenge)) {
        return Err(NotTaken("another challenge was answered"));
    }
    if data.origin != asked.party.origin() {
        return Err(NotTaken("a page of another origin asked"));
    }
    // Our pages are in no frame, whoever's it is.
    if data.cross_origin || data.top_origin.is_some() {
        return Err(NotTaken("a page in a frame of another origin asked"));
    }
    Ok(())
}
