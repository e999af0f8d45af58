//! `DELETE /v1/developer/apps/{clientId}`

use actix_web::HttpResponse;

use crate::{
    caller::Developer,
    developer::app_view::client_id,
    problem::{ErrorBody, Problem},
};

/// Deletes an app; its approvals and tokens end at once.
#[utoipa::path(
    delete,
    path = "/v1/developer/apps/{clientId}",
    tag = "Developers",
    security(("user_session" = [])),
    params(("clientId" = String, Path, description = "The app")),
    responses(
        (status = 204, description = "It is gone"),
        (status = 401, description = "No session, or one that has ended", body = ErrorBody),
        (status = 404, description = "This developer has no such app", body = ErrorBody),
        (status = 403, description = "The role does not allow it", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.developer.delete_app", skip_all)]
pub(crate) async fn handler(developer: Developer) -> Result<HttpResponse, Problem> {
    let id = client_id(&developer.request)?;
    let deleted = developer.surface.gateway.delete_app(&developer.visitor, id).await;
    deleted.map_err(|error| Problem::app(&error))?;
    Ok(HttpResponse::NoContent().finish())
}
