//! `GET /v1/account/quota`

use actix_web::HttpResponse;
use lodge_gateway::connections::quota::Quota;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    caller::{Anything, Bearer},
    problem::{ErrorBody, Problem},
    views::Time,
};

/// The budgets of the token's accounts.
#[derive(Serialize, ToSchema)]
pub(crate) struct QuotasView {
    data: Vec<QuotaView>,
    request_id: String,
}

/// How much one account may still ask of its provider. What the provider did
/// not say, or was not asked yet, is `null`.
#[derive(Serialize, ToSchema)]
pub(crate) struct QuotaView {
    connection_id: String,
    provider: String,
    /// Requests in one window.
    limit: Option<u64>,
    /// Requests that are left in this window.
    remaining: Option<u64>,
    /// When the next window begins.
    resets_at: Option<Time>,
    /// The provider asked us to be quiet until then.
    paused_until: Option<Time>,
}

impl From<Quota> for QuotaView {
    fn from(it: Quota) -> Self {
        Self {
            connection_id: it.connection.to_string(),
            provider: it.provider.to_string(),
            limit: it.budget.limit,
            remaining: it.budget.remaining,
            resets_at: it.budget.resets_at.map(Time::from),
            paused_until: it.budget.paused_until.map(Time::from),
        }
    }
}

/// How much the accounts of the token may still ask of their providers, as far
/// as those told this process. No provider is asked for it.
#[utoipa::path(
    get,
    path = "/v1/account/quota",
    tag = "Reading",
    security(("access_token" = [])),
    responses(
        (status = 200, description = "One for each account", body = QuotasView),
        (status = 401, description = "No token, or one that has ended", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.account.quota", skip_all)]
pub(crate) async fn handler(caller: Bearer<Anything>) -> Result<HttpResponse, Problem> {
    let quotas = caller.gateway().quotas(&caller.grant);
    let quotas = caller.noted(quotas.map_err(|refusal| Problem::refusal(&refusal))).await?;
    Ok(HttpResponse::Ok().json(QuotasView {
        data: quotas.into_iter().map(QuotaView::from).collect(),
        request_id: caller.arrival.id.to_string(),
    }))
}
