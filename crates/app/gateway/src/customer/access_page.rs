//! What the access page shows.

use std::collections::BTreeSet;

use lodge_access::{
    App, Authorization, Connection, ConnectionKind, Customer, ReadFilter, ReadTotals, Receipt,
    UsageRow,
};
use lodge_kernel::{ConnectionId, Timestamp};
use lodge_storage::StorageError;

use crate::{
    Gateway,
    customer::{ActionError, Insider},
    oauth::consent::HostChoice,
};

/// How many approvals, and how many receipts, are shown.
const MOST: usize = 50;
/// How many reads the page begins with.
const LATEST: usize = 10;

/// One account of the customer.
#[derive(Clone, Debug)]
pub struct AccountLine {
    /// The account.
    pub connection: Connection,
    /// The host's name for people.
    pub host: String,
    /// How many approved repositories are read through it.
    pub repositories: usize,
    /// The operator configured it: the customer cannot disconnect it.
    pub configured: bool,
}

/// What the access page shows.
#[derive(Clone, Debug)]
pub struct AccessPage {
    /// The app.
    pub app: App,
    /// The app's organisation.
    pub organisation: String,
    /// The customer.
    pub customer: Customer,
    /// What the app may read now, newest first.
    pub approvals: Vec<Authorization>,
    /// The connected accounts.
    pub accounts: Vec<AccountLine>,
    /// Where the customer can connect another one.
    pub hosts: Vec<HostChoice>,
    /// What the app has read so far.
    pub totals: ReadTotals,
    /// Its latest reads.
    pub latest: Vec<UsageRow>,
    /// The latest receipts.
    pub receipts: Vec<Receipt>,
    /// What the page's forms must bring back.
    pub csrf: String,
    /// The instant the page was made.
    pub now: Timestamp,
}

impl Gateway {
    /// What the access page shows to `insider`.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    pub async fn access_page(&self, insider: Insider) -> Result<AccessPage, StorageError> {
        let now = self.now();
        let Insider { session, app, customer } = insider;
        let mut work = self.storage.read().await?;
        let tenant = work.tenants().find(app.tenant).await?;
        let connections = work.connections().of_customer(customer.id).await?;
        let approvals = work.authorizations().active_of_customer(customer.id, MOST).await?;
        let all = ReadFilter::default();
        let totals = work.usage().totals_of_customer(customer.id, &all).await?;
        let latest = work.usage().of_customer(customer.id, &all, None, LATEST).await?;
        let receipts = work.receipts().of_customer(customer.id, None, MOST).await?;
        drop(work);

        let gone = connections.iter().filter(|it| !it.status.is_kept());
        let gone: Vec<_> = gone.map(|it| it.id).collect();
        let live = approvals.into_iter().filter(|it| now < it.expires_at);
        let approvals: Vec<_> = live.map(|it| it.without(&gone)).collect();
        let kept = connections.into_iter().filter(|it| it.status.is_kept());
        let accounts = kept.map(|it| self.account_line(it, &approvals, now)).collect();
        Ok(AccessPage {
            organisation: tenant.map(|it| it.name).unwrap_or_default(),
            csrf: self.access_csrf(&session),
            hosts: self.hosts_to_connect(),
            app,
            customer,
            approvals,
            accounts,
            totals,
            latest,
            receipts,
            now,
        })
    }

    fn account_line(
        &self,
        connection: Connection,
        approvals: &[Authorization],
        now: Timestamp,
    ) -> AccountLine {
        let host = self.providers.get(&connection.provider);
        let through = |id: ConnectionId| {
            let all = approvals.iter().flat_map(|it| &it.repositories);
            let live = all.filter(|it| it.connection == id && now < it.expires_at);
            live.map(|it| &it.repository).collect::<BTreeSet<_>>().len()
        };
        AccountLine {
            host: host.map_or_else(|| connection.provider.to_string(), |it| it.label()),
            repositories: through(connection.id),
            configured: connection.kind == ConnectionKind::Configured,
            connection,
        }
    }

    /// One receipt of this customer.
    ///
    /// # Errors
    ///
    /// [`ActionError::NotFound`] for one of somebody else, too.
    pub async fn receipt(&self, insider: &Insider, id: &str) -> Result<Receipt, ActionError> {
        let missing = || ActionError::NotFound { what: "receipt" };
        let id = id.parse().map_err(|_not_an_id| missing())?;
        let found = self.storage.read().await?.receipts().find(id).await?;
        found.filter(|it| it.customer == insider.customer.id).ok_or_else(missing)
    }
}
