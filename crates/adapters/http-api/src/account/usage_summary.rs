//! `GET /v1/account/usage/summary`

use actix_web::HttpResponse;
use lodge_gateway::usage::{Report, SummaryQuery};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    usage_reader::{UsageReader, Who},
    usage_view::{SumsView, millis},
};
use crate::{
    caller::arrival,
    problem::{ErrorBody, Problem},
    query::{limit, query},
    views::Time,
};

/// What happened.
#[derive(Serialize, ToSchema)]
pub(crate) struct UsageSummaryView {
    data: SummaryView,
    request_id: String,
}

/// What happened.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SummaryView {
    from: Time,
    to: Time,
    /// Whose reads these are: `developer`, those of the organisation's apps;
    /// `customer`, those of one app of one customer.
    context: &'static str,
    totals: SumsView,
    /// Half of the reads were answered within it.
    p50_ms: Option<f64>,
    /// 95 of 100 reads were answered within it.
    p95_ms: Option<f64>,
    /// The length of a slot, in seconds.
    slot_seconds: u64,
    /// Slots of time in which there was a read, oldest first.
    timeline: Vec<SlotView>,
    top_clients: Vec<ClientSumsView>,
    top_endpoints: Vec<EndpointSumsView>,
    top_providers: Vec<ProviderSumsView>,
    top_repositories: Vec<RepositorySumsView>,
}

macro_rules! sums {
    ($($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $field:ident: $type:ty,)+ })+) => {$(
        $(#[$doc])*
        #[derive(Serialize, ToSchema)]
        #[serde(rename_all = "camelCase")]
        struct $name {
            $($(#[$of])* $field: $type,)+
            #[serde(flatten)]
            sums: SumsView,
        }
    )+};
}

sums! {
    /// A slot of time.
    SlotView { at: Time, }
    /// One app.
    ClientSumsView { client_id: String, name: Option<String>, }
    /// One operation.
    EndpointSumsView { endpoint_key: String, }
    /// One provider.
    ProviderSumsView { provider: String, }
    /// One repository.
    RepositorySumsView { provider: String, repository_id: String, }
}

impl SummaryView {
    fn new(context: &'static str, it: Report) -> Self {
        let Report { window, slot, summary, names } = it;
        let clients = summary.clients.iter().map(|(id, sums)| ClientSumsView {
            client_id: id.to_string(),
            name: names.get(id).cloned(),
            sums: (*sums).into(),
        });
        let clients = clients.collect();
        let totals = summary.totals().into();
        let (p50, p95) = (summary.within(50), summary.within(95));
        Self {
            from: window.from.into(),
            to: window.to.into(),
            context,
            totals,
            p50_ms: p50.map(millis),
            p95_ms: p95.map(millis),
            slot_seconds: slot.as_secs(),
            timeline: summary
                .slots
                .into_iter()
                .map(|(at, sums)| SlotView { at: at.into(), sums: sums.into() })
                .collect(),
            top_clients: clients,
            top_endpoints: summary
                .endpoints
                .into_iter()
                .map(|(endpoint_key, sums)| EndpointSumsView { endpoint_key, sums: sums.into() })
                .collect(),
            top_providers: summary
                .providers
                .into_iter()
                .map(|(it, sums)| ProviderSumsView { provider: it.to_string(), sums: sums.into() })
                .collect(),
            top_repositories: summary
                .repositories
                .into_iter()
                .map(|(provider, id, sums)| RepositorySumsView {
                    provider: provider.to_string(),
                    repository_id: id.to_string(),
                    sums: sums.into(),
                })
                .collect(),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Query {
    from: Option<String>,
    to: Option<String>,
    top: Option<String>,
    client_id: Option<String>,
}

/// What the apps of the developer's organisation read, added up. The browser of a
/// customer, with a session on the access page of the app `clientId` and none of a
/// developer, sees what that app read of the customer.
#[utoipa::path(
    get,
    path = "/v1/account/usage/summary",
    tag = "Developers",
    security(("user_session" = [])),
    params(
        ("from" = Option<String>, Query, description = "The first instant, or day; seven days before `to` when absent"),
        ("to" = Option<String>, Query, description = "The first instant, or day, that is no part of it; now when absent. At most 92 days after `from`"),
        ("top" = Option<u8>, Query, description = "How many apps, operations, providers and repositories are named: 1 to 100, 25 when absent"),
        ("clientId" = Option<String>, Query, description = "One app"),
    ),
    responses(
        (status = 200, description = "What happened", body = UsageSummaryView),
        (status = 400, description = "A parameter cannot be used", body = ErrorBody),
        (status = 401, description = "No session, or one that has ended", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.account.usage_summary", skip_all)]
pub(crate) async fn handler(reader: UsageReader) -> Result<HttpResponse, Problem> {
    let query: Query = query(&reader.request)?;
    let top = limit(query.top.as_deref())?;
    let asked = SummaryQuery {
        from: query.from.as_deref(),
        to: query.to.as_deref(),
        client: query.client_id.as_deref(),
        top: top.get(),
    };
    let gateway = &reader.surface.gateway;
    let (context, report) = match &reader.who {
        Who::Developer(it) => ("developer", gateway.summarise_usage(it.tenant, asked).await),
        Who::Customer(it) => ("customer", gateway.summarise_of_customer(it, asked).await),
    };
    let report = report.map_err(|error| Problem::usage(&error))?;
    Ok(HttpResponse::Ok().json(UsageSummaryView {
        data: SummaryView::new(context, report),
        request_id: arrival(&reader.request)?.id.to_string(),
    }))
}
