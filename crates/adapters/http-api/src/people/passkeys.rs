//! `/v1/account/passkeys` and what is below it: a person's own passkeys.

use actix_web::{HttpResponse, http::StatusCode};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use lodge_access::{CredentialId, Passkey, Transport, passkey::CHALLENGE_LIFETIME};
use lodge_gateway::people::{AddPasskey, AddingPasskey};
use lodge_kernel::{ExposeSecret as _, SecretString};
use lodge_services::NewPasskey;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    authenticator::ProofBody,
    view::{caller, id_of, private},
};
use crate::{
    body::RawBody,
    caller::{SignedIn, arrival},
    problem::{ErrorBody, Problem},
    views::Time,
};

const MISSING: &str = "you have no such passkey";

/// A new passkey.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct AddBody {
    /// What came with the options.
    ticket: String,
    /// What the person calls it: 1 to 60 characters.
    name: String,
    /// `response.clientDataJSON`, as base64url.
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    /// `response.attestationObject`, as base64url.
    attestation_object: String,
    /// What `response.getTransports()` gives.
    #[serde(default)]
    transports: Vec<String>,
}

/// Another name.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NameBody {
    /// 1 to 60 characters.
    name: String,
}

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
    data: Vec<PasskeyView>,
    request_id: String,
}

/// A passkey that was added.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AddedPasskeyView {
    passkey: PasskeyView,
    /// For whoever had none: each is good for one login. Shown once.
    recovery_codes: Vec<String>,
    request_id: String,
}

/// A passkey that was removed.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RemovedPasskeyView {
    /// Nothing but the password is asked for any more: it was the last second
    /// proof, and the recovery codes have ended.
    last_second_factor: bool,
    request_id: String,
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

/// What a browser is asked for a new passkey.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreationOptionsView {
    /// To be sent back with the answer: good for five minutes, and once.
    ticket: String,
    public_key: CreationView,
    request_id: String,
}

