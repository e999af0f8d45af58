//! `GET /v1/developer/apps`

use actix_web::HttpResponse;
use lodge_kernel::ClientId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    caller::{Developer, PageQuery, arrival},
    developer::app_view::AppView,
    problem::{Code, ErrorBody, Problem},
    query::{limit, query},
    views::PageInfo,
};

/// A developer's apps.
#[derive(Serialize, ToSchema)]
pub(crate) struct AppsView {
    data: Vec<AppView>,
    page_info: PageInfo,
    oauth: OAuthPlaces,
    request_id: String,
}

/// Where OAuth happens.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct OAuthPlaces {
    authorization_endpoint: String,
    token_endpoint: String,
}

/// The developer's apps, oldest first.
#[utoipa::path(
    get,
    path = "/v1/developer/apps",
    tag = "Developers",
    security(("user_session" = [])),
    params(
        ("limit" = Option<u8>, Query, description = "How many items: 1 to 100, 25 when absent"),
        ("cursor" = Option<String>, Query, description = "`page_info.next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "One page", body = AppsView),
        (status = 400, description = "The limit or the cursor cannot be used", body = ErrorBody),
        (status = 401, description = "No session, or one that has ended", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.developer.list_apps", skip_all)]
pub(crate) async fn handler(developer: Developer) -> Result<HttpResponse, Problem> {
    let query: PageQuery = query(&developer.request)?;
    let limit = limit(query.limit.as_deref())?;
    // Ids say nothing that their owner does not see anyway: the last one is
    // cursor enough.
    let after = query.cursor.as_deref().map(str::parse::<ClientId>).transpose();
    let after = after.map_err(|_not_an_id| {
        Problem::new(Code::InvalidCursor, "the cursor does not belong to this request")
    })?;
    let surface = &developer.surface;
    let apps = surface.gateway.list_apps(&developer.visitor, after, limit.get() + 1).await;
    let apps = apps.map_err(|error| Problem::storage(&error))?;
    let has_next_page = apps.len() > limit.get();
    let data: Vec<_> = apps.iter().take(limit.get()).map(AppView::from).collect();
    let last = apps.iter().take(limit.get()).next_back().filter(|_| has_next_page);
    let next_cursor = last.map(|it| it.id.to_string());
    let issuer = surface.issuer();
    Ok(HttpResponse::Ok().json(AppsView {
        data,
        page_info: PageInfo { limit: limit.get(), has_next_page, next_cursor },
        oauth: OAuthPlaces {
            authorization_endpoint: format!("{issuer}/oauth/authorize"),
            token_endpoint: format!("{issuer}/oauth/token"),
        },
        request_id: arrival(&developer.request)?.id.to_string(),
    }))
}
