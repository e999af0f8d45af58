//! `GET /v1/platform/tokens`, `POST /v1/platform/tokens/introspect` and
//! `DELETE /v1/platform/tokens/{tokenId}`

use actix_web::HttpResponse;
use lodge_access::{Permission, Token};
use lodge_kernel::{SecretString, Timestamp};
use lodge_storage::TokenFilter;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    administration::{
        admin::Admin,
        page::{Listing, Place, maybe_id},
    },
    body::RawBody,
    oauth::introspect::IntrospectionView,
    problem::{Code, ErrorBody, Problem},
    views::Time,
};

/// One access token, without its text, which nobody has.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IssuedTokenView {
    id: String,
    tenant_id: String,
    client_id: String,
    authorization_id: Option<String>,
    issued_by: &'static str,
    permissions: Vec<&'static str>,
    /// `active`, `expired` or `revoked`.
    status: &'static str,
    issued_at: Time,
    expires_at: Time,
    revoked_at: Option<Time>,
}

impl IssuedTokenView {
    fn new(it: &Token, now: Timestamp) -> Self {
        let status = match it.revoked_at {
            Some(_) => "revoked",
            None if it.is_live(now) => "active",
            None => "expired",
        };
        Self {
            id: it.id.to_string(),
            tenant_id: it.tenant.to_string(),
            client_id: it.client.to_string(),
            authorization_id: it.authorization.map(|it| it.to_string()),
            issued_by: it.issued_by.name(),
            permissions: it.permissions.iter().map(Permission::scope).collect(),
            status,
            issued_at: it.issued_at.into(),
            expires_at: it.expires_at.into(),
            revoked_at: it.revoked_at.map(Time::from),
        }
    }
}

/// The query.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ListQuery {
    tenant_id: Option<String>,
    client_id: Option<String>,
    limit: Option<String>,
    cursor: Option<String>,
}

/// Access tokens that were issued, oldest first, until they are swept away.
#[utoipa::path(
    get,
    path = "/v1/platform/tokens",
    tag = "Administration",
    security(("admin_key" = ["tokens:read"])),
    params(
        ("tenantId" = Option<String>, Query, description = "Of this organisation only"),
        ("clientId" = Option<String>, Query, description = "Of this app only"),
        ("limit" = Option<u8>, Query, description = "How many items: 1 to 100, 25 when absent"),
        ("cursor" = Option<String>, Query, description = "`page_info.next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "One page", body = Listing<IssuedTokenView>),
        (status = 400, description = "The query cannot be used", body = ErrorBody),
        (status = 401, description = "No admin key, or one that has ended", body = ErrorBody),
        (status = 403, description = "The admin key is not for this", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.platform.list_tokens", skip_all)]
pub(crate) async fn list(admin: Admin) -> Result<HttpResponse, Problem> {
    let query: ListQuery = admin.query()?;
    let place = Place::parse(query.limit.as_deref(), query.cursor.as_deref())?;
    let filter = TokenFilter {
        tenant: maybe_id(query.tenant_id.as_deref())?,
        client: maybe_id(query.client_id.as_deref())?,
    };
    let gateway = &admin.surface.gateway;
    let found = gateway.list_tokens(filter, place.after, place.ask()).await;
    let found = found.map_err(|error| Problem::storage(&error))?;
    let (found, page_info) = place.page(found, |it| it.id.to_string());
    let now = gateway.now();
    let data = found.iter().map(|it| IssuedTokenView::new(it, now)).collect();
    Ok(HttpResponse::Ok().json(Listing { data, page_info, request_id: admin.request_id()? }))
}

/// A token.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenText {
    /// An access or refresh token of any app.
    #[schema(value_type = String, format = Password)]
    token: SecretString,
}

/// Says what a token of any app is.
#[utoipa::path(
    post,
    path = "/v1/platform/tokens/introspect",
    tag = "Administration",
    security(("admin_key" = ["tokens:read"])),
    request_body = TokenText,
    responses(
        (status = 200, description = "What the token is; `active: false` alone when it is dead or unknown", body = IntrospectionView),
        (status = 400, description = "The body cannot be used", body = ErrorBody),
        (status = 401, description = "No admin key, or one that has ended", body = ErrorBody),
        (status = 403, description = "The admin key is not for this", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.platform.introspect_token", skip_all)]
pub(crate) async fn introspect(admin: Admin, body: RawBody) -> Result<HttpResponse, Problem> {
    use lodge_kernel::ExposeSecret as _;
    let body: TokenText = body.json().await?;
    let surface = &admin.surface;
    let found = surface.gateway.introspect_any_token(body.token.expose_secret()).await;
    let found = found.map_err(|error| Problem::oauth(&error))?;
    let view = found.map(|it| IntrospectionView::new(&it, surface.issuer()));
    Ok(HttpResponse::Ok().json(view.unwrap_or_default()))
}

/// Takes a token back, with everything that goes back to the same code.
#[utoipa::path(
    delete,
    path = "/v1/platform/tokens/{tokenId}",
    tag = "Administration",
    security(("admin_key" = ["tokens:write"])),
    params(("tokenId" = String, Path, description = "The token's id, `atk_…`")),
    responses(
        (status = 204, description = "It is taken back"),
        (status = 401, description = "No admin key, or one that has ended", body = ErrorBody),
        (status = 403, description = "The admin key is not for this", body = ErrorBody),
        (status = 404, description = "There is none", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.platform.revoke_token", skip_all)]
pub(crate) async fn revoke(admin: Admin) -> Result<HttpResponse, Problem> {
    let id = admin.segment("tokenId", "token")?;
    let known = admin.surface.gateway.revoke_token_by_id(admin.by, id).await;
    if known.map_err(|error| Problem::storage(&error))? {
        Ok(HttpResponse::NoContent().finish())
    } else {
        Err(Problem::new(Code::ResourceNotFound, "there is no such token"))
    }
}
