//! `POST /v1/account/password`

use actix_web::HttpResponse;
use lodge_kernel::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::caller;
use crate::{
    body::RawBody,
    caller::SignedIn,
    problem::{ErrorBody, Problem},
};

/// A new password.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct PasswordBody {
    /// The password so far. Whoever has none leaves it out.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    current_password: SecretString,
    /// 10 characters to 1,024 bytes.
    #[schema(value_type = String)]
    new_password: SecretString,
}

/// Changes the person's password. All other sessions end.
#[utoipa::path(
    post,
    path = "/v1/account/password",
    tag = "People",
    security(("user_session" = [])),
    request_body = PasswordBody,
    responses(
        (status = 204, description = "It is changed"),
        (status = 400, description = "The new password cannot be taken", body = ErrorBody),
        (status = 401, description = "No session, or the password so far is wrong", body = ErrorBody),
        (status = 429, description = "Too many attempts", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.people.change_password", skip_all)]
pub(crate) async fn handler(signed_in: SignedIn, body: RawBody) -> Result<HttpResponse, Problem> {
    let body: PasswordBody = body.json().await?;
    let (gateway, person) = (&signed_in.surface.gateway, &signed_in.person);
    let caller = caller(&signed_in.surface, &signed_in.request);
    let (old, new) = (&body.current_password, body.new_password);
    let changed = gateway.change_password(person, old, new, &caller).await;
    changed.map_err(|error| Problem::password_change(&error))?;
    Ok(HttpResponse::NoContent().finish())
}
