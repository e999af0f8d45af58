//! `GET /v1/subscriptions/{subscriptionId}/deliveries`

use actix_web::HttpResponse;

use super::{
    cursor, subscription_id,
    view::{DeliveryView, Many},
};
use crate::{
    caller::{Bearer, PageQuery, SubscribeEvents},
    problem::{ErrorBody, Problem},
    query::limit,
    views::PageInfo,
};

/// What was, and will be, delivered to a subscription, newest first.
#[utoipa::path(
    get,
    path = "/v1/subscriptions/{subscriptionId}/deliveries",
    tag = "Events",
    security(("access_token" = ["events:subscribe"])),
    params(
        ("subscriptionId" = String, Path, description = "The subscription"),
        ("limit" = Option<u8>, Query, description = "How many items: 1 to 100, 25 when absent"),
        ("cursor" = Option<String>, Query, description = "`page_info.next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "One page", body = Many<DeliveryView>),
        (status = 400, description = "The limit or the cursor cannot be used", body = ErrorBody),
        (status = 401, description = "No token, or one that has ended", body = ErrorBody),
        (status = 403, description = "Not approved", body = ErrorBody),
        (status = 404, description = "This app has no such subscription", body = ErrorBody),
        (status = 429, description = "Too many requests", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.events.list_deliveries", skip_all)]
pub(crate) async fn handler(caller: Bearer<SubscribeEvents>) -> Result<HttpResponse, Problem> {
    let query: PageQuery = caller.query().await?;
    let id = caller.noted(subscription_id(&caller)).await?;
    let limit = limit(query.limit.as_deref());
    let limit = caller.noted(limit).await?;
    let before = caller.noted(cursor(query.cursor.as_deref())).await?;
    let page = caller.gateway().list_deliveries(&caller.grant, id, before, limit).await;
    let page = page.map_err(|error| caller.not_subscribed(&error));
    let (page, has_next_page) = caller.noted(page).await?;
    let data: Vec<DeliveryView> = page.into_iter().map(Into::into).collect();
    let next_cursor = data.last().filter(|_| has_next_page).map(|it| it.id.clone());
    Ok(HttpResponse::Ok().json(Many {
        data,
        page_info: PageInfo { limit: limit.get(), has_next_page, next_cursor },
        request_id: caller.arrival.id.to_string(),
    }))
}
