//! `POST /v1/account/login`

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Data};
use lodge_gateway::people::LogIn;
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

/// Who comes in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogInBody {
    email: String,
    #[schema(value_type = String)]
    password: SecretString,
    /// A code of the authenticator app, or a recovery code, for those who have
    /// one.
    code: Option<String>,
}

/// Opens a session. It ends eight hours after it was last used, and after seven
/// days.
#[utoipa::path(
    post,
    path = "/v1/account/login",
    tag = "People",
    request_body = LogInBody,
    responses(
        (status = 200, description = "The session", body = LoggedInView),
        (status = 401, description = "Address, password or code are wrong, or a code is needed (`send_code`)", body = ErrorBody),
        (status = 429, description = "Too many attempts", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.people.log_in", skip_all)]
pub(crate) async fn handler(
    surface: Data<Surface>,
    request: HttpRequest,
    body: RawBody,
) -> Result<HttpResponse, Problem> {
    browser::admit(&surface, &request)?;
    let LogInBody { email, password, code } = body.json().await?;
    let caller = caller(&surface, &request);
    let opened =
        surface.gateway.log_in(LogIn { email, password, code, caller, former: None }).await;
    let opened = opened.map_err(|error| Problem::log_in(&error))?;
    logged_in(&request, StatusCode::OK, &opened)
}
