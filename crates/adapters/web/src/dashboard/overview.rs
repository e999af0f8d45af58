//! The apps, and what happened lately.

use askama::Template;
use lodge_access::{App, UsageSums};
use lodge_gateway::usage::Report;

use super::{
    chart::Chart,
    frame::Frame,
    told::{day, share, took},
};

#[derive(Template)]
#[template(path = "dashboard/overview.html")]
pub(super) struct OverviewPage {
    pub(super) frame: Frame,
    pub(super) may_manage: bool,
    pub(super) apps: Vec<AppView>,
    /// The app after which the list goes on.
    pub(super) next: Option<String>,
    pub(super) usage: UsageView,
}

/// One app in the list.
pub(super) struct AppView {
    id: String,
    name: String,
    permissions: String,
    created: String,
}

impl From<&App> for AppView {
    fn from(it: &App) -> Self {
        let count = it.default_permissions.iter().count();
        let permissions = match count {
            0 => "no permissions by default".to_owned(),
            1 => "1 permission".to_owned(),
            _ => format!("{count} permissions"),
        };
        Self {
            id: it.id.to_string(),
            name: it.name.clone(),
            permissions,
            created: day(it.created_at),
        }
    }
}

/// What happened.
pub(super) struct UsageView {
    totals: UsageSums,
    error_share: String,
    p50: String,
    p95: String,
    chart: Chart,
    lists: Vec<TopList>,
}

/// The most of something.
struct TopList {
    title: &'static str,
    what: &'static str,
    rows: Vec<TopRow>,
}

struct TopRow {
    name: String,
    link: String,
    requests: u64,
    errors: u64,
}

impl TopRow {
    /// `key` is the filter of the requests' page.
    fn new(name: String, key: &str, value: &str, sums: UsageSums) -> Self {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair(key, value);
        let link = format!("/app/requests?{}", query.finish());
        Self { name, link, requests: sums.requests, errors: sums.errors }
    }
}

impl From<&Report> for UsageView {
    fn from(it: &Report) -> Self {
        let summary = &it.summary;
        let totals = summary.totals();
        let within = |percent| summary.within(percent).map_or_else(String::new, took);
        let clients = summary.clients.iter().map(|(id, sums)| {
            let name = it.names.get(id).cloned().unwrap_or_else(|| id.to_string());
            TopRow::new(name, "clientId", &id.to_string(), *sums)
        });
        let endpoints = summary
            .endpoints
            .iter()
            .map(|(name, sums)| TopRow::new(name.clone(), "endpointKey", name, *sums));
        let providers = summary
            .providers
            .iter()
            .map(|(name, sums)| TopRow::new(name.to_string(), "provider", name.as_str(), *sums));
        let repositories = summary.repositories.iter().map(|(host, id, sums)| {
            TopRow::new(format!("{host}/{id}"), "repositoryId", id.as_str(), *sums)
        });
        let list = |title, what, rows| TopList { title, what, rows };
        Self {
            error_share: share(totals.errors, totals.requests),
            totals,
            p50: within(50),
            p95: within(95),
            chart: Chart::new(it.window, it.slot, summary),
            lists: vec![
                list("Apps", "App", clients.collect()),
                list("Operations", "Operation", endpoints.collect()),
                list("Repositories", "Repository", repositories.collect()),
                list("Hosts", "Host", providers.collect()),
            ],
        }
    }
}
