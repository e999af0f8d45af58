//! `PATCH /v1/connections/{connectionId}`

use actix_web::{HttpRequest, HttpResponse, web::Data};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    Surface,
    body::RawBody,
    caller::arrival,
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
/// once. On the admin listener only.
#[utoipa::path(
    patch,
    path = "/v1/connections/{connectionId}",
    tag = "Administration",
    params(("connectionId" = String, Path, description = "The connection")),
    request_body = UpdateConnectionBody,
    responses(
        (status = 200, description = "The connection", body = ConnectionAnswer),
        (status = 400, description = "The body cannot be used, or the account was taken away", body = ErrorBody),
        (status = 404, description = "There is none", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.connections.update", skip_all)]
pub(crate) async fn handler(
    request: HttpRequest,
    surface: Data<Surface>,
    body: RawBody,
) -> Result<HttpResponse, Problem> {
    let id = connection_id(&request)?;
    let body: UpdateConnectionBody = body.json().await?;
    let changed = surface.gateway.enable_connection(id, body.enabled).await;
    Ok(HttpResponse::Ok().json(ConnectionAnswer {
        data: changed.map_err(|error| Problem::manage_connection(&error))?.into(),
        request_id: arrival(&request)?.id.to_string(),
    }))
}
