//! The journal: a page of it, and one request.

use askama::Template;
use lodge_access::{Permission, UsageRow};
use lodge_forge::RepositoryId;
use lodge_gateway::usage::{LogPage, LogQuery, LoggedRequest};
use lodge_kernel::RequestId;
use url::form_urlencoded;

use super::{
    form::field,
    frame::Frame,
    told::{second, took},
};

/// How wide the bar of a request's time is drawn.
const BAR: u128 = 720;

/// What the filters of the page say.
#[derive(Debug, Default)]
pub(super) struct Filter {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) client: String,
    pub(super) endpoint: String,
    pub(super) provider: String,
    pub(super) repository: String,
    pub(super) failed: bool,
    before: Option<RequestId>,
}

impl Filter {
    pub(super) fn read(fields: &[(String, String)]) -> Self {
        let text = |name| field(fields, name).chars().take(200).collect::<String>();
        Self {
            from: text("from"),
            to: text("to"),
            client: text("clientId"),
            endpoint: text("endpointKey"),
            provider: text("provider"),
            repository: text("repositoryId"),
            failed: field(fields, "failed") == "true",
            before: field(fields, "before").parse().ok(),
        }
    }

    pub(super) fn query(&self) -> LogQuery<'_> {
        fn given(text: &str) -> Option<&str> {
            Some(text).filter(|it| !it.is_empty())
        }
        LogQuery {
            from: given(&self.from),
            to: given(&self.to),
            customer: None,
            client: given(&self.client),
            endpoint: given(&self.endpoint),
            provider: given(&self.provider),
            repository: given(&self.repository),
            failed: self.failed,
            offset: 0,
            before: self.before,
        }
    }

    fn is_set(&self) -> bool {
        !self.first().is_empty()
    }

    /// The query of the first page with these filters.
    fn first(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let texts = [
            ("from", &self.from),
            ("to", &self.to),
            ("clientId", &self.client),
            ("endpointKey", &self.endpoint),
            ("provider", &self.provider),
            ("repositoryId", &self.repository),
        ];
        query.extend_pairs(texts.into_iter().filter(|(_, text)| !text.is_empty()));
        if self.failed {
            query.append_pair("failed", "true");
        }
        query.finish()
    }
}

#[derive(Template)]
#[template(path = "dashboard/requests.html")]
pub(super) struct RequestsPage {
    pub(super) frame: Frame,
    pub(super) problem: Option<String>,
    /// The ids and names of apps.
    pub(super) apps: Vec<(String, String)>,
    pub(super) hosts: Vec<String>,
    pub(super) rows: Vec<RowView>,
    pub(super) first: String,
    pub(super) next: Option<String>,
    pub(super) filter: Filter,
}

/// One row of the page.
pub(super) struct RowView {
    id: String,
    at: String,
    endpoint: String,
    repository: Option<String>,
    status: u16,
    failed: bool,
    error: Option<String>,
    took: String,
    calls: u32,
    withheld: u64,
}

impl From<&UsageRow> for RowView {
    fn from(it: &UsageRow) -> Self {
        let place = it.provider.as_ref().zip(it.repository.as_ref());
        Self {
            id: it.request.to_string(),
            at: second(it.at),
            endpoint: it.endpoint.to_string(),
            repository: place.map(|(host, id)| format!("{host}/{id}")),
            status: it.status,
            failed: it.status >= 400,
            error: it.error_code.as_deref().map(str::to_owned),
            took: took(it.duration),
            calls: it.upstream.calls,
            withheld: u64::from(it.withheld) + u64::from(it.masked),
        }
    }
}

impl RequestsPage {
    /// `page` is that of `filter`.
    pub(super) fn with(self, page: &LogPage) -> Self {
        let first = self.filter.first();
        let last = page.rows.last().filter(|_| page.has_more);
        let next = last.map(|it| match first.as_str() {
            "" => format!("before={}", it.request),
            some => format!("{some}&before={}", it.request),
        });
        Self { rows: page.rows.iter().map(RowView::from).collect(), first, next, ..self }
    }
}