/// The person's passkeys, oldest first, at most 20.
#[utoipa::path(
    get,
    path = "/v1/account/passkeys",
    tag = "People",
    security(("user_session" = [])),
    responses(
        (status = 200, description = "The passkeys", body = PasskeysView),
        (status = 401, description = "No session, or one that has ended", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.people.list_passkeys", skip_all)]
pub(crate) async fn list(who: SignedIn) -> Result<HttpResponse, Problem> {
    let all = who.surface.gateway.passkeys(&who.person).await;
    let all = all.map_err(|error| Problem::storage(&error))?;
    Ok(private(StatusCode::OK).json(PasskeysView {
        data: all.iter().map(PasskeyView::from).collect(),
        request_id: arrival(&who.request)?.id.to_string(),
    }))
}

/// Asks for a new passkey. Give `publicKey` to
/// `PublicKeyCredential.parseCreationOptionsFromJSON`, and the result to
/// `navigator.credentials.create`, on a page of this gateway.
#[utoipa::path(
    post,
    path = "/v1/account/passkeys/options",
    tag = "People",
    security(("user_session" = [])),
    request_body = ProofBody,
    responses(
        (status = 200, description = "What the browser is asked", body = CreationOptionsView),
        (status = 400, description = "There are no passkeys under this address, or too many", body = ErrorBody),
        (status = 401, description = "No session, or the password is wrong", body = ErrorBody),
        (status = 429, description = "Too many attempts", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.people.begin_passkey", skip_all)]
pub(crate) async fn options(who: SignedIn, body: RawBody) -> Result<HttpResponse, Problem> {
    let body: ProofBody = body.json().await?;
    let caller = caller(&who.surface, &who.request);
    let (gateway, person) = (&who.surface.gateway, &who.person);
    let asked = gateway.begin_passkey(person, &body.password, &caller).await;
    let AddingPasskey { question, known } = asked.map_err(|error| Problem::passkey(&error))?;
    let user = &person.user;
    Ok(private(StatusCode::OK).json(CreationOptionsView {
        ticket: question.ticket,
        public_key: CreationView {
            rp: PartyView { id: question.party.id().to_owned(), name: "Gitlodge" },
            user: OwnerView {
                id: encoded(user.id.as_uuid().as_bytes()),
                name: user.email.clone(),
                display_name: user.name.clone().unwrap_or_else(|| user.email.clone()),
            },
            challenge: encoded(&question.challenge),
            // ES256, Ed25519 and RS256 (RFC 9053, 2; RFC 8812, 2).
            pub_key_cred_params: [-7, -8, -257]
                .map(|alg| AlgorithmView { r#type: "public-key", alg })
                .into(),
            timeout: timeout(),
            exclude_credentials: known.iter().map(DescriptorView::from).collect(),
            authenticator_selection: SelectionView {
                resident_key: "preferred",
                user_verification: "preferred",
            },
            attestation: "none",
        },
        request_id: arrival(&who.request)?.id.to_string(),
    }))
}

/// Adds the passkey that a device made. From now on a login with the password
/// asks for a second proof.
#[utoipa::path(
    post,
    path = "/v1/account/passkeys",
    tag = "People",
    security(("user_session" = [])),
    request_body = AddBody,
    responses(
        (status = 201, description = "The passkey", body = AddedPasskeyView),
        (status = 400, description = "It was not taken, or took too long", body = ErrorBody),
        (status = 401, description = "No session, or one that has ended", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.people.add_passkey", skip_all)]
pub(crate) async fn add(who: SignedIn, body: RawBody) -> Result<HttpResponse, Problem> {
    let body: AddBody = body.json().await?;
    let ask = AddPasskey {
        ticket: body.ticket,
        name: body.name,
        answer: NewPasskey {
            client_data: decoded("clientDataJSON", &body.client_data)?,
            attestation: decoded("attestationObject", &body.attestation_object)?,
        },
        transports: Transport::known(body.transports.iter().map(String::as_str)),
    };
    let added = who.surface.gateway.add_passkey(&who.person, &ask).await;
    let added = added.map_err(|error| Problem::passkey(&error))?;
    let codes = added.recovery_codes.iter().map(|it: &SecretString| it.expose_secret().to_owned());
    Ok(private(StatusCode::CREATED).json(AddedPasskeyView {
        passkey: (&added.passkey).into(),
        recovery_codes: codes.collect(),
        request_id: arrival(&who.request)?.id.to_string(),
    }))
}

/// Gives a passkey another name.
#[utoipa::path(
    patch,
    path = "/v1/account/passkeys/{passkeyId}",
    tag = "People",
    security(("user_session" = [])),
    params(("passkeyId" = String, Path, description = "The passkey")),
    request_body = NameBody,
    responses(
        (status = 204, description = "It has the name"),
        (status = 400, description = "No name", body = ErrorBody),
        (status = 401, description = "No session, or one that has ended", body = ErrorBody),
        (status = 404, description = "The person has no such passkey", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.people.rename_passkey", skip_all)]
pub(crate) async fn rename(who: SignedIn, body: RawBody) -> Result<HttpResponse, Problem> {
    let id = id_of(&who.request, "passkeyId", MISSING)?;
    let body: NameBody = body.json().await?;
    let renamed = who.surface.gateway.rename_passkey(&who.person, id, &body.name).await;
    renamed.map_err(|error| Problem::passkey(&error))?;
    Ok(HttpResponse::NoContent().finish())
}

/// Removes a passkey. With the last second proof, the recovery codes end.
#[utoipa::path(
    post,
    path = "/v1/account/passkeys/{passkeyId}/remove",
    tag = "People",
    security(("user_session" = [])),
    params(("passkeyId" = String, Path, description = "The passkey")),
    request_body = ProofBody,
    responses(
        (status = 200, description = "It is gone", body = RemovedPasskeyView),
        (status = 401, description = "No session, or the password is wrong", body = ErrorBody),
        (status = 404, description = "The person has no such passkey", body = ErrorBody),
        (status = 429, description = "Too many attempts", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.people.remove_passkey", skip_all)]
pub(crate) async fn remove(who: SignedIn, body: RawBody) -> Result<HttpResponse, Problem> {
    let id = id_of(&who.request, "passkeyId", MISSING)?;
    let body: ProofBody = body.json().await?;
    let caller = caller(&who.surface, &who.request);
    let (gateway, person) = (&who.surface.gateway, &who.person);
    let removed = gateway.remove_passkey(person, id, &body.password, &caller).await;
    let removed = removed.map_err(|error| Problem::passkey(&error))?;
    Ok(private(StatusCode::OK).json(RemovedPasskeyView {
        last_second_factor: removed.was_last,
        request_id: arrival(&who.request)?.id.to_string(),
    }))
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
