//! `POST /v1/account/signup`

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Data};
use lodge_gateway::people::SignUp;
use lodge_kernel::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::{LoggedInView, caller, logged_in};
use crate::{
    Surface,
    body::RawBody,
    connections::browser,
    problem::{ErrorBody, Problem},
};

/// Somebody who opens an account.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SignUpBody {
    /// The address: it is who the person is.
    email: String,
    /// 10 characters to 1,024 bytes.
    #[schema(value_type = String)]
    password: SecretString,
    /// The person's name.
    #[serde(default)]
    name: String,
    /// The name of the organisation that the person will own.
    organisation: String,
}

/// Opens an account with an organisation, where the operator lets strangers in.
#[utoipa::path(
    post,
    path = "/v1/account/signup",
    tag = "People",
    request_body = SignUpBody,
    responses(
        (status = 201, description = "The account, and a session", body = LoggedInView),
        (status = 400, description = "The body cannot be used, or the address is taken", body = ErrorBody),
        (status = 403, description = "Strangers cannot open accounts here", body = ErrorBody),
        (status = 429, description = "Too many attempts", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.people.sign_up", skip_all)]
pub(crate) async fn handler(
    surface: Data<Surface>,
    request: HttpRequest,
    body: RawBody,
) -> Result<HttpResponse, Problem> {
    browser::admit(&surface, &request)?;
    let SignUpBody { email, password, name, organisation } = body.json().await?;
    let caller = caller(&surface, &request);
    let ask = SignUp { email, name, organisation, password, caller };
    let opened = surface.gateway.sign_up(ask).await;
    let opened = opened.map_err(|error| Problem::sign_up(&error))?;
    logged_in(&request, StatusCode::CREATED, &opened)
}
