//! `GET` and `POST /v1/platform/grants`, `DELETE /v1/platform/grants/{grantId}`

use actix_web::HttpResponse;
use lodge_access::{AuthorizationState, Permission, PermissionSet};
use lodge_gateway::administration::{GrantDetails, GrantDraft};
use lodge_kernel::Timestamp;
use lodge_storage::GrantFilter;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    administration::{
        admin::Admin,
        page::{Listing, One, Place, id, maybe_id},
    },
    body::RawBody,
    developer::app_view::permissions,
    problem::{ErrorBody, Problem},
    views::Time,
};

/// How long a grant lasts when nothing is said, in days.
const DAYS: u32 = 30;

/// One grant.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GrantView {
    id: String,
    tenant_id: String,
    client_id: String,
    connection_id: String,
    /// Under which the app's own tokens read.
    authorization_id: String,
    /// `active`, `expired` or `revoked`.
    status: &'static str,
    permissions: Vec<&'static str>,
    repositories: Vec<GrantedRepositoryView>,
    reason: String,
    created_at: Time,
    expires_at: Time,
}

/// One repository of a grant.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct GrantedRepositoryView {
    provider: String,
    id: String,
    full_name: String,
}

impl GrantView {
    fn new(it: GrantDetails, now: Timestamp) -> Self {
        let live = it.is_live(now);
        let GrantDetails { grant, authorization } = it;
        let status = match authorization.state {
            AuthorizationState::Revoked { .. } => "revoked",
            _ if live => "active",
            _ => "expired",
        };
        // What was granted, whether or not it has ended.
        let granted = authorization.repositories.iter().map(|it| it.permissions);
        let granted = granted.fold(authorization.account_permissions, PermissionSet::union);
        let repositories = authorization.repositories.into_iter();
        Self {
            id: grant.id.to_string(),
            tenant_id: grant.tenant.to_string(),
            client_id: grant.client.to_string(),
            connection_id: grant.connection.to_string(),
            authorization_id: grant.authorization.to_string(),
            status,
            permissions: granted.iter().map(Permission::scope).collect(),
            repositories: repositories
                .map(|it| GrantedRepositoryView {
                    provider: it.provider.to_string(),
                    id: it.repository.to_string(),
                    full_name: it.full_name,
                })
                .collect(),
            reason: grant.reason,
            created_at: grant.created_at.into(),
            expires_at: authorization.expires_at.into(),
        }
    }
}

/// The query.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ListQuery {
    tenant_id: Option<String>,
    client_id: Option<String>,
    connection_id: Option<String>,
    limit: Option<String>,
    cursor: Option<String>,
}

/// Grants, oldest first, ended ones too.
#[utoipa::path(
    get,
    path = "/v1/platform/grants",
    tag = "Administration",
    security(("admin_key" = ["grants:read"])),
    params(
        ("tenantId" = Option<String>, Query, description = "Of this organisation only"),
        ("clientId" = Option<String>, Query, description = "Of this app only"),
        ("connectionId" = Option<String>, Query, description = "Of this connection only"),
        ("limit" = Option<u8>, Query, description = "How many items: 1 to 100, 25 when absent"),
        ("cursor" = Option<String>, Query, description = "`page_info.next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "One page", body = Listing<GrantView>),
        (status = 400, description = "The query cannot be used", body = ErrorBody),
        (status = 401, description = "No admin key, or one that has ended", body = ErrorBody),
        (status = 403, description = "The admin key is not for this", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.platform.list_grants", skip_all)]
pub(crate) async fn list(admin: Admin) -> Result<HttpResponse, Problem> {
    let query: ListQuery = admin.query()?;
    let place = Place::parse(query.limit.as_deref(), query.cursor.as_deref())?;
    let filter = GrantFilter {
        tenant: maybe_id(query.tenant_id.as_deref())?,
        client: maybe_id(query.client_id.as_deref())?,
        connection: maybe_id(query.connection_id.as_deref())?,
    };
    let gateway = &admin.surface.gateway;
    let found = gateway.list_grants(filter, place.after, place.ask()).await;
    let found = found.map_err(|error| Problem::storage(&error))?;
    let (found, page_info) = place.page(found, |it| it.grant.id.to_string());
    let now = gateway.now();
    let data = found.into_iter().map(|it| GrantView::new(it, now)).collect();
    Ok(HttpResponse::Ok().json(Listing { data, page_info, request_id: admin.request_id()? }))
}

/// A new grant.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct GrantBody {
    /// The organisation of app and connection.
    tenant_id: String,
    /// The app.
    client_id: String,
    /// The connection.
    connection_id: String,
    /// What may be read of each repository.
    permissions: Vec<String>,
    /// The provider's ids; all that the account sees at this moment when
    /// absent. Those that come later are never part of it.
    repositories: Option<Vec<String>>,
    /// 1 to 366, 30 when absent.
    expires_in_days: Option<u32>,
    /// Why: 1 to 500 characters, for the audit trail.
    reason: String,
}

/// Lets an app read a connection without a consent page. Tokens that the app
/// gets by `client_credentials` read under it.
#[utoipa::path(
    post,
    path = "/v1/platform/grants",
    tag = "Administration",
    security(("admin_key" = ["grants:write"])),
    request_body = GrantBody,
    responses(
        (status = 201, description = "The grant", body = One<GrantView>),
        (status = 400, description = "The body cannot be used", body = ErrorBody),
        (status = 401, description = "No admin key, or one that has ended", body = ErrorBody),
        (status = 403, description = "The admin key is not for this", body = ErrorBody),
        (status = 404, description = "No such app or connection in this organisation", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.platform.make_grant", skip_all)]
pub(crate) async fn create(admin: Admin, body: RawBody) -> Result<HttpResponse, Problem> {
    let body: GrantBody = body.json().await?;
    let draft = GrantDraft {
        tenant: id(&body.tenant_id)?,
        client: id(&body.client_id)?,
        connection: id(&body.connection_id)?,
        repositories: body.repositories,
        permissions: permissions(&body.permissions)?,
        days: body.expires_in_days.unwrap_or(DAYS),
        reason: body.reason,
    };
    let gateway = &admin.surface.gateway;
    let made = gateway.make_grant(admin.by, draft).await;
    let made = made.map_err(|error| Problem::grant(&error, gateway.now()))?;
    let data = GrantView::new(made, gateway.now());
    Ok(HttpResponse::Created().json(One { data, request_id: admin.request_id()? }))
}

/// Takes a grant back, with every token under it.
#[utoipa::path(
    delete,
    path = "/v1/platform/grants/{grantId}",
    tag = "Administration",
    security(("admin_key" = ["grants:write"])),
    params(("grantId" = String, Path, description = "The grant")),
    responses(
        (status = 204, description = "It is taken back"),
        (status = 401, description = "No admin key, or one that has ended", body = ErrorBody),
        (status = 403, description = "The admin key is not for this", body = ErrorBody),
        (status = 404, description = "There is none", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.platform.revoke_grant", skip_all)]
pub(crate) async fn revoke(admin: Admin) -> Result<HttpResponse, Problem> {
    let gateway = &admin.surface.gateway;
    let revoked = gateway.revoke_grant(admin.by, admin.segment("grantId", "grant")?).await;
    revoked.map_err(|error| Problem::grant(&error, gateway.now()))?;
    Ok(HttpResponse::NoContent().finish())
}
