//! `PATCH /v1/subscriptions/{subscriptionId}`

use actix_web::HttpResponse;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    subscription_id,
    view::{One, SubscriptionView},
};
use crate::{
    body::RawBody,
    caller::{Bearer, SubscribeEvents},
    problem::{ErrorBody, Problem},
};

/// What to change.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateSubscriptionBody {
    /// Deliver, or rest. What happens during a rest is not delivered later.
    active: bool,
}

/// Pauses a subscription, or lets it go on.
#[utoipa::path(
    patch,
    path = "/v1/subscriptions/{subscriptionId}",
    tag = "Events",
    security(("access_token" = ["events:subscribe"])),
    params(("subscriptionId" = String, Path, description = "The subscription")),
    request_body = UpdateSubscriptionBody,
    responses(
        (status = 200, description = "As it is now", body = One<SubscriptionView>),
        (status = 400, description = "The request cannot be used", body = ErrorBody),
        (status = 401, description = "No token, or one that has ended", body = ErrorBody),
        (status = 403, description = "Not approved", body = ErrorBody),
        (status = 404, description = "This app has no such subscription", body = ErrorBody),
        (status = 429, description = "Too many requests", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.events.update_subscription", skip_all)]
pub(crate) async fn handler(
    caller: Bearer<SubscribeEvents>,
    body: RawBody,
) -> Result<HttpResponse, Problem> {
    let body: UpdateSubscriptionBody = caller.noted(body.json().await).await?;
    let id = caller.noted(subscription_id(&caller)).await?;
    let gateway = caller.gateway();
    let changed = gateway.set_subscription_active(&caller.grant, id, body.active).await;
    let changed = caller.noted(changed.map_err(|error| caller.not_subscribed(&error))).await?;
    Ok(HttpResponse::Ok().json(One {
        data: SubscriptionView::from(changed),
        request_id: caller.arrival.id.to_string(),
    }))
}
