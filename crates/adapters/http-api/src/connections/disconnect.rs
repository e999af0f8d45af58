//! `DELETE /v1/connections/{connectionId}`

use actix_web::{HttpRequest, HttpResponse, web::Data};

use crate::{
    Surface,
    connections::connection_view::connection_id,
    problem::{ErrorBody, Problem},
};

/// Takes an account away: its tokens are deleted, and the provider is told. On
/// the admin listener only.
#[utoipa::path(
    delete,
    path = "/v1/connections/{connectionId}",
    tag = "Administration",
    params(("connectionId" = String, Path, description = "The connection")),
    responses(
        (status = 204, description = "It is gone"),
        (status = 404, description = "There is none", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.connections.disconnect", skip_all)]
pub(crate) async fn handler(
    request: HttpRequest,
    surface: Data<Surface>,
) -> Result<HttpResponse, Problem> {
    let gone = surface.gateway.disconnect(connection_id(&request)?).await;
    gone.map_err(|error| Problem::manage_connection(&error))?;
    Ok(HttpResponse::NoContent().finish())
}
