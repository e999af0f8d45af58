//! `POST /v1/account/logout`

use actix_web::HttpResponse;

use crate::{
    caller::SignedIn,
    problem::{ErrorBody, Problem},
};

/// Ends this session.
#[utoipa::path(
    post,
    path = "/v1/account/logout",
    tag = "People",
    security(("user_session" = [])),
    responses(
        (status = 204, description = "It has ended"),
        (status = 401, description = "No session, or one that has ended", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.people.log_out", skip_all)]
pub(crate) async fn handler(caller: SignedIn) -> Result<HttpResponse, Problem> {
    let id = caller.person.session.id;
    let ended = caller.surface.gateway.end_session(&caller.person, id).await;
    ended.map_err(|error| Problem::storage(&error))?;
    Ok(HttpResponse::NoContent().finish())
}
