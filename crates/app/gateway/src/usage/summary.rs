//! The journal, added up.

use std::{collections::BTreeMap, time::Duration};

use lodge_access::{UsageSummary, UsageWindow};
use lodge_kernel::{ClientId, TenantId};

use super::{LogQuery, window::UsageError};
use crate::Gateway;

/// What is added up, as it stands in a query.
#[derive(Clone, Copy, Debug, Default)]
pub struct SummaryQuery<'a> {
    /// Which rows. Their page is not looked at.
    pub rows: LogQuery<'a>,
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
        let filter = query.rows.filter(self.now())?;
        let window = filter.window;
        let slot = slot(window.to.since(window.from));
        let mut work = self.storage.read().await?;
        let summary = work.usage().summary(tenant, &filter, slot, query.top).await?;
        let mut names = BTreeMap::new();
        for (client, _) in &summary.clients {
            let app = work.apps().find(*client).await?.filter(|it| it.tenant == tenant);
            names.extend(app.map(|it| (*client, it.name)));
        }
        Ok(Report { window, slot, summary, names })
    }
}

/// So long that there are at most a hundred.
fn slot(window: Duration) -> Duration {
    let hours = |it| Duration::from_hours(it);
    match window {
        it if it <= hours(3 * 24) => hours(1),
        it if it <= hours(15 * 24) => hours(6),
        _ => hours(24),
    }
}
