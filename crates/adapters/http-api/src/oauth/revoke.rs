//! `POST /oauth/revoke` (RFC 7009)

use actix_web::{HttpResponse, web::Data};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    Surface,
    body::RawBody,
    oauth::answer,
    problem::{ErrorBody, Problem},
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
    request_body(content((TokenReference = "application/json"), (TokenReference = "application/x-www-form-urlencoded"))),
    responses(
        (status = 200, description = "The token is no longer good; said of unknown ones, too"),
        (status = 400, description = "The request cannot be used", body = ErrorBody),
        (status = 401, description = "The client is unknown or its secret wrong", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.oauth.revoke", skip_all)]
pub(crate) async fn handler(
    surface: Data<Surface>,
    body: RawBody,
) -> Result<HttpResponse, Problem> {
    let body = match body.oauth::<TokenReference>().await {
        Ok(body) => body,
        Err(error) => return answer::unreadable(error),
    };
    let fields = body.fields;
    let credentials = answer::credentials(body.basic, fields.client_id, fields.client_secret);
    let token = fields.token.unwrap_or_default();
    let revoked = match credentials {
        Ok(credentials) => surface.gateway.revoke_token(&credentials, &token).await,
        Err(error) => Err(error),
    };
    match revoked {
        Ok(()) => Ok(HttpResponse::Ok().finish()),
        Err(error) => answer::refused(body.form, &error),
    }
}
