//! The developer's side: apps, usage, requests, connections.
//!
//! Reading order: [`frame`] (what stands around a page), [`overview`], [`app`]
//! with [`form`] and [`apps`] (what forms do), [`requests`] and [`connections`].

mod app;
mod apps;
mod chart;
mod connections;
mod form;
pub(crate) mod frame;
mod overview;
mod requests;
pub(crate) mod told;

use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{self, Query},
};
use askama::Template;
use lodge_access::Act;
use lodge_gateway::{
    developer::AppProblem,
    usage::{LogPage, SummaryQuery, UsageError},
};
use lodge_kernel::{AuthorizationId, ClientId, ConnectionId, RequestId};
use serde::Deserialize;

use crate::{
    answer::{self, Head},
    problem::Problem,
    session::{Away, SignedIn},
};
pub(crate) use apps::{create, delete, new, rotate, show, try_it, update};
use connections::{AccountView, ConnectionsPage, RepositoryView};
use form::{Fields, field};
pub(crate) use frame::{Frame, Place};
use overview::{AppView, OverviewPage, UsageView};
use requests::{Filter, RequestPage, RequestsPage};

/// How many rows a list has before it goes on.
const PAGE: usize = 25;
/// How many apps are named at the most where one is chosen.
const CHOICE: usize = 200;
/// How many of the most are named.
const TOP: usize = 5;

/// Around a page for `signed`.
fn frame(signed: &SignedIn, place: Place) -> Frame {
    Frame::new(&signed.visitor.user, &signed.csrf, place)
}

fn page(status: StatusCode, template: &impl Template) -> HttpResponse {
    answer::page(status, &Head::default(), template)
}

#[derive(Deserialize)]
pub(crate) struct Dashboard {
    after: Option<String>,
}

/// `GET /app/dashboard`
#[tracing::instrument(name = "web.dashboard", skip_all)]
pub(crate) async fn overview(
    signed: SignedIn,
    query: Query<Dashboard>,
) -> Result<HttpResponse, Away> {
    let (gateway, tenant) = (&signed.site.gateway, signed.visitor.tenant);
    // What is no id is the beginning.
    let after = query.after.as_deref().and_then(|it| it.parse::<ClientId>().ok());
    let mut apps = gateway.list_apps(&signed.visitor, after, PAGE + 1).await?;
    let more = apps.len() > PAGE;
    apps.truncate(PAGE);
    let asked = SummaryQuery { top: TOP, ..SummaryQuery::default() };
    let report = gateway.summarise_usage(tenant, asked).await.map_err(usage_problem)?;
    let view = OverviewPage {
        frame: frame(&signed, Place::Overview),
        may_manage: signed.visitor.role.may(Act::ManageApps),
        next: apps.last().filter(|_| more).map(|it| it.id.to_string()),
        apps: apps.iter().map(AppView::from).collect(),
        usage: UsageView::from(&report),
    };
    Ok(page(StatusCode::OK, &view))
}

/// `GET /app/requests`
#[tracing::instrument(name = "web.requests", skip_all)]
pub(crate) async fn requests(
    signed: SignedIn,
    fields: Query<Fields>,
) -> Result<HttpResponse, Away> {
    let wanted = field(&fields, "requestId");
    if let Ok(id) = wanted.parse::<RequestId>() {
        return Ok(answer::see_other(&format!("/app/requests/{id}")).finish());
    }
    let gateway = &signed.site.gateway;
    let filter = Filter::read(&fields);
    let found = gateway.list_requests(signed.visitor.tenant, filter.query(), PAGE).await;
    let unknown = (!wanted.is_empty())
        .then(|| "A request id is gf_req_ followed by 32 hexadecimal digits".to_owned());
    let (status, problem, found) = match found {
        Ok(found) => (StatusCode::OK, unknown, found),
        Err(UsageError::Invalid { problem }) => {
            (StatusCode::BAD_REQUEST, Some(problem), LogPage { rows: Vec::new(), has_more: false })
        }
        Err(error) => return Err(usage_problem(error).into()),
    };
    let apps = gateway.list_apps(&signed.visitor, None, CHOICE).await?;
    let view = RequestsPage {
        frame: frame(&signed, Place::Requests),
        problem,
        apps: apps.into_iter().map(|it| (it.id.to_string(), it.name)).collect(),
        hosts: gateway.providers.iter().map(|it| it.name().to_string()).collect(),
        rows: Vec::new(),
        first: String::new(),
        next: None,
        filter,
    };
    Ok(page(status, &view.with(&found)))
}

