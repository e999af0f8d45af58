//! `/v1/account/passkeys` and what is below it: a person's own passkeys.

use actix_web::{HttpResponse, http::StatusCode};
use lodge_access::Transport;
use lodge_gateway::people::AddPasskey;
use lodge_kernel::{ExposeSecret as _, SecretString};
use lodge_services::NewPasskey;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    authenticator::ProofBody,
    passkey_view::{
        AddedPasskeyView, CreationOptionsView, CreationView, PasskeyView, PasskeysView,
        RemovedPasskeyView, decoded,
    },
    view::{caller, id_of, private},
};
use crate::{
    body::RawBody,
    caller::{SignedIn, arrival},
    problem::{ErrorBody, Problem},
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
    let asked = asked.map_err(|error| Problem::passkey(&error))?;
    Ok(private(StatusCode::OK).json(CreationOptionsView {
        public_key: CreationView::new(&asked, &person.user),
        ticket: asked.question.ticket,
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
