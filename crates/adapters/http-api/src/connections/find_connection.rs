//! `GET /v1/connections/{connectionId}`

use actix_web::HttpResponse;

use crate::{
    administration::admin::Admin,
    connections::connection_view::{ConnectionAnswer, connection_id},
    problem::{ErrorBody, Problem},
};

/// One connection.
#[utoipa::path(
    get,
    path = "/v1/connections/{connectionId}",
    tag = "Administration",
    security(("admin_key" = ["connections:read"])),
    params(("connectionId" = String, Path, description = "The connection")),
    responses(
        (status = 401, description = "No admin key, or one that has ended", body = ErrorBody),
        (status = 403, description = "The admin key is not for this", body = ErrorBody),
        (status = 200, description = "The connection", body = ConnectionAnswer),
        (status = 404, description = "There is none", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.connections.find", skip_all)]
pub(crate) async fn handler(admin: Admin) -> Result<HttpResponse, Problem> {
    let found = admin.surface.gateway.find_connection(connection_id(&admin.request)?).await;
    Ok(HttpResponse::Ok().json(ConnectionAnswer {
        data: found.map_err(|error| Problem::manage_connection(&error))?.into(),
        request_id: admin.request_id()?,
    }))
}
