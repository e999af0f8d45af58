//! The access page itself.

use std::collections::HashMap;

use actix_web::{HttpResponse, http::StatusCode};
use askama::Template;
use lodge_access::{Authorization, AuthorizationState, ConnectionStatus};
use lodge_gateway::customer::{AccessPage, Insider, access_page::AccountLine, journal::Names};
use url::form_urlencoded;

use super::{
    door::Door,
    receipt::ReceiptLine,
    words::{ReadView, day, labels, minute},
};
use crate::{answer, problem::Problem};

/// Up to so many repositories are in sight from the start.
const FEW: usize = 12;

#[derive(Template)]
#[template(path = "company.html")]
struct AccessView<'a> {
    path: String,
    said: Option<&'static str>,
    app: &'a str,
    description: Option<&'a str>,
    organisation: &'a str,
    customer: Option<&'a str>,
    /// The app vouched for this customer.
    vouched: bool,
    csrf: &'a str,
    approvals: Vec<ApprovalView<'a>>,
    accounts: Vec<AccountView<'a>>,
    can_connect: bool,
    requests: u64,
    refused: u64,
    withheld: u64,
    masked: u64,
    latest: Vec<ReadView>,
    receipts: Vec<ReceiptLine>,
}

struct ApprovalView<'a> {
    id: String,
    since: String,
    until: String,
    purpose: Option<&'a str>,
    of_account: Vec<&'static str>,
    repositories: Vec<RepositoryView<'a>>,
    many: bool,
}

struct RepositoryView<'a> {
    name: &'a str,
    host: String,
    permissions: Vec<&'static str>,
    until: String,
}

struct AccountView<'a> {
    id: String,
    name: &'a str,
    host: &'a str,
    repositories: usize,
    configured: bool,
    needs_reconnect: bool,
}

/// Shows the page.
pub(crate) async fn show(door: &Door<'_>, insider: Insider) -> Result<HttpResponse, Problem> {
    let page = door.site.gateway.access_page(insider).await?;
    let query = door.request.query_string().as_bytes();
    let said = form_urlencoded::parse(query).find(|(name, _)| name == "said");
    let said = said.and_then(|(_, code)| words(&code));
    let view = AccessView::new(door, &page, said);
    Ok(answer::page(StatusCode::OK, &door.head(), &view))
}

/// What was done. It comes by the address, so that only these words are shown.
fn words(code: &str) -> Option<&'static str> {
    match code {
        "changed" => Some("Your changes are saved, and hold from now on."),
        "revoked" => Some("Everything is taken back. The app can read nothing of yours any more."),
        "disconnected" => Some("The account is disconnected, and its access is deleted here."),
        _ => None,
    }
}

impl<'a> AccessView<'a> {
    fn new(door: &Door<'_>, page: &'a AccessPage, said: Option<&'static str>) -> Self {
        let names: Names = page
            .approvals
            .iter()
            .flat_map(|it| &it.repositories)
            .map(|it| ((it.provider.clone(), it.repository.clone()), it.full_name.clone()))
            .collect();
        let hosts: HashMap<_, _> =
            page.accounts.iter().map(|it| (it.connection.id, it.host.as_str())).collect();
        let approvals = page.approvals.iter().map(|it| {
            let live = it.repositories.iter().filter(|it| page.now < it.expires_at);
            let repositories = live.map(|it| RepositoryView {
                name: &it.full_name,
                host: hosts.get(&it.connection).map_or_else(String::new, |it| (*it).to_owned()),
                permissions: labels(it.permissions),
                until: day(it.expires_at),
            });
            ApprovalView::new(it, repositories.collect())
        });
        Self {
            path: format!("/app/company/apps/{}", door.client),
            said,
            app: &page.app.name,
            description: page.app.description.as_deref(),
            organisation: &page.organisation,
            customer: page.customer.name.as_deref().or(page.customer.reference.as_deref()),
            vouched: page.customer.vouched,
            csrf: &page.csrf,
            approvals: approvals.collect(),
            accounts: page.accounts.iter().map(AccountView::new).collect(),
            can_connect: !page.hosts.is_empty(),
            requests: page.totals.requests,
            refused: page.totals.refused,
            withheld: page.totals.withheld,
            masked: page.totals.masked,
            latest: page.latest.iter().map(|it| ReadView::new(it, &names)).collect(),
            receipts: page.receipts.iter().map(ReceiptLine::new).collect(),
        }
    }

    fn is_empty(&self) -> bool {
        self.approvals.is_empty()
    }
}

impl<'a> ApprovalView<'a> {
    fn new(it: &'a Authorization, repositories: Vec<RepositoryView<'a>>) -> Self {
        Self {
            id: it.id.to_string(),
            since: match it.state {
                AuthorizationState::Active { since } => minute(since),
                AuthorizationState::Pending | AuthorizationState::Revoked { .. } => String::new(),
            },
            until: day(it.expires_at),
            purpose: it.purpose.as_deref(),
            of_account: labels(it.account_permissions),
            many: repositories.len() > FEW,
            repositories,
        }
    }
}

impl<'a> AccountView<'a> {
    fn new(it: &'a AccountLine) -> Self {
        Self {
            id: it.connection.id.to_string(),
            name: &it.connection.account,
            host: &it.host,
            repositories: it.repositories,
            configured: it.configured,
            needs_reconnect: it.connection.status == ConnectionStatus::NeedsReconnect,
        }
    }
}
