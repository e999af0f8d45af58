//! `GET` and `POST /v1/platform/clients`

use actix_web::HttpResponse;
use lodge_gateway::{administration::ClientDraft, developer::AppDraft};
use lodge_storage::AppFilter;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    administration::{
        admin::Admin,
        page::{Listing, Place, id, maybe_id},
    },
    body::RawBody,
    developer::{
        app_view::{AppView, permissions},
        create_app::CreatedAppView,
    },
    problem::{ErrorBody, Problem},
};

/// The query.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ListQuery {
    tenant_id: Option<String>,
    owner_user_id: Option<String>,
    limit: Option<String>,
    cursor: Option<String>,
}

/// Apps that are not deleted, oldest first.
#[utoipa::path(
    get,
    path = "/v1/platform/clients",
    tag = "Administration",
    security(("admin_key" = ["clients:read"])),
    params(
        ("tenantId" = Option<String>, Query, description = "Of this organisation only"),
        ("ownerUserId" = Option<String>, Query, description = "Of this developer only"),
        ("limit" = Option<u8>, Query, description = "How many items: 1 to 100, 25 when absent"),
        ("cursor" = Option<String>, Query, description = "`page_info.next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "One page", body = Listing<AppView>),
        (status = 400, description = "The query cannot be used", body = ErrorBody),
        (status = 401, description = "No admin key, or one that has ended", body = ErrorBody),
        (status = 403, description = "The admin key is not for this", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.platform.list_clients", skip_all)]
pub(crate) async fn list(admin: Admin) -> Result<HttpResponse, Problem> {
    let query: ListQuery = admin.query()?;
    let place = Place::parse(query.limit.as_deref(), query.cursor.as_deref())?;
    let filter = AppFilter {
        tenant: maybe_id(query.tenant_id.as_deref())?,
        owner: maybe_id(query.owner_user_id.as_deref())?,
    };
    let found = admin.surface.gateway.list_clients(filter, place.after, place.ask()).await;
    let found = found.map_err(|error| Problem::storage(&error))?;
    let (found, page_info) = place.page(found, |it| it.id.to_string());
    let data = found.iter().map(AppView::from).collect();
    Ok(HttpResponse::Ok().json(Listing { data, page_info, request_id: admin.request_id()? }))
}

/// A new app, and whose it will be.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CreateClientBody {
    /// The organisation.
    tenant_id: String,
    /// The developer whose app it will be, of that organisation.
    owner_user_id: String,
    /// What customers see: 1 to 100 characters.
    name: String,
    /// What it is for.
    description: Option<String>,
    /// Where codes may be sent: `https`, or `http` on localhost.
    allowed_redirect_uris: Vec<String>,
    /// Who may frame the consent page.
    #[serde(default)]
    embed_origins: Vec<String>,
    /// What is asked for when the authorize URL names no scope.
    #[serde(default)]
    default_permissions: Vec<String>,
    /// PKCE must be used: `true` when absent.
    require_pkce: Option<bool>,
}

/// Makes an app for a developer. Its secret is shown once.
#[utoipa::path(
    post,
    path = "/v1/platform/clients",
    tag = "Administration",
    security(("admin_key" = ["clients:write"])),
    request_body = CreateClientBody,
    responses(
        (status = 201, description = "The app", body = CreatedAppView),
        (status = 400, description = "The body cannot be used", body = ErrorBody),
        (status = 401, description = "No admin key, or one that has ended", body = ErrorBody),
        (status = 403, description = "The admin key is not for this", body = ErrorBody),
        (status = 404, description = "No such developer in this organisation", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.platform.create_client", skip_all)]
pub(crate) async fn create(admin: Admin, body: RawBody) -> Result<HttpResponse, Problem> {
    let body: CreateClientBody = body.json().await?;
    let draft = ClientDraft {
        tenant: id(&body.tenant_id)?,
        owner: id(&body.owner_user_id)?,
        app: AppDraft {
            name: body.name,
            description: body.description,
            redirect_uris: body.allowed_redirect_uris,
            embed_origins: body.embed_origins,
            default_permissions: permissions(&body.default_permissions)?,
            require_pkce: body.require_pkce.unwrap_or(true),
        },
    };
    let created = admin.surface.gateway.create_client(admin.by, draft).await;
    let created = created.map_err(|error| Problem::platform(&error))?;
    Ok(HttpResponse::Created().json(CreatedAppView::new(&created, admin.request_id()?)))
}
