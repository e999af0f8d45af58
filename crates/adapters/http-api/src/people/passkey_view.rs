//! Passkeys, and what browsers are asked, as answers show them.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use lodge_access::{CredentialId, Passkey, User, passkey::CHALLENGE_LIFETIME};
use lodge_gateway::people::AddingPasskey;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{problem::Problem, views::Time};

/// A passkey.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PasskeyView {
    id: String,
    name: String,
    /// `one_device`, `possible` or `done`: whether it is copied to the person's
    /// other devices.
    backup: &'static str,
    transports: Vec<&'static str>,
    created_at: Time,
    /// When somebody last logged in with it.
    last_used_at: Option<Time>,
}

impl From<&Passkey> for PasskeyView {
    fn from(it: &Passkey) -> Self {
        Self {
            id: it.id.to_string(),
            name: it.name.clone(),
            backup: it.backup.name(),
            transports: it.transports.iter().map(|it| it.name()).collect(),
            created_at: it.created_at.into(),
            last_used_at: it.used_at.map(Into::into),
        }
    }
}

/// A person's passkeys.
#[derive(Serialize, ToSchema)]
pub(crate) struct PasskeysView {
    pub(super) data: Vec<PasskeyView>,
    pub(super) request_id: String,
}

/// A passkey that was added.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AddedPasskeyView {
    pub(super) passkey: PasskeyView,
    /// For whoever had none: each is good for one login. Shown once.
    pub(super) recovery_codes: Vec<String>,
    pub(super) request_id: String,
}

/// A passkey that was removed.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RemovedPasskeyView {
    /// Nothing but the password is asked for any more: it was the last second
    /// proof, and the recovery codes have ended.
    pub(super) last_second_factor: bool,
    pub(super) request_id: String,
}

/// One credential of a list.
#[derive(Serialize, ToSchema)]
pub(crate) struct DescriptorView {
    r#type: &'static str,
    id: String,
    transports: Vec<&'static str>,
}

impl From<&Passkey> for DescriptorView {
    fn from(it: &Passkey) -> Self {
        Self {
            r#type: "public-key",
            id: encoded(it.credential.as_bytes()),
            transports: it.transports.iter().map(|it| it.name()).collect(),
        }
    }
}

#[derive(Serialize, ToSchema)]
struct PartyView {
    id: String,
    name: &'static str,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct OwnerView {
    /// 16 bytes, as base64url.
    id: String,
    name: String,
    display_name: String,
}

#[derive(Serialize, ToSchema)]
struct AlgorithmView {
    r#type: &'static str,
    alg: i32,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SelectionView {
    resident_key: &'static str,
    user_verification: &'static str,
}

/// `PublicKeyCredentialCreationOptionsJSON` of WebAuthn Level 3, 5.1.9.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreationView {
    rp: PartyView,
    user: OwnerView,
    challenge: String,
    pub_key_cred_params: Vec<AlgorithmView>,
    /// Milliseconds.
    timeout: u64,
    exclude_credentials: Vec<DescriptorView>,
    authenticator_selection: SelectionView,
    attestation: &'static str,
}

impl CreationView {
    pub(super) fn new(asked: &AddingPasskey, user: &User) -> Self {
        let party = &asked.question.party;
        Self {
            rp: PartyView { id: party.id().to_owned(), name: "Gitlodge" },
            user: OwnerView {
                id: encoded(user.id.as_uuid().as_bytes()),
                name: user.email.clone(),
                display_name: user.name.clone().unwrap_or_else(|| user.email.clone()),
            },
            challenge: encoded(&asked.question.challenge),
            // ES256, Ed25519 and RS256 (RFC 9053, 2; RFC 8812, 2).
            pub_key_cred_params: [-7, -8, -257]
                .map(|alg| AlgorithmView { r#type: "public-key", alg })
                .into(),
            timeout: timeout(),
            exclude_credentials: asked.known.iter().map(DescriptorView::from).collect(),
            authenticator_selection: SelectionView {
                resident_key: "preferred",
                user_verification: "preferred",
            },
            attestation: "none",
        }
    }
}

/// What a browser is asked for a new passkey.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreationOptionsView {
    /// To be sent back with the answer: good for five minutes, and once.
    pub(super) ticket: String,
    pub(super) public_key: CreationView,
    pub(super) request_id: String,
}

/// How long a browser may wait, in milliseconds.
pub(super) fn timeout() -> u64 {
    CHALLENGE_LIFETIME.as_secs() * 1_000
}

pub(super) fn encoded(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(super) fn decoded(field: &str, text: &str) -> Result<Vec<u8>, Problem> {
    URL_SAFE_NO_PAD
        .decode(text)
        .map_err(|_unreadable| Problem::invalid(format!("`{field}` is base64url without padding")))
}

/// What a device calls a passkey.
pub(super) fn credential(text: &str) -> Result<CredentialId, Problem> {
    CredentialId::new(decoded("id", text)?)
        .ok_or_else(|| Problem::invalid("`id` has 1 to 1023 bytes"))
}
