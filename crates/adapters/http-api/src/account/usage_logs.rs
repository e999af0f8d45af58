//! `GET /v1/account/usage/logs`

use actix_web::HttpResponse;
use lodge_gateway::usage::{LogPage, LogQuery, UsageError};
use lodge_kernel::RequestId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{usage_reader::UsageReader, usage_view::UsageRowView};
use crate::{
    caller::arrival,
    problem::{Code, ErrorBody, Problem},
    query::{limit, query},
    views::PageInfo,
};

/// One page of the journal.
#[derive(Serialize, ToSchema)]
pub(crate) struct UsageLogsView {
    data: Vec<UsageRowView>,
    page_info: PageInfo,
    request_id: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct LogsQuery {
    from: Option<String>,
    to: Option<String>,
    top: Option<String>,
    limit: Option<String>,
    offset: Option<String>,
    cursor: Option<String>,
    client_id: Option<String>,
    endpoint_key: Option<String>,
    provider: Option<String>,
    repository_id: Option<String>,
    request_id: Option<String>,
    failed: Option<bool>,
}

/// What the apps of the developer's organisation read, newest first. The browser of
/// a customer, with a session on the access page of the app `clientId` and none of
/// a developer, sees what that app read of the customer.
#[utoipa::path(
    get,
    path = "/v1/account/usage/logs",
    tag = "Developers",
    security(("user_session" = [])),
    params(
        ("from" = Option<String>, Query, description = "The first instant, or day; seven days before `to` when absent"),
        ("to" = Option<String>, Query, description = "The first instant, or day, that is no part of it; now when absent. At most 92 days after `from`"),
        ("top" = Option<u8>, Query, description = "How many rows: 1 to 100, 25 when absent. `limit` is the same"),
        ("limit" = Option<u8>, Query, description = "The same as `top`"),
        ("offset" = Option<u16>, Query, description = "How many rows to leave out, at most 10,000. `cursor` goes on without getting slower"),
        ("cursor" = Option<String>, Query, description = "`page_info.next_cursor` of the page before"),
        ("clientId" = Option<String>, Query, description = "One app"),
        ("endpointKey" = Option<String>, Query, description = "One operation, for example `commits.list`"),
        ("provider" = Option<String>, Query, description = "One provider"),
        ("repositoryId" = Option<String>, Query, description = "One repository"),
        ("requestId" = Option<String>, Query, description = "One request, whenever it was: nothing else counts then"),
        ("failed" = Option<bool>, Query, description = "`true`: only what was refused or failed"),
    ),
    responses(
        (status = 200, description = "One page", body = UsageLogsView),
        (status = 400, description = "A parameter cannot be used", body = ErrorBody),
        (status = 401, description = "No session, or one that has ended", body = ErrorBody),
        (status = 404, description = "No app of the organisation made this request", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.account.usage_logs", skip_all)]
pub(crate) async fn handler(reader: UsageReader) -> Result<HttpResponse, Problem> {
    let query: LogsQuery = query(&reader.request)?;
    let gateway = &reader.surface.gateway;
    let (tenant, customer) = (reader.tenant(), reader.customer());
    let limit = limit(query.top.as_deref().or(query.limit.as_deref()))?;
    let page = if let Some(id) = &query.request_id {
        let id = id.parse().map_err(|error| Problem::invalid(format!("`requestId`: {error}")))?;
        let found = gateway.find_request(tenant, id).await;
        let found = found.map_err(|error| Problem::usage(&error))?;
        if customer.is_some() && found.row.customer != customer {
            return Err(Problem::usage(&UsageError::NotFound));
        }
        LogPage { rows: vec![found.row], has_more: false }
    } else {
        let before = query.cursor.as_deref().map(str::parse::<RequestId>).transpose();
        let before = before.map_err(|_not_an_id| {
            Problem::new(Code::InvalidCursor, "the cursor does not belong to this request")
        })?;
        let offset = query.offset.as_deref().map(str::parse).transpose();
        let offset = offset.map_err(|_not_a_number| {
            Problem::invalid("`offset` is a whole number from 0 to 10,000")
        })?;
        let asked = LogQuery {
            from: query.from.as_deref(),
            to: query.to.as_deref(),
            client: query.client_id.as_deref(),
            customer,
            endpoint: query.endpoint_key.as_deref(),
            provider: query.provider.as_deref(),
            repository: query.repository_id.as_deref(),
            failed: query.failed.unwrap_or_default(),
            offset: offset.unwrap_or_default(),
            before,
        };
        let page = gateway.list_requests(tenant, asked, limit.get()).await;
        page.map_err(|error| Problem::usage(&error))?
    };
    let last = page.rows.last().filter(|_| page.has_more);
    let next_cursor = last.map(|it| it.request.to_string());
    Ok(HttpResponse::Ok().json(UsageLogsView {
        page_info: PageInfo { limit: limit.get(), has_next_page: page.has_more, next_cursor },
        data: page.rows.into_iter().map(UsageRowView::from).collect(),
        request_id: arrival(&reader.request)?.id.to_string(),
    }))
}
