//! `GET /v1/connections`

use actix_web::HttpResponse;
use lodge_kernel::{ConnectionId, TenantId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    administration::admin::Admin,
    connections::connection_view::ConnectionView,
    problem::{Code, ErrorBody, Problem},
    query::{limit, query},
    views::PageInfo,
};

/// The query.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ListQuery {
    tenant_id: Option<String>,
    limit: Option<String>,
    cursor: Option<String>,
}

/// Connections.
#[derive(Serialize, ToSchema)]
pub(crate) struct ConnectionsView {
    data: Vec<ConnectionView>,
    page_info: PageInfo,
    request_id: String,
}

/// Connections of every organisation, or of one, oldest first.
#[utoipa::path(
    get,
    path = "/v1/connections",
    tag = "Administration",
    security(("admin_key" = ["connections:read"])),
    params(
        ("tenantId" = Option<String>, Query, description = "Of this organisation only"),
        ("limit" = Option<u8>, Query, description = "How many items: 1 to 100, 25 when absent"),
        ("cursor" = Option<String>, Query, description = "`page_info.next_cursor` of the page before"),
    ),
    responses(
        (status = 401, description = "No admin key, or one that has ended", body = ErrorBody),
        (status = 403, description = "The admin key is not for this", body = ErrorBody),
        (status = 200, description = "One page", body = ConnectionsView),
        (status = 400, description = "The query cannot be used", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.connections.list", skip_all)]
pub(crate) async fn handler(admin: Admin) -> Result<HttpResponse, Problem> {
    let query: ListQuery = query(&admin.request)?;
    let limit = limit(query.limit.as_deref())?;
    let tenant = query.tenant_id.as_deref().map(str::parse::<TenantId>).transpose();
    let tenant = tenant.map_err(|error| Problem::invalid(error.to_string()))?;
    // The operator sees every id anyway: the last one is cursor enough.
    let after = query.cursor.as_deref().map(str::parse::<ConnectionId>).transpose();
    let after = after.map_err(|_not_an_id| {
        Problem::new(Code::InvalidCursor, "the cursor does not belong to this request")
    })?;
    let found = admin.surface.gateway.list_connections(tenant, after, limit.get() + 1).await;
    let mut found = found.map_err(|error| Problem::storage(&error))?;
    let has_next_page = found.len() > limit.get();
    found.truncate(limit.get());
    let last = found.last().filter(|_| has_next_page);
    let next_cursor = last.map(|it| it.connection.id.to_string());
    Ok(HttpResponse::Ok().json(ConnectionsView {
        data: found.into_iter().map(ConnectionView::from).collect(),
        page_info: PageInfo { limit: limit.get(), has_next_page, next_cursor },
        request_id: admin.request_id()?,
    }))
}
