//! What the app read of a customer's repositories, and what was withheld.

use std::collections::HashMap;

use lodge_access::{ReadFilter, ReadTotals, UsageRow};
use lodge_forge::{ProviderName, RepositoryId};
use lodge_kernel::RequestId;
use lodge_storage::StorageError;

use crate::{Gateway, customer::Insider};

/// How many rows a page has.
pub const PAGE: usize = 100;
/// How many approvals name repositories.
const NAMING: usize = 50;

/// The names of repositories, by host and id.
pub type Names = HashMap<(ProviderName, RepositoryId), String>;

/// One page of the journal, newest first.
#[derive(Clone, Debug)]
pub struct JournalPage {
    /// The reads.
    pub rows: Vec<UsageRow>,
    /// Where the next page begins.
    pub next: Option<RequestId>,
    /// What all pages add up to.
    pub totals: ReadTotals,
    /// How the repositories were named when they were approved.
    pub names: Names,
}

impl Gateway {
    /// One page of what the app read of this customer.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    pub async fn customer_journal(
        &self,
        insider: &Insider,
        filter: &ReadFilter,
        before: Option<RequestId>,
    ) -> Result<JournalPage, StorageError> {
        let mut work = self.storage.read().await?;
        let customer = insider.customer.id;
        let mut rows = work.usage().of_customer(customer, filter, before, PAGE + 1).await?;
        let totals = work.usage().totals_of_customer(customer, filter).await?;
        let approvals = work.authorizations().active_of_customer(customer, NAMING).await?;
        drop(work);
        let more = rows.len() > PAGE;
        rows.truncate(PAGE);
        let next = rows.last().map(|it| it.request).filter(|_| more);
        let consents = approvals.into_iter().flat_map(|it| it.repositories);
        let names = consents.map(|it| ((it.provider, it.repository), it.full_name)).collect();
        Ok(JournalPage { rows, next, totals, names })
    }

    /// The next rows of an export: at most `limit` before the request `before`.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    pub async fn export_journal(
        &self,
        insider: &Insider,
        filter: &ReadFilter,
        before: Option<RequestId>,
        limit: usize,
    ) -> Result<Vec<UsageRow>, StorageError> {
        let mut work = self.storage.read().await?;
        work.usage().of_customer(insider.customer.id, filter, before, limit).await
    }
}
