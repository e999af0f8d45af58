//! `PATCH /v1/connections/{connectionId}`

use actix_web::HttpResponse;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    administration::admin::Admin,
    body::RawBody,
    connections::connection_view::{ConnectionAnswer, connection_id},
    problem::{ErrorBody, Problem},
};

/// What changes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateConnectionBody {
    /// `false` switches the account off, `true` on again.
    enabled: bool,
}

/// Switches an account off, or on again. What is read through it is refused at
/// once.
#[utoipa::path(
    patch,
    path = "/v1/connections/{connectionId}",
    tag = "Administration",
    security(("admin_key" = ["connections:write"])),
    params(("connectionId" = String, Path, description = "The connection")),
    request_body = UpdateConnectionBody,
    responses(
        (status = 401, description = "No admin key, or one that has ended", body = ErrorBody),
        (status = 403, description = "The admin key is not for this", body = ErrorBody),
        (status = 200, description = "The connection", body = ConnectionAnswer),
        (status = 400, description = "The body cannot be used, or the account was taken away", body = ErrorBody),
        (status = 404, description = "There is none", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.connections.update", skip_all)]
pub(crate) async fn handler(admin: Admin, body: RawBody) -> Result<HttpResponse, Problem> {
    let id = connection_id(&admin.request)?;
    let body: UpdateConnectionBody = body.json().await?;
    let changed = admin.surface.gateway.enable_connection(admin.by, id, body.enabled).await;
    Ok(HttpResponse::Ok().json(ConnectionAnswer {
        data: changed.map_err(|error| Problem::manage_connection(&error))?.into(),
        request_id: admin.request_id()?,
    }))
}