/// `GET /app/requests/{requestId}`
#[tracing::instrument(name = "web.request", skip_all)]
pub(crate) async fn request(signed: SignedIn, id: web::Path<String>) -> Result<HttpResponse, Away> {
    let id: RequestId = id.parse().map_err(|_not_an_id| usage_problem(UsageError::NotFound))?;
    let found = signed.site.gateway.find_request(signed.visitor.tenant, id).await;
    let found = found.map_err(usage_problem)?;
    let frame = frame(&signed, Place::Requests).below([("Requests", "/app/requests")]);
    Ok(page(StatusCode::OK, &RequestPage::new(frame, &found, &signed.site.issuer)))
}

#[derive(Deserialize)]
pub(crate) struct Connections {
    account: Option<String>,
    repository: Option<String>,
}

/// `GET /app/connections`
#[tracing::instrument(name = "web.connections", skip_all)]
pub(crate) async fn connections(
    signed: SignedIn,
    query: Query<Connections>,
) -> Result<HttpResponse, Away> {
    let (gateway, tenant) = (&signed.site.gateway, signed.visitor.tenant);
    let after = query.account.as_deref().and_then(|it| it.parse::<ConnectionId>().ok());
    let mut accounts = gateway.list_connected_accounts(tenant, after, PAGE + 1).await?;
    let more_accounts = accounts.len() > PAGE;
    accounts.truncate(PAGE);
    let after = query.repository.as_deref().and_then(|it| {
        let (authorization, position) = it.split_once('.')?;
        Some((authorization.parse::<AuthorizationId>().ok()?, position.parse().ok()?))
    });
    let mut approved = gateway.list_approved(tenant, None, after, PAGE + 1).await?;
    let more_approved = approved.len() > PAGE;
    approved.truncate(PAGE);
    let apps = gateway.list_apps(&signed.visitor, None, CHOICE).await?;
    let name = |id| apps.iter().find(|it| it.id == id).map(|it| it.name.clone());
    let last = approved.last().filter(|_| more_approved);
    let next_repository = last.map(|it| format!("{}.{}", it.authorization, it.position));
    let last = accounts.last().filter(|_| more_accounts);
    let view = ConnectionsPage {
        frame: frame(&signed, Place::Connections),
        next_account: last.map(|it| it.connection.id.to_string()),
        accounts: accounts.into_iter().map(AccountView::from).collect(),
        repositories: approved.iter().map(|it| RepositoryView::new(it, name(it.client))).collect(),
        next_repository,
    };
    Ok(page(StatusCode::OK, &view))
}

fn usage_problem(error: UsageError) -> Problem {
    match error {
        UsageError::Invalid { problem } => Problem::unreadable(problem),
        UsageError::NotFound => Problem::nothing_here(error.to_string()),
        UsageError::Storage(error) => error.into(),
    }
}

fn app_problem(error: AppProblem) -> Problem {
    match error {
        AppProblem::NotFound => Problem::nothing_here(error.to_string()),
        AppProblem::Denied(denied) => Problem::not_allowed(denied.to_string()),
        AppProblem::Invalid(_) | AppProblem::Overlap => Problem::unreadable(error.to_string()),
        AppProblem::Storage(error) => error.into(),
    }
}
