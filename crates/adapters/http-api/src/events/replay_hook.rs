//! `POST /v1/hook-deliveries/{hookId}/replay`, on the admin listener

use actix_web::{HttpRequest, HttpResponse};

use crate::{
    caller::surface,
    problem::{Code, ErrorBody, Problem},
};

/// Lets a webhook that was given up be understood again: its id stands in the
/// log line that said so. On the admin listener only.
#[utoipa::path(
    post,
    path = "/v1/hook-deliveries/{hookId}/replay",
    tag = "Administration",
    params(("hookId" = String, Path, description = "`hook.id` of the log line")),
    responses(
        (status = 202, description = "It will be understood again soon"),
        (status = 404, description = "No such webhook was given up", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.events.replay_hook", skip_all)]
pub(crate) async fn admin(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let nothing = || Problem::new(Code::ResourceNotFound, "no such webhook was given up");
    let id = request.match_info().get("hookId").unwrap_or_default().parse();
    let id = id.map_err(|_not_an_id| nothing())?;
    let surface = surface(&request)?;
    let revived = surface.gateway.replay_hook(id).await;
    let revived = revived.map_err(|error| Problem::storage(&error))?;
    if revived { Ok(HttpResponse::Accepted().finish()) } else { Err(nothing()) }
}
