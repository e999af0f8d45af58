//! `POST /oauth/revoke` (RFC 7009)

use actix_web::{HttpResponse, web::Data};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    Surface,
    body::{OAuthBody, RawBody},
    oauth::answer::{self, Said},
    problem::ErrorBody,
};

/// The token that is meant.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct TokenReference {
    /// An access or refresh token.
    pub(crate) token: Option<String>,
    /// The app, unless by HTTP Basic.
    pub(crate) client_id: Option<String>,
    /// Its secret, unless by HTTP Basic.
    pub(crate) client_secret: Option<String>,
}

/// Takes a token back, with everything that goes back to the same code.
#[utoipa::path(
    post,
    path = "/oauth/revoke",
    tag = "OAuth",
    security(("client_basic" = []), ()),
    request_body(content((TokenReference = "application/json"), (TokenReference = "application/x-www-form-urlencoded"))),
    responses(
        (status = 200, description = "The token is no longer good; said of unknown ones, too"),
        (status = 400, description = "The request cannot be used", body = ErrorBody),
        (status = 401, description = "The client is unknown or its secret wrong", body = ErrorBody),
        (status = 429, description = "Too many requests of this address or app: wait for `Retry-After` seconds", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.oauth.revoke", skip_all)]
pub(crate) async fn handler(surface: Data<Surface>, body: RawBody) -> HttpResponse {
    revoke(&surface, body).await.unwrap_or_else(Said::answer)
}

async fn revoke(surface: &Surface, body: RawBody) -> Result<HttpResponse, Said> {
    let OAuthBody { form, basic, fields } = answer::open::<TokenReference>(surface, body).await?;
    let client = answer::client(surface, form, basic, fields.client_id, fields.client_secret)?;
    let token = fields.token.unwrap_or_default();
    let revoked = surface.gateway.revoke_token(&client, &token).await;
    revoked.map_err(|error| answer::refused(form, &error))?;
    Ok(HttpResponse::Ok().finish())
}