#[derive(Template)]
#[template(path = "dashboard/request.html")]
pub(super) struct RequestPage {
    frame: Frame,
    id: String,
    at: String,
    endpoint: String,
    client: String,
    app: Option<String>,
    token: String,
    /// What it was about, as far as it came to that.
    subjects: Vec<(&'static str, String)>,
    status: u16,
    failed: bool,
    error: Option<String>,
    items: u32,
    bytes: u64,
    scope: Option<&'static str>,
    consent: &'static str,
    withheld: u32,
    masked: u32,
    rules: Vec<String>,
    took: String,
    waited: String,
    ours: String,
    waited_width: u128,
    calls: u32,
    confirmed: u32,
    shared: u32,
    curl: Option<String>,
}

impl RequestPage {
    pub(super) fn new(frame: Frame, logged: &LoggedRequest, issuer: &str) -> Self {
        let row = &logged.row;
        let subjects = [
            ("Host", row.provider.as_ref().map(ToString::to_string)),
            ("Repository", row.repository.as_ref().map(ToString::to_string)),
            ("Approval", row.authorization.map(|it| it.to_string())),
            ("Customer", row.customer.map(|it| it.to_string())),
            ("Connection", row.connection.map(|it| it.to_string())),
        ];
        let live = logged.app.as_ref().filter(|it| it.is_active());
        let waited = row.upstream.waited.min(row.duration);
        Self {
            frame,
            id: row.request.to_string(),
            at: format!("{} UTC", second(row.at)),
            endpoint: row.endpoint.to_string(),
            client: row.client.to_string(),
            app: live.map(|it| it.name.clone()),
            token: row.token.to_string(),
            subjects: subjects.into_iter().filter_map(|(name, it)| Some((name, it?))).collect(),
            status: row.status,
            failed: row.status >= 400,
            error: row.error_code.as_deref().map(str::to_owned),
            items: row.items,
            bytes: row.bytes,
            scope: row.scope.map(Permission::scope),
            consent: consent(row.error_code.as_deref(), row.authorization.is_some()),
            withheld: row.withheld,
            masked: row.masked,
            rules: row.rules.clone(),
            took: took(row.duration),
            waited: took(waited),
            ours: took(row.duration.saturating_sub(waited)),
            waited_width: (waited.as_micros() * BAR)
                .checked_div(row.duration.as_micros())
                .unwrap_or_default(),
            calls: row.upstream.calls,
            confirmed: row.upstream.confirmed,
            shared: row.upstream.shared,
            curl: curl(row, issuer),
        }
    }
}

/// What the customer's approval had to say, as far as the code of the answer
/// tells.
fn consent(error: Option<&str>, approved: bool) -> &'static str {
    match error {
        Some("REPOSITORY_NOT_APPROVED") => "refused: the repository is not among those approved",
        Some("APPROVAL_REQUIRED") => "refused: nothing is approved, or not any more",
        Some("APPROVAL_PENDING") => "refused: the customer has not answered yet",
        Some("INSUFFICIENT_SCOPE") => "refused: the scope was not granted",
        Some("PROVIDER_ACCOUNT_NOT_CONNECTED") => "refused: no account at this host is part of it",
        Some("AUTH_EXPIRED" | "INVALID_CREDENTIALS") => {
            "not asked: the token, or the account, is no longer taken"
        }
        Some("RATE_LIMITED") => "not always asked: there were too many requests",
        Some(_) if approved => "did not stand in the way",
        None if approved => "approved",
        _ => "not asked",
    }
}

/// The path behind a repository, for the operations that need no more than it.
const PATHS: &[(&str, &str)] = &[
    ("repositories.find", ""),
    ("branches.list", "/branches"),
    ("commits.list", "/commits"),
    ("pull-requests.list", "/pull-requests"),
    ("contributors.list", "/contributors"),
    ("tags.list", "/tags"),
    ("releases.list", "/releases"),
    ("checks.list", "/checks"),
    ("deployments.list", "/deployments"),
    ("file-tree.list", "/file-tree"),
];

/// The same request again. `None` where the journal does not have all of it.
fn curl(row: &UsageRow, issuer: &str) -> Option<String> {
    let path = match (&*row.endpoint, &row.provider, &row.repository) {
        ("me", ..) => "/v1/me".to_owned(),
        ("repositories.list", ..) => "/v1/repositories".to_owned(),
        (endpoint, Some(provider), Some(repository)) => {
            let (_, rest) = PATHS.iter().find(|(known, _)| *known == endpoint)?;
            format!("/v1/repositories/{provider}/{}{rest}", RepositoryId::as_str(repository))
        }
        _ => return None,
    };
    Some(format!("curl -H \"authorization: Bearer $ACCESS_TOKEN\" \\\n  {issuer}{path}"))
}
