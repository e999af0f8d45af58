//! `POST /oauth/introspect` (RFC 7662)

use actix_web::{HttpResponse, web::Data};
use lodge_gateway::oauth::Introspection;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    Surface,
    body::RawBody,
    oauth::{answer, revoke::TokenReference},
    problem::{ErrorBody, Problem},
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
    fn new(it: &Introspection, issuer: &str) -> Self {
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
    request_body(content((TokenReference = "application/json"), (TokenReference = "application/x-www-form-urlencoded"))),
    responses(
        (status = 200, description = "What the token is", body = IntrospectionView),
        (status = 400, description = "The request cannot be used", body = ErrorBody),
        (status = 401, description = "The client is unknown or its secret wrong", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.oauth.introspect", skip_all)]
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
    let found = match credentials {
        Ok(credentials) => surface.gateway.introspect_token(&credentials, &token).await,
        Err(error) => Err(error),
    };
    match found {
        Ok(found) => {
            let view = found.map(|it| IntrospectionView::new(&it, surface.issuer()));
            Ok(HttpResponse::Ok().json(view.unwrap_or_default()))
        }
        Err(error) => answer::refused(body.form, &error),
    }
}
