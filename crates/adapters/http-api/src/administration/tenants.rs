//! `GET` and `POST /v1/platform/tenants`

use actix_web::HttpResponse;
use lodge_access::Tenant;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    administration::{
        admin::Admin,
        page::{Listing, One, Place, PlainQuery},
    },
    body::RawBody,
    problem::{ErrorBody, Problem},
    views::Time,
};

/// One organisation.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TenantView {
    id: String,
    name: String,
    created_at: Time,
}

impl From<Tenant> for TenantView {
    fn from(it: Tenant) -> Self {
        Self { id: it.id.to_string(), name: it.name, created_at: it.created_at.into() }
    }
}

/// Every organisation, oldest first.
#[utoipa::path(
    get,
    path = "/v1/platform/tenants",
    tag = "Administration",
    security(("admin_key" = ["tenants:read"])),
    params(
        ("limit" = Option<u8>, Query, description = "How many items: 1 to 100, 25 when absent"),
        ("cursor" = Option<String>, Query, description = "`page_info.next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "One page", body = Listing<TenantView>),
        (status = 400, description = "The query cannot be used", body = ErrorBody),
        (status = 401, description = "No admin key, or one that has ended", body = ErrorBody),
        (status = 403, description = "The admin key is not for this", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.platform.list_tenants", skip_all)]
pub(crate) async fn list(admin: Admin) -> Result<HttpResponse, Problem> {
    let query: PlainQuery = admin.query()?;
    let place = Place::parse(query.limit.as_deref(), query.cursor.as_deref())?;
    let found = admin.surface.gateway.list_tenants(place.after, place.ask()).await;
    let found = found.map_err(|error| Problem::storage(&error))?;
    let (found, page_info) = place.page(found, |it| it.id.to_string());
    let data = found.into_iter().map(TenantView::from).collect();
    Ok(HttpResponse::Ok().json(Listing { data, page_info, request_id: admin.request_id()? }))
}

/// A new organisation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateTenantBody {
    /// 1 to 100 characters.
    name: String,
}

/// Makes an organisation.
#[utoipa::path(
    post,
    path = "/v1/platform/tenants",
    tag = "Administration",
    security(("admin_key" = ["tenants:write"])),
    request_body = CreateTenantBody,
    responses(
        (status = 201, description = "The organisation", body = One<TenantView>),
        (status = 400, description = "The body cannot be used", body = ErrorBody),
        (status = 401, description = "No admin key, or one that has ended", body = ErrorBody),
        (status = 403, description = "The admin key is not for this", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.platform.create_tenant", skip_all)]
pub(crate) async fn create(admin: Admin, body: RawBody) -> Result<HttpResponse, Problem> {
    let body: CreateTenantBody = body.json().await?;
    let created = admin.surface.gateway.create_tenant(admin.by, &body.name).await;
    let data = created.map_err(|error| Problem::platform(&error))?.into();
    Ok(HttpResponse::Created().json(One::<TenantView> { data, request_id: admin.request_id()? }))
}
