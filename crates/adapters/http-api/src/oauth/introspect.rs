//! `POST /oauth/introspect` (RFC 7662)

use actix_web::{HttpResponse, web::Data};
use lodge_gateway::oauth::Introspection;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    Surface,
    body::{OAuthBody, RawBody},
    oauth::{
        answer::{self, Said},
        revoke::TokenReference,
    },
    problem::ErrorBody,
};

/// What a token is. A dead, unknown or foreign one is only `active: false`.
#[derive(Default, Serialize, ToSchema)]
pub(crate) struct IntrospectionView {
    active: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iat: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iss: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    authorization_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant_id: Option<String>,
}

impl IntrospectionView {
    pub(crate) fn new(it: &Introspection, issuer: &str) -> Self {
        Self {
            active: true,
            scope: Some(it.permissions.to_string()),
            client_id: Some(it.token.client.to_string()),
            token_type: Some("Bearer"),
            exp: Some(it.token.expires_at.as_seconds()),
            iat: Some(it.token.issued_at.as_seconds()),
            iss: Some(issuer.to_owned()),
            authorization_id: it.authorization.as_ref().map(|it| it.id.to_string()),
            tenant_id: Some(it.token.tenant.to_string()),
        }
    }
}

/// Says what a token of the asking app is.
#[utoipa::path(
    post,
    path = "/oauth/introspect",
    tag = "OAuth",
    security(("client_basic" = []), ()),
    request_body(content((TokenReference = "application/json"), (TokenReference = "application/x-www-form-urlencoded"))),
    responses(
        (status = 200, description = "What the token is", body = IntrospectionView),
        (status = 400, description = "The request cannot be used", body = ErrorBody),
        (status = 401, description = "The client is unknown or its secret wrong", body = ErrorBody),
        (status = 429, description = "Too many requests of this address or app: wait for `Retry-After` seconds", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.oauth.introspect", skip_all)]
pub(crate) async fn handler(surface: Data<Surface>, body: RawBody) -> HttpResponse {
    introspect(&surface, body).await.unwrap_or_else(Said::answer)
}

async fn introspect(surface: &Surface, body: RawBody) -> Result<HttpResponse, Said> {
    let OAuthBody { form, basic, fields } = answer::open::<TokenReference>(surface, body).await?;
    let client = answer::client(surface, form, basic, fields.client_id, fields.client_secret)?;
    let token = fields.token.unwrap_or_default();
    let found = surface.gateway.introspect_token(&client, &token).await;
    let found = found.map_err(|error| answer::refused(form, &error))?;
    let view = found.map(|it| IntrospectionView::new(&it, surface.issuer()));
    Ok(HttpResponse::Ok().json(view.unwrap_or_default()))
}
