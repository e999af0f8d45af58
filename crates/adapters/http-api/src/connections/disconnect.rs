//! `DELETE /v1/connections/{connectionId}`

use actix_web::HttpResponse;

use crate::{
    administration::admin::Admin,
    connections::connection_view::connection_id,
    problem::{ErrorBody, Problem},
};

/// Takes an account away: its tokens are deleted, and the provider is told.
#[utoipa::path(
    delete,
    path = "/v1/connections/{connectionId}",
    tag = "Administration",
    security(("admin_key" = ["connections:write"])),
    params(("connectionId" = String, Path, description = "The connection")),
    responses(
        (status = 401, description = "No admin key, or one that has ended", body = ErrorBody),
        (status = 403, description = "The admin key is not for this", body = ErrorBody),
        (status = 204, description = "It is gone"),
        (status = 404, description = "There is none", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.connections.disconnect", skip_all)]
pub(crate) async fn handler(admin: Admin) -> Result<HttpResponse, Problem> {
    let gone = admin.surface.gateway.disconnect(admin.by, connection_id(&admin.request)?).await;
    gone.map_err(|error| Problem::manage_connection(&error))?;
    Ok(HttpResponse::NoContent().finish())
}
