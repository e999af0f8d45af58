//! `DELETE /v1/subscriptions/{subscriptionId}`

use actix_web::HttpResponse;

use super::subscription_id;
use crate::{
    caller::{Bearer, SubscribeEvents},
    problem::{ErrorBody, Problem},
};

/// Ends a subscription; its provider is told.
#[utoipa::path(
    delete,
    path = "/v1/subscriptions/{subscriptionId}",
    tag = "Events",
    security(("access_token" = ["events:subscribe"])),
    params(("subscriptionId" = String, Path, description = "The subscription")),
    responses(
        (status = 204, description = "It has ended"),
        (status = 401, description = "No token, or one that has ended", body = ErrorBody),
        (status = 403, description = "Not approved", body = ErrorBody),
        (status = 404, description = "This app has no such subscription", body = ErrorBody),
        (status = 429, description = "Too many requests", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.events.end_subscription", skip_all)]
pub(crate) async fn handler(caller: Bearer<SubscribeEvents>) -> Result<HttpResponse, Problem> {
    let id = caller.noted(subscription_id(&caller)).await?;
    let ended = caller.gateway().end_subscription(&caller.grant, id).await;
    caller.noted(ended.map_err(|error| caller.not_subscribed(&error))).await?;
    Ok(HttpResponse::NoContent().finish())
}
