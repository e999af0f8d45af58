//! `POST /oauth/token` and `POST /v1/platform/tokens`

use actix_web::{HttpResponse, http::header, web::Data};
use lodge_gateway::oauth::{Issued, TokenRequest};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Surface,
    body::{OAuthBody, RawBody},
    oauth::answer::{self, Said},
    problem::{ErrorBody, Problem},
    views::Time,
};

/// What an app sends for a token. Unknown fields are ignored, as RFC 6749
/// demands.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct TokenBody {
    /// `authorization_code`, `refresh_token` or `client_credentials`.
    grant_type: Option<String>,
    /// The app, unless by HTTP Basic.
    client_id: Option<String>,
    /// Its secret, unless by HTTP Basic.
    client_secret: Option<String>,
    /// For `authorization_code`: the code.
    code: Option<String>,
    /// For `authorization_code`: as in the authorization request.
    redirect_uri: Option<String>,
    /// For `authorization_code`: the PKCE verifier.
    code_verifier: Option<String>,
    /// For `refresh_token`: the refresh token.
    refresh_token: Option<String>,
    /// What the token should be able to do; all that was approved when absent.
    scope: Option<String>,
    /// For `client_credentials`: the approval to read under.
    authorization_id: Option<String>,
}

/// A token, in the contract's words and in OAuth's.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TokenView {
    id: String,
    access_token: String,
    token_type: &'static str,
    expires_at: Time,
    expires_in_seconds: u64,
    tenant_id: String,
    client_id: String,
    authorization_id: Option<String>,
    issued_by: &'static str,
    permissions: Vec<&'static str>,
    connection_ids: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    #[serde(rename = "access_token")]
    oauth_access_token: String,
    #[serde(rename = "token_type")]
    oauth_token_type: &'static str,
    #[serde(rename = "expires_in")]
    oauth_expires_in: u64,
    scope: String,
    #[serde(rename = "refresh_token", skip_serializing_if = "Option::is_none")]
    oauth_refresh_token: Option<String>,
}

impl From<Issued> for TokenView {
    fn from(it: Issued) -> Self {
        let access = it.access.expose().to_owned();
        let refresh = it.refresh.map(|it| it.expose().to_owned());
        let token = it.token;
        Self {
            id: token.id.to_string(),
            access_token: access.clone(),
            token_type: "Bearer",
            expires_at: token.expires_at.into(),
            expires_in_seconds: it.expires_in,
            tenant_id: token.tenant.to_string(),
            client_id: token.client.to_string(),
            authorization_id: token.authorization.map(|it| it.to_string()),
            issued_by: token.issued_by.name(),
            permissions: token.permissions.iter().map(lodge_access::Permission::scope).collect(),
            connection_ids: it.connections.iter().map(ToString::to_string).collect(),
            refresh_token: refresh.clone(),
            oauth_access_token: access,
            oauth_token_type: "Bearer",
            oauth_expires_in: it.expires_in,
            scope: token.permissions.to_string(),
            oauth_refresh_token: refresh,
        }
    }
}

/// Exchanges a code, a refresh token or the app's credentials for a token.
#[utoipa::path(
    post,
    path = "/oauth/token",
    tag = "OAuth",
    security(("client_basic" = []), ()),
    request_body(content((TokenBody = "application/json"), (TokenBody = "application/x-www-form-urlencoded"))),
    responses(
        (status = 200, description = "A token, shown once", body = TokenView),
        (status = 400, description = "The exchange was refused; forms are answered in the shape of RFC 6749", body = ErrorBody),
        (status = 401, description = "The client is unknown or its secret wrong", body = ErrorBody),
        (status = 429, description = "Too many requests of this address or app: wait for `Retry-After` seconds", body = ErrorBody),
        (status = 413, description = "The body is larger than 64 KiB", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.oauth.token", skip_all)]
pub(crate) async fn handler(surface: Data<Surface>, body: RawBody) -> HttpResponse {
    exchange(&surface, body).await.unwrap_or_else(Said::answer)
}

async fn exchange(surface: &Surface, body: RawBody) -> Result<HttpResponse, Said> {
    let OAuthBody { form, basic, fields } = answer::open::<TokenBody>(surface, body).await?;
    let client = answer::client(surface, form, basic, fields.client_id, fields.client_secret)?;
    let asked = TokenRequest {
        grant_type: fields.grant_type,
        code: fields.code,
        redirect_uri: fields.redirect_uri,
        code_verifier: fields.code_verifier,
        refresh_token: fields.refresh_token,
        scope: fields.scope,
        authorization_id: fields.authorization_id,
    };
    let issued = surface.gateway.exchange_token(&client, &asked).await;
    issued.map(token).map_err(|error| answer::refused(form, &error))
}

/// The body of the contract's other way to a token.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct PlatformTokenBody {
    /// The app.
    client_id: String,
    /// Its secret.
    client_secret: String,
    /// The approval to read under, as a connect session or a token names it.
    authorization_id: Option<String>,
    /// What the token should be able to do; all that is possible when absent.
    permissions: Option<Vec<String>>,
}

/// Issues a token to an app that acts for itself, or under an approval that a
/// customer gave to it.
#[utoipa::path(
    post,
    path = "/v1/platform/tokens",
    tag = "OAuth",
    request_body = PlatformTokenBody,
    responses(
        (status = 200, description = "A token, shown once", body = TokenView),
        (status = 400, description = "The request cannot be used", body = ErrorBody),
        (status = 401, description = "The client is unknown or its secret wrong", body = ErrorBody),
        (status = 429, description = "Too many requests of this address or app: wait for `Retry-After` seconds", body = ErrorBody),
        (status = 403, description = "More than can be given was asked for", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.platform.tokens", skip_all)]
pub(crate) async fn platform(surface: Data<Surface>, body: RawBody) -> HttpResponse {
    issue(&surface, body).await.unwrap_or_else(Said::answer)
}

async fn issue(surface: &Surface, body: RawBody) -> Result<HttpResponse, Said> {
    answer::admit(surface, &body)?;
    let body: PlatformTokenBody = body.json().await?;
    let (id, secret) = (Some(body.client_id), Some(body.client_secret));
    let client = answer::client(surface, false, None, id, secret)?;
    let asked = TokenRequest {
        grant_type: Some("client_credentials".to_owned()),
        scope: scope(body.permissions)?,
        authorization_id: body.authorization_id,
        ..TokenRequest::default()
    };
    let issued = surface.gateway.exchange_token(&client, &asked).await;
    issued.map(token).map_err(|error| Problem::oauth(&error).into())
}

/// No list is everything that is possible; an empty one is a mistake.
fn scope(permissions: Option<Vec<String>>) -> Result<Option<String>, Problem> {
    match permissions {
        Some(list) if list.is_empty() => Err(Problem::invalid("`permissions` names none")),
        list => Ok(list.map(|it| it.join(" "))),
    }
}

fn token(issued: Issued) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::PRAGMA, "no-cache"))
        .json(TokenView::from(issued))
}
