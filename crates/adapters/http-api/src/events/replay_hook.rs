//! `POST /v1/hook-deliveries/{hookId}/replay`, on the admin listener

use actix_web::HttpResponse;

use crate::{
    administration::admin::Admin,
    problem::{Code, ErrorBody, Problem},
};

/// Lets a webhook that was given up be understood again: its id stands in the
/// log line that said so. On the admin listener only.
#[utoipa::path(
    post,
    path = "/v1/hook-deliveries/{hookId}/replay",
    tag = "Administration",
    security(("admin_key" = ["connections:write"])),
    params(("hookId" = String, Path, description = "`hook.id` of the log line")),
    responses(
        (status = 202, description = "It will be understood again soon"),
        (status = 401, description = "No admin key, or one that has ended", body = ErrorBody),
        (status = 403, description = "The admin key is not for this", body = ErrorBody),
        (status = 404, description = "No such webhook was given up", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.events.replay_hook", skip_all)]
pub(crate) async fn admin(admin: Admin) -> Result<HttpResponse, Problem> {
    let id = admin.segment("hookId", "webhook that was given up")?;
    let revived = admin.surface.gateway.replay_hook(id).await;
    if revived.map_err(|error| Problem::storage(&error))? {
        return Ok(HttpResponse::Accepted().finish());
    }
    Err(Problem::new(Code::ResourceNotFound, "there is no such webhook that was given up"))
}
