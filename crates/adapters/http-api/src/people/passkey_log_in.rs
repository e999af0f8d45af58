//! `POST /v1/account/login/passkey` and `…/options`

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Data};
use lodge_gateway::people::PasskeyLogIn;
use lodge_services::Assertion;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    passkey_view::{credential, decoded, encoded, timeout},
    view::{LoggedInView, caller, logged_in, private},
};
use crate::{
    Surface,
    body::RawBody,
    caller::arrival,
    connections::browser,
    problem::{ErrorBody, Problem},
};

/// What a device answered.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct AnswerBody {
    /// What came with the options.
    ticket: String,
    /// `rawId`, as base64url.
    id: String,
    /// `response.clientDataJSON`, as base64url.
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    /// `response.authenticatorData`, as base64url.
    authenticator_data: String,
    /// `response.signature`, as base64url.
    signature: String,
    /// `response.userHandle`, as base64url.
    user_handle: Option<String>,
}

/// `PublicKeyCredentialRequestOptionsJSON` of WebAuthn Level 3, 5.1.10.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RequestView {
    challenge: String,
    /// Milliseconds.
    timeout: u64,
    rp_id: String,
    user_verification: &'static str,
}

/// What a browser is asked for a login.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RequestOptionsView {
    /// To be sent back with the answer: good for five minutes, and once.
    ticket: String,
    public_key: RequestView,
    request_id: String,
}

/// Asks for any passkey that a device has for this gateway. Give `publicKey` to
/// `PublicKeyCredential.parseRequestOptionsFromJSON`, and the result to
/// `navigator.credentials.get`, on a page of this gateway.
#[utoipa::path(
    post,
    path = "/v1/account/login/passkey/options",
    tag = "People",
    responses(
        (status = 200, description = "What the browser is asked", body = RequestOptionsView),
        (status = 400, description = "There are no passkeys under this address", body = ErrorBody),
        (status = 429, description = "Too many attempts", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.people.begin_passkey_log_in", skip_all)]
pub(crate) async fn options(
    surface: Data<Surface>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    browser::admit(&surface, &request)?;
    let question = surface.gateway.begin_passkey_log_in();
    let question = question.map_err(|error| Problem::invalid(error.to_string()))?;
    Ok(private(StatusCode::OK).json(RequestOptionsView {
        ticket: question.ticket,
        public_key: RequestView {
            challenge: encoded(&question.challenge),
            timeout: timeout(),
            rp_id: question.party.id().to_owned(),
            user_verification: "required",
        },
        request_id: arrival(&request)?.id.to_string(),
    }))
}

/// Opens a session for whom a device has verified. No password is asked for, and
/// no code.
#[utoipa::path(
    post,
    path = "/v1/account/login/passkey",
    tag = "People",
    request_body = AnswerBody,
    responses(
        (status = 200, description = "The session", body = LoggedInView),
        (status = 400, description = "The body is not as it should be", body = ErrorBody),
        (status = 401, description = "The passkey was not taken, or the question has ended", body = ErrorBody),
        (status = 429, description = "Too many attempts", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.people.log_in_with_passkey", skip_all)]
pub(crate) async fn handler(
    surface: Data<Surface>,
    request: HttpRequest,
    body: RawBody,
) -> Result<HttpResponse, Problem> {
    browser::admit(&surface, &request)?;
    let body: AnswerBody = body.json().await?;
    let handle = body.user_handle.filter(|it| !it.is_empty());
    let ask = PasskeyLogIn {
        ticket: body.ticket,
        credential: credential(&body.id)?,
        answer: Assertion {
            client_data: decoded("clientDataJSON", &body.client_data)?,
            authenticator_data: decoded("authenticatorData", &body.authenticator_data)?,
            signature: decoded("signature", &body.signature)?,
        },
        user_handle: handle.map(|it| decoded("userHandle", &it)).transpose()?,
        caller: caller(&surface, &request),
        former: None,
    };
    let opened = surface.gateway.log_in_with_passkey(ask).await;
    let opened = opened.map_err(|error| Problem::log_in(&error))?;
    logged_in(&request, StatusCode::OK, &opened)
}
