//! `GET /v1/platform/client/me`

use actix_web::HttpResponse;
use lodge_access::AuthorizationState;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    caller::{Anything, Bearer},
    problem::{ErrorBody, Problem},
    views::Time,
};

/// What a token is, and whose.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ClientMeView {
    token: TokenPart,
    client: ClientPart,
    tenant: TenantPart,
    authorization: Option<AuthorizationPart>,
}

/// The token.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TokenPart {
    id: String,
    issued_by: &'static str,
    /// What it can do at this moment.
    permissions: Vec<&'static str>,
    issued_at: Time,
    expires_at: Time,
}

/// The app.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ClientPart {
    id: String,
    name: String,
}

/// The organisation.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TenantPart {
    id: String,
    name: Option<String>,
}

/// The approval it reads under.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AuthorizationPart {
    id: String,
    /// `pending`, `active` or `revoked`.
    state: &'static str,
    customer_ref: Option<String>,
    purpose: Option<String>,
    connection_ids: Vec<String>,
    approved_repositories: usize,
    expires_at: Time,
}

/// What a token is, and whose: useful right after an exchange.
#[utoipa::path(
    get,
    path = "/v1/platform/client/me",
    tag = "OAuth",
    security(("access_token" = [])),
    responses(
        (status = 200, description = "The token, its app, organisation and approval", body = ClientMeView),
        (status = 401, description = "No token, or one that has ended", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.platform.client_me", skip_all)]
pub(crate) async fn handler(caller: Bearer<Anything>) -> Result<HttpResponse, Problem> {
    let grant = &caller.grant;
    let described = caller.gateway().describe_grant(grant).await;
    let described = described.map_err(|error| Problem::storage(&error))?;
    let now = caller.gateway().now();
    let permissions = match grant.authorization {
        Some(_) => grant.permissions(now),
        None => grant.token.permissions,
    };
    let authorization = grant.authorization.as_ref().map(|it| AuthorizationPart {
        id: it.id.to_string(),
        state: match it.state {
            AuthorizationState::Pending => "pending",
            AuthorizationState::Active { .. } => "active",
            AuthorizationState::Revoked { .. } => "revoked",
        },
        customer_ref: described.customer_reference,
        purpose: it.purpose.clone(),
        connection_ids: it.connections.iter().map(|(id, _)| id.to_string()).collect(),
        approved_repositories: it.repositories.len(),
        expires_at: it.expires_at.into(),
    });
    Ok(HttpResponse::Ok().json(ClientMeView {
        token: TokenPart {
            id: grant.token.id.to_string(),
            issued_by: grant.token.issued_by.name(),
            permissions: permissions.iter().map(lodge_access::Permission::scope).collect(),
            issued_at: grant.token.issued_at.into(),
            expires_at: grant.token.expires_at.into(),
        },
        client: ClientPart { id: grant.app.id.to_string(), name: grant.app.name.clone() },
        tenant: TenantPart { id: grant.token.tenant.to_string(), name: described.tenant_name },
        authorization,
    }))
}
