//! `GET /v1/account/connections`

use actix_web::HttpResponse;
use lodge_gateway::usage::approved::ConnectedAccount;
use lodge_kernel::ConnectionId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    account::repositories::own_tenant,
    caller::{Developer, arrival},
    problem::{Code, ErrorBody, Problem},
    query::{limit, query},
    views::{PageInfo, Time},
};

/// Some accounts.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccountConnectionsView {
    data: Vec<AccountConnectionView>,
    page_info: PageInfo,
    request_id: String,
}

/// An account that a customer connected. Its name is the customer's to tell,
/// by `read:profile`.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AccountConnectionView {
    id: String,
    tenant_id: String,
    customer_id: String,
    provider: String,
    /// `active`, `needs_reconnect`, `disabled` or `disconnected`.
    status: &'static str,
    /// What the provider told this process of its limit.
    limit: Option<u64>,
    remaining: Option<u64>,
    created_at: Time,
    updated_at: Time,
}

impl From<ConnectedAccount> for AccountConnectionView {
    fn from(ConnectedAccount { connection: it, budget }: ConnectedAccount) -> Self {
        Self {
            id: it.id.to_string(),
            tenant_id: it.tenant.to_string(),
            customer_id: it.customer.to_string(),
            provider: it.provider.to_string(),
            status: it.status.name(),
            limit: budget.limit,
            remaining: budget.remaining,
            created_at: it.created_at.into(),
            updated_at: it.updated_at.into(),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Query {
    tenant_id: Option<String>,
    limit: Option<String>,
    cursor: Option<String>,
}

/// The accounts that customers of the developer's organisation connected,
/// oldest first.
#[utoipa::path(
    get,
    path = "/v1/account/connections",
    tag = "Developers",
    security(("user_session" = [])),
    params(
        ("tenantId" = Option<String>, Query, description = "The organisation: the session's own"),
        ("limit" = Option<u8>, Query, description = "How many items: 1 to 100, 25 when absent"),
        ("cursor" = Option<String>, Query, description = "`page_info.next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "One page", body = AccountConnectionsView),
        (status = 400, description = "A parameter cannot be used", body = ErrorBody),
        (status = 401, description = "No session, or one that has ended", body = ErrorBody),
        (status = 404, description = "Not an organisation of this session", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.account.connections", skip_all)]
pub(crate) async fn handler(developer: Developer) -> Result<HttpResponse, Problem> {
    let query: Query = query(&developer.request)?;
    let tenant = own_tenant(&developer, query.tenant_id.as_deref())?;
    let limit = limit(query.limit.as_deref())?;
    let after = query.cursor.as_deref().map(str::parse::<ConnectionId>).transpose();
    let after = after.map_err(|_not_an_id| {
        Problem::new(Code::InvalidCursor, "the cursor does not belong to this request")
    })?;
    let gateway = &developer.surface.gateway;
    let accounts = gateway.list_connected_accounts(tenant, after, limit.get() + 1).await;
    let mut accounts = accounts.map_err(|error| Problem::storage(&error))?;
    let has_next_page = accounts.len() > limit.get();
    accounts.truncate(limit.get());
    let last = accounts.last().filter(|_| has_next_page);
    let next_cursor = last.map(|it| it.connection.id.to_string());
    Ok(HttpResponse::Ok().json(AccountConnectionsView {
        data: accounts.into_iter().map(AccountConnectionView::from).collect(),
        page_info: PageInfo { limit: limit.get(), has_next_page, next_cursor },
        request_id: arrival(&developer.request)?.id.to_string(),
    }))
}
