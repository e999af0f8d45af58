//! Accounts, their budgets, and what is approved.

use askama::Template;
use lodge_access::{ApprovedRepository, ConnectionStatus, Permission};
use lodge_gateway::usage::approved::ConnectedAccount;

use super::{
    frame::Frame,
    told::{day, minute},
};

#[derive(Template)]
#[template(path = "dashboard/connections.html")]
pub(super) struct ConnectionsPage {
    pub(super) frame: Frame,
    pub(super) accounts: Vec<AccountView>,
    pub(super) next_account: Option<String>,
    pub(super) repositories: Vec<RepositoryView>,
    pub(super) next_repository: Option<String>,
}

/// One account. Its name is the customer's to tell.
pub(super) struct AccountView {
    id: String,
    customer: String,
    host: String,
    state: &'static str,
    good: bool,
    budget: String,
    /// What is left, and all.
    meter: Option<(u64, u64)>,
    low: u64,
    connected: String,
}

impl From<ConnectedAccount> for AccountView {
    fn from(ConnectedAccount { connection: it, budget }: ConnectedAccount) -> Self {
        let meter = budget.remaining.zip(budget.limit).filter(|(_, all)| *all > 0);
        let told = match (meter, budget.paused_until, budget.resets_at) {
            (_, Some(until), _) => format!("the host asked for quiet until {}", minute(until)),
            (Some((left, all)), None, Some(at)) => {
                format!("{left} of {all}, anew {}", minute(at))
            }
            (Some((left, all)), None, None) => format!("{left} of {all}"),
            (None, None, _) => "not told yet".to_owned(),
        };
        Self {
            id: it.id.to_string(),
            customer: it.customer.to_string(),
            host: it.provider.to_string(),
            state: it.status.name(),
            good: it.status == ConnectionStatus::Active,
            budget: told,
            meter,
            low: meter.map_or(0, |(_, all)| all / 10),
            connected: day(it.created_at),
        }
    }
}

/// One approved repository.
pub(super) struct RepositoryView {
    name: String,
    id: String,
    host: String,
    client: String,
    app: String,
    permissions: String,
    until: String,
}

impl RepositoryView {
    /// `app` is the name of the app, if it is known.
    pub(super) fn new(it: &ApprovedRepository, app: Option<String>) -> Self {
        let labels: Vec<_> = it.consent.permissions.iter().map(Permission::label).collect();
        Self {
            name: it.consent.full_name.clone(),
            id: it.consent.repository.to_string(),
            host: it.consent.provider.to_string(),
            client: it.client.to_string(),
            app: app.unwrap_or_else(|| it.client.to_string()),
            permissions: labels.join(", "),
            until: day(it.consent.expires_at),
        }
    }
}
