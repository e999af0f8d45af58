//! The journal of reads.

use async_trait::async_trait;
use lodge_access::{UsageFilter, UsageRow, UsageTotals};
use lodge_kernel::{CustomerId, RequestId, TenantId};
use lodge_storage::{StorageError, UsageRepository};

use super::Rows;

fn is_meant(it: &UsageRow, customer: CustomerId, filter: &UsageFilter) -> bool {
    let of_repository = filter.repository.as_ref().is_none_or(|(provider, repository)| {
        (it.provider.as_ref(), it.repository.as_ref()) == (Some(provider), Some(repository))
    });
    it.customer == Some(customer)
        && of_repository
        && filter.from.is_none_or(|from| from <= it.at)
        && filter.to.is_none_or(|to| it.at < to)
}

#[async_trait]
impl UsageRepository for Rows<'_> {
    async fn append(&mut self, rows: &[UsageRow]) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        for row in rows {
            tables.usage.entry((row.tenant, row.request)).or_insert_with(|| row.clone());
        }
        Ok(())
    }

    async fn newest(
        &mut self,
        tenant: TenantId,
        before: Option<RequestId>,
        limit: usize,
    ) -> Result<Vec<UsageRow>, StorageError> {
        let meant = |it: &&UsageRow| {
            it.tenant == tenant && before.is_none_or(|request| it.request < request)
        };
        Ok(self.0.tables.usage.values().rev().filter(meant).take(limit).cloned().collect())
    }

    async fn of_customer(
        &mut self,
        customer: CustomerId,
        filter: &UsageFilter,
        before: Option<RequestId>,
        limit: usize,
    ) -> Result<Vec<UsageRow>, StorageError> {
        let earlier = |it: &UsageRow| before.is_none_or(|request| it.request < request);
        let mut rows: Vec<_> = self.0.tables.usage.values().collect();
        rows.sort_by_key(|it| std::cmp::Reverse(it.request));
        let meant = rows.into_iter().filter(|it| is_meant(it, customer, filter) && earlier(it));
        Ok(meant.take(limit).cloned().collect())
    }

    async fn totals_of_customer(
        &mut self,
        customer: CustomerId,
        filter: &UsageFilter,
    ) -> Result<UsageTotals, StorageError> {
        let rows = self.0.tables.usage.values().filter(|it| is_meant(it, customer, filter));
        Ok(rows.fold(UsageTotals::default(), |sum, it| UsageTotals {
            requests: sum.requests + 1,
            refused: sum.refused + u64::from(it.status >= 400),
            withheld: sum.withheld + u64::from(it.withheld),
            masked: sum.masked + u64::from(it.masked),
        }))
    }

    async fn count(&mut self, tenant: TenantId) -> Result<u64, StorageError> {
        let theirs = self.0.tables.usage.keys().filter(|(owner, _)| *owner == tenant);
        Ok(u64::try_from(theirs.count()).unwrap_or(u64::MAX))
    }
}
