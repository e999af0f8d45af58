//! `POST /v1/repositories/{provider}/{repoId}/events/subscribe`

use actix_web::HttpResponse;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    body::RawBody,
    caller::{Bearer, SubscribeEvents},
    problem::{ErrorBody, Problem},
};

/// What to be told of, and where.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "the shape is checked before a host is asked; none sends events yet")]
pub(crate) struct SubscribeBody {
    /// Where events are delivered to: an `https` URL.
    callback_url: String,
    /// Unified event names.
    events: Vec<String>,
    /// Deliver at once.
    active: Option<bool>,
    /// Signs deliveries; made when absent.
    secret: Option<String>,
}

/// Subscribes to events of a repository, where its provider can send them.
#[utoipa::path(
    post,
    path = "/v1/repositories/{provider}/{repoId}/events/subscribe",
    tag = "Reading",
    security(("access_token" = ["events:subscribe"])),
    params(
        ("provider" = String, Path, description = "The provider's name"),
        ("repoId" = String, Path, description = "The repository's id, as `/v1/repositories` gives it"),
    ),
    request_body = SubscribeBody,
    responses(
        (status = 400, description = "The request, its limit or its cursor cannot be used", body = ErrorBody),
        (status = 401, description = "No token, or one that has ended", body = ErrorBody),
        (status = 403, description = "Not approved", body = ErrorBody),
        (status = 404, description = "Not there", body = ErrorBody),
        (status = 410, description = "The cursor is too old", body = ErrorBody),
        (status = 429, description = "Too many requests", body = ErrorBody),
        (status = 501, description = "The provider has nothing like it", body = ErrorBody),
        (status = 503, description = "The provider cannot be reached", body = ErrorBody),
        (status = 504, description = "The provider did not answer in time", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.events.subscribe", skip_all)]
pub(crate) async fn handler(
    caller: Bearer<SubscribeEvents>,
    body: RawBody,
) -> Result<HttpResponse, Problem> {
    let _checked: SubscribeBody = caller.noted(body.json().await).await?;
    match caller.gateway().subscribe(&caller.grant, caller.ask()) {
        Ok(never) => match never {},
        Err(error) => Err(caller.failed(&error).await),
    }
}
