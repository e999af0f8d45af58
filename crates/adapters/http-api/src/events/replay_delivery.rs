//! `POST /v1/subscriptions/{subscriptionId}/deliveries/{deliveryId}/replay`

use actix_web::HttpResponse;

use super::{
    delivery_id, subscription_id,
    view::{DeliveryView, One},
};
use crate::{
    caller::{Bearer, SubscribeEvents},
    problem::{ErrorBody, Problem},
};

/// Delivers once more, under the same `webhook-id`.
#[utoipa::path(
    post,
    path = "/v1/subscriptions/{subscriptionId}/deliveries/{deliveryId}/replay",
    tag = "Events",
    security(("access_token" = ["events:subscribe"])),
    params(
        ("subscriptionId" = String, Path, description = "The subscription"),
        ("deliveryId" = String, Path, description = "The delivery"),
    ),
    responses(
        (status = 202, description = "It will be delivered", body = One<DeliveryView>),
        (status = 401, description = "No token, or one that has ended", body = ErrorBody),
        (status = 403, description = "Not approved", body = ErrorBody),
        (status = 404, description = "This app has no such delivery", body = ErrorBody),
        (status = 429, description = "Too many requests", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.events.replay_delivery", skip_all)]
pub(crate) async fn handler(caller: Bearer<SubscribeEvents>) -> Result<HttpResponse, Problem> {
    let subscription = caller.noted(subscription_id(&caller)).await?;
    let delivery = caller.noted(delivery_id(&caller)).await?;
    let again = caller.gateway().replay_delivery(&caller.grant, subscription, delivery).await;
    let again = caller.noted(again.map_err(|error| caller.not_subscribed(&error))).await?;
    Ok(HttpResponse::Accepted()
        .json(One { data: DeliveryView::from(again), request_id: caller.arrival.id.to_string() }))
}
