//! `GET /v1/connections/{connectionId}`

use actix_web::{HttpRequest, HttpResponse, web::Data};

use crate::{
    Surface,
    caller::arrival,
    connections::connection_view::{ConnectionAnswer, connection_id},
    problem::{ErrorBody, Problem},
};

/// One connection. On the admin listener only.
#[utoipa::path(
    get,
    path = "/v1/connections/{connectionId}",
    tag = "Administration",
    params(("connectionId" = String, Path, description = "The connection")),
    responses(
        (status = 200, description = "The connection", body = ConnectionAnswer),
        (status = 404, description = "There is none", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.connections.find", skip_all)]
pub(crate) async fn handler(
    request: HttpRequest,
    surface: Data<Surface>,
) -> Result<HttpResponse, Problem> {
    let found = surface.gateway.find_connection(connection_id(&request)?).await;
    Ok(HttpResponse::Ok().json(ConnectionAnswer {
        data: found.map_err(|error| Problem::manage_connection(&error))?.into(),
        request_id: arrival(&request)?.id.to_string(),
    }))
}
