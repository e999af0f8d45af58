//! `GET /v1/subscriptions`

use actix_web::HttpResponse;

use super::{
    cursor,
    view::{Many, SubscriptionView},
};
use crate::{
    caller::{Bearer, PageQuery, SubscribeEvents},
    problem::{ErrorBody, Problem},
    query::limit,
    views::PageInfo,
};

/// What this approval's app has subscribed to, oldest first.
#[utoipa::path(
    get,
    path = "/v1/subscriptions",
    tag = "Events",
    security(("access_token" = ["events:subscribe"])),
    params(
        ("limit" = Option<u8>, Query, description = "How many items: 1 to 100, 25 when absent"),
        ("cursor" = Option<String>, Query, description = "`page_info.next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "One page", body = Many<SubscriptionView>),
        (status = 400, description = "The limit or the cursor cannot be used", body = ErrorBody),
        (status = 401, description = "No token, or one that has ended", body = ErrorBody),
        (status = 403, description = "Not approved", body = ErrorBody),
        (status = 429, description = "Too many requests", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.events.list_subscriptions", skip_all)]
pub(crate) async fn handler(caller: Bearer<SubscribeEvents>) -> Result<HttpResponse, Problem> {
    let query: PageQuery = caller.query().await?;
    let limit = limit(query.limit.as_deref());
    let limit = caller.noted(limit).await?;
    let after = caller.noted(cursor(query.cursor.as_deref())).await?;
    let page = caller.gateway().list_subscriptions(&caller.grant, after, limit).await;
    let page = page.map_err(|error| caller.not_subscribed(&error));
    let (page, has_next_page) = caller.noted(page).await?;
    let data: Vec<SubscriptionView> = page.into_iter().map(Into::into).collect();
    let next_cursor = data.last().filter(|_| has_next_page).map(|it| it.id.clone());
    Ok(HttpResponse::Ok().json(Many {
        data,
        page_info: PageInfo { limit: limit.get(), has_next_page, next_cursor },
        request_id: caller.arrival.id.to_string(),
    }))
}
