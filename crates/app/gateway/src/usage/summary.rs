//! The journal, added up.

use std::{collections::BTreeMap, time::Duration};

use lodge_access::{UsageOf, UsageSummary, UsageWindow};
use lodge_kernel::{ClientId, TenantId};

use super::{
    logs::app,
    window::{UsageError, window},
};
use crate::{Gateway, customer::Insider};

/// What is added up, as it stands in a query.
#[derive(Clone, Copy, Debug, Default)]
pub struct SummaryQuery<'a> {
    /// From when.
    pub from: Option<&'a str>,
    /// Until when.
    pub to: Option<&'a str>,
    /// One app.
    pub client: Option<&'a str>,
    /// How many apps, operations, hosts and repositories are named.
    pub top: usize,
}

/// What happened.
#[derive(Debug)]
pub struct Report {
    /// When.
    pub window: UsageWindow,
    /// How long the slots are.
    pub slot: Duration,
    /// The sums.
    pub summary: UsageSummary,
    /// The names of the apps that are in it.
    pub names: BTreeMap<ClientId, String>,
}

impl Gateway {
    /// Adds up what the apps of `tenant` read.
    ///
    /// # Errors
    ///
    /// [`UsageError`].
    #[tracing::instrument(name = "usage.summarise", skip_all)]
    pub async fn summarise_usage(
        &self,
        tenant: TenantId,
        query: SummaryQuery<'_>,
    ) -> Result<Report, UsageError> {
        let of = app(query.client)?.map_or(UsageOf::All, UsageOf::Client);
        self.summarise(tenant, of, query).await
    }

    /// Adds up what was read of a customer, by the app whose customer it is.
    ///
    /// # Errors
    ///
    /// [`UsageError`].
    #[tracing::instrument(name = "usage.summarise_of_customer", skip_all)]
    pub async fn summarise_of_customer(
        &self,
        insider: &Insider,
        query: SummaryQuery<'_>,
    ) -> Result<Report, UsageError> {
        self.summarise(insider.app.tenant, UsageOf::Customer(insider.customer.id), query).await
    }

    async fn summarise(
        &self,
        tenant: TenantId,
        of: UsageOf,
        query: SummaryQuery<'_>,
    ) -> Result<Report, UsageError> {
        let window = window(query.from, query.to, self.now())?;
        let hours = hours(window.to.since(window.from));
        let mut work = self.storage.read().await?;
        let summary = work.usage().summary(tenant, window, of, hours, query.top).await?;
        let mut names = BTreeMap::new();
        for (client, _) in &summary.clients {
            let app = work.apps().find(*client).await?.filter(|it| it.tenant == tenant);
            names.extend(app.map(|it| (*client, it.name)));
        }
        let slot = Duration::from_hours(hours.into());
        Ok(Report { window, slot, summary, names })
    }
}

/// How long a slot is: so long that there are at most a hundred.
fn hours(window: Duration) -> u32 {
    let days = |it: u64| Duration::from_hours(it * 24);
    match window {
        it if it <= days(3) => 1,
        it if it <= days(15) => 6,
        _ => 24,
    }
}
