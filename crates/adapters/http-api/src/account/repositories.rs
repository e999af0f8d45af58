//! `GET /v1/account/repositories`

use actix_web::HttpResponse;
use lodge_access::{ApprovedRepository, Permission};
use lodge_forge::ProviderName;
use lodge_kernel::{AuthorizationId, TenantId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    caller::{Developer, arrival},
    problem::{Code, ErrorBody, Problem},
    query::{limit, query},
    views::{PageInfo, Time},
};

/// Some repositories.
#[derive(Serialize, ToSchema)]
pub(crate) struct ApprovedRepositoriesView {
    data: Vec<ApprovedRepositoryView>,
    page_info: PageInfo,
    request_id: String,
}

/// A repository that a customer approved for an app.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ApprovedRepositoryView {
    provider: String,
    repository_id: String,
    /// Its name when it was approved.
    full_name: String,
    client_id: String,
    customer_id: String,
    authorization_id: String,
    connection_id: String,
    permissions: Vec<&'static str>,
    expires_at: Time,
}

impl From<ApprovedRepository> for ApprovedRepositoryView {
    fn from(it: ApprovedRepository) -> Self {
        Self {
            provider: it.consent.provider.to_string(),
            repository_id: it.consent.repository.to_string(),
            full_name: it.consent.full_name,
            client_id: it.client.to_string(),
            customer_id: it.customer.to_string(),
            authorization_id: it.authorization.to_string(),
            connection_id: it.consent.connection.to_string(),
            permissions: it.consent.permissions.iter().map(Permission::scope).collect(),
            expires_at: it.consent.expires_at.into(),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Query {
    tenant_id: Option<String>,
    provider: Option<String>,
    limit: Option<String>,
    cursor: Option<String>,
}

/// The repositories that customers approved for the apps of the developer's
/// organisation. What was not approved is not listed, whatever the connected
/// accounts can see.
#[utoipa::path(
    get,
    path = "/v1/account/repositories",
    tag = "Developers",
    security(("user_session" = [])),
    params(
        ("tenantId" = Option<String>, Query, description = "The organisation: the session's own"),
        ("provider" = Option<String>, Query, description = "One provider"),
        ("limit" = Option<u8>, Query, description = "How many items: 1 to 100, 25 when absent"),
        ("cursor" = Option<String>, Query, description = "`page_info.next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "One page", body = ApprovedRepositoriesView),
        (status = 400, description = "A parameter cannot be used", body = ErrorBody),
        (status = 401, description = "No session, or one that has ended", body = ErrorBody),
        (status = 404, description = "Not an organisation of this session", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.account.repositories", skip_all)]
pub(crate) async fn handler(developer: Developer) -> Result<HttpResponse, Problem> {
    let query: Query = query(&developer.request)?;
    let tenant = own_tenant(&developer, query.tenant_id.as_deref())?;
    let limit = limit(query.limit.as_deref())?;
    let provider = query.provider.as_deref().map(ProviderName::parse).transpose();
    let provider = provider.map_err(|error| Problem::invalid(format!("`provider`: {error}")))?;
    let after = query.cursor.as_deref().map(|it| {
        let unknown = || Problem::new(Code::InvalidCursor, "the cursor does not belong here");
        place(it).ok_or_else(unknown)
    });
    let after = after.transpose()?;
    let gateway = &developer.surface.gateway;
    let all = gateway.list_approved(tenant, provider.as_ref(), after, limit.get() + 1).await;
    let mut all = all.map_err(|error| Problem::storage(&error))?;
    let has_next_page = all.len() > limit.get();
    all.truncate(limit.get());
    let last = all.last().filter(|_| has_next_page);
    let next_cursor = last.map(|it| format!("{}.{}", it.authorization, it.position));
    Ok(HttpResponse::Ok().json(ApprovedRepositoriesView {
        data: all.into_iter().map(ApprovedRepositoryView::from).collect(),
        page_info: PageInfo { limit: limit.get(), has_next_page, next_cursor },
        request_id: arrival(&developer.request)?.id.to_string(),
    }))
}

/// The place behind which a page goes on.
fn place(cursor: &str) -> Option<(AuthorizationId, u32)> {
    let (authorization, position) = cursor.split_once('.')?;
    Some((authorization.parse().ok()?, position.parse().ok()?))
}

/// The organisation of the session. Another one that is named looks like none.
pub(super) fn own_tenant(developer: &Developer, named: Option<&str>) -> Result<TenantId, Problem> {
    let own = developer.visitor.tenant;
    let unknown = || Problem::new(Code::ResourceNotFound, "there is no such organisation");
    match named {
        Some(given) if given != own.to_string() => Err(unknown()),
        _ => Ok(own),
    }
}
