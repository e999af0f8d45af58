//! `POST /v1/account/authenticator`, `…/confirm`, `…/remove`, `…/recovery-codes`

use actix_web::{HttpResponse, http::StatusCode};
use lodge_kernel::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::view::{caller, private};
use crate::{
    body::RawBody,
    caller::{Developer, SignedIn, arrival},
    problem::{ErrorBody, Problem},
};

/// The password, once more.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProofBody {
    /// Whoever has none leaves it out.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    pub(super) password: SecretString,
}

/// The first code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CodeBody {
    /// Six digits.
    code: String,
}

/// What an authenticator app is told.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EnrolmentView {
    /// The key in base32. Shown once.
    key: String,
    /// The same as an address, to be shown as a QR code.
    uri: String,
    request_id: String,
}

/// Recovery codes.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RecoveryCodesView {
    /// Each is good for one login. Shown once.
    recovery_codes: Vec<String>,
    request_id: String,
}

/// Makes a key for an authenticator app (RFC 6238: SHA-1, six digits, 30
/// seconds). Logins ask for its codes when the first one was confirmed.
#[utoipa::path(
    post,
    path = "/v1/account/authenticator",
    tag = "People",
    security(("user_session" = [])),
    request_body = ProofBody,
    responses(
        (status = 200, description = "The key", body = EnrolmentView),
        (status = 400, description = "There is an app already", body = ErrorBody),
        (status = 401, description = "No session, or the password is wrong", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.people.enrol_authenticator", skip_all)]
pub(crate) async fn enrol(developer: Developer, body: RawBody) -> Result<HttpResponse, Problem> {
    let body: ProofBody = body.json().await?;
    let caller = caller(&developer.surface, &developer.request);
    let (gateway, visitor) = (&developer.surface.gateway, &developer.visitor);
    let enrolled = gateway.enrol_authenticator(visitor, &body.password, &caller).await;
    let enrolled = enrolled.map_err(|error| Problem::authenticator(&error))?;
    Ok(private(StatusCode::OK).json(EnrolmentView {
        key: enrolled.key.expose_secret().to_owned(),
        uri: enrolled.uri.expose_secret().to_owned(),
        request_id: arrival(&developer.request)?.id.to_string(),
    }))
}

/// The app shows the right codes: from now on logins ask for one.
#[utoipa::path(
    post,
    path = "/v1/account/authenticator/confirm",
    tag = "People",
    security(("user_session" = [])),
    request_body = CodeBody,
    responses(
        (status = 200, description = "Ten recovery codes", body = RecoveryCodesView),
        (status = 400, description = "There is no app that waits for a code", body = ErrorBody),
        (status = 401, description = "No session, or the code is wrong", body = ErrorBody),
        (status = 429, description = "Too many attempts", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.people.confirm_authenticator", skip_all)]
pub(crate) async fn confirm(signed_in: SignedIn, body: RawBody) -> Result<HttpResponse, Problem> {
    let body: CodeBody = body.json().await?;
    let caller = caller(&signed_in.surface, &signed_in.request);
    let (gateway, person) = (&signed_in.surface.gateway, &signed_in.person);
    let codes = gateway.confirm_authenticator(person, &body.code, &caller).await;
    shown(&signed_in, &codes.map_err(|error| Problem::authenticator(&error))?)
}

/// Makes new recovery codes; the old ones end.
#[utoipa::path(
    post,
    path = "/v1/account/authenticator/recovery-codes",
    tag = "People",
    security(("user_session" = [])),
    request_body = ProofBody,
    responses(
        (status = 200, description = "Ten recovery codes", body = RecoveryCodesView),
        (status = 400, description = "There is no app", body = ErrorBody),
        (status = 401, description = "No session, or the password is wrong", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.people.renew_recovery_codes", skip_all)]
pub(crate) async fn renew(signed_in: SignedIn, body: RawBody) -> Result<HttpResponse, Problem> {
    let body: ProofBody = body.json().await?;
    let caller = caller(&signed_in.surface, &signed_in.request);
    let (gateway, person) = (&signed_in.surface.gateway, &signed_in.person);
    let codes = gateway.renew_recovery_codes(person, &body.password, &caller).await;
    shown(&signed_in, &codes.map_err(|error| Problem::authenticator(&error))?)
}

/// Forgets app and recovery codes: logins ask for the password only.
#[utoipa::path(
    post,
    path = "/v1/account/authenticator/remove",
    tag = "People",
    security(("user_session" = [])),
    request_body = ProofBody,
    responses(
        (status = 204, description = "They are gone"),
        (status = 401, description = "No session, or the password is wrong", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.people.remove_authenticator", skip_all)]
pub(crate) async fn remove(signed_in: SignedIn, body: RawBody) -> Result<HttpResponse, Problem> {
    let body: ProofBody = body.json().await?;
    let caller = caller(&signed_in.surface, &signed_in.request);
    let (gateway, person) = (&signed_in.surface.gateway, &signed_in.person);
    let removed = gateway.remove_authenticator(person, &body.password, &caller).await;
    removed.map_err(|error| Problem::authenticator(&error))?;
    Ok(HttpResponse::NoContent().finish())
}

fn shown(signed_in: &SignedIn, codes: &[SecretString]) -> Result<HttpResponse, Problem> {
    Ok(private(StatusCode::OK).json(RecoveryCodesView {
        recovery_codes: codes.iter().map(|it| it.expose_secret().to_owned()).collect(),
        request_id: arrival(&signed_in.request)?.id.to_string(),
    }))
}
