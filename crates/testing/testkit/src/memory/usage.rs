//! The journal of reads.

use std::{collections::BTreeMap, time::Duration};

use async_trait::async_trait;
use lodge_access::{
    ReadFilter, ReadTotals, UsageFilter, UsageOf, UsageRow, UsageSummary, UsageSums, UsageWindow,
    usage::duration_step,
};
use lodge_kernel::{CustomerId, RequestId, TenantId, Timestamp};
use lodge_storage::{StorageError, UsageRepository};

use super::Rows;

fn is_meant(it: &UsageRow, customer: CustomerId, filter: &ReadFilter) -> bool {
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
        filter: &ReadFilter,
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
        filter: &ReadFilter,
    ) -> Result<ReadTotals, StorageError> {
        let rows = self.0.tables.usage.values().filter(|it| is_meant(it, customer, filter));
        Ok(rows.fold(ReadTotals::default(), |sum, it| ReadTotals {
            requests: sum.requests + 1,
            refused: sum.refused + u64::from(it.status >= 400),
            withheld: sum.withheld + u64::from(it.withheld),
            masked: sum.masked + u64::from(it.masked),
        }))
    }

    async fn find(
        &mut self,
        tenant: TenantId,
        request: RequestId,
    ) -> Result<Option<UsageRow>, StorageError> {
        Ok(self.0.tables.usage.get(&(tenant, request)).cloned())
    }

    async fn page(
        &mut self,
        tenant: TenantId,
        filter: &UsageFilter,
        before: Option<RequestId>,
        offset: usize,
        limit: usize,
    ) -> Result<Vec<UsageRow>, StorageError> {
        let rows = meant(&self.0.tables.usage, tenant, filter);
        let rows = rows.into_iter().rev().filter(|it| before.is_none_or(|end| it.request < end));
        Ok(rows.skip(offset).take(limit).cloned().collect())
    }

    async fn summary(
        &mut self,
        tenant: TenantId,
        window: UsageWindow,
        of: UsageOf,
        hours: u32,
        top: usize,
    ) -> Result<UsageSummary, StorageError> {
        let all = UsageFilter::all(window);
        let filter = match of {
            UsageOf::All => all,
            UsageOf::Client(it) => UsageFilter { client: Some(it), ..all },
            UsageOf::Customer(it) => UsageFilter { customer: Some(it), ..all },
        };
        let rows = meant(&self.0.tables.usage, tenant, &filter);
        let width = i64::from(hours.max(1)) * 3_600_000_000;
        let mut durations = BTreeMap::new();
        for row in &rows {
            let micros = i64::try_from(row.duration.as_micros()).unwrap_or(i64::MAX);
            *durations.entry(duration_step(micros)).or_insert(0) += 1;
        }
        let slots = sums(&rows, |it| Some(it.at.as_micros().div_euclid(width) * width));
        let slots = slots.into_iter().map(|(at, sums)| (Timestamp::from_micros(at), sums));
        let repositories = most(&rows, top, |it| it.provider.clone().zip(it.repository.clone()));
        Ok(UsageSummary {
            slots: slots.collect(),
            durations: durations
                .into_iter()
                .map(|(it, count)| (Duration::from_micros(it.unsigned_abs()), count))
                .collect(),
            clients: most(&rows, top, |it| Some(it.client)),
            endpoints: most(&rows, top, |it| Some(it.endpoint.to_string())),
            providers: most(&rows, top, |it| it.provider.clone()),
            repositories: repositories.into_iter().map(|((a, b), sums)| (a, b, sums)).collect(),
        })
    }

    async fn count(&mut self, tenant: TenantId) -> Result<u64, StorageError> {
        let theirs = self.0.tables.usage.keys().filter(|(owner, _)| *owner == tenant);
        Ok(u64::try_from(theirs.count()).unwrap_or(u64::MAX))
    }
}

/// The rows that `filter` means, oldest first.
fn meant<'a>(
    rows: &'a BTreeMap<(TenantId, RequestId), UsageRow>,
    tenant: TenantId,
    filter: &UsageFilter,
) -> Vec<&'a UsageRow> {
    let (from, to) = (filter.window.from, filter.window.to);
    let window = RequestId::earliest(from)..RequestId::earliest(to);
    let kept = rows.values().filter(|it| {
        it.tenant == tenant
            && window.contains(&it.request)
            && filter.client.is_none_or(|client| it.client == client)
            && (filter.customer.is_none() || it.customer == filter.customer)
            && filter.endpoint.as_ref().is_none_or(|endpoint| it.endpoint == *endpoint)
            && (filter.provider.is_none() || it.provider == filter.provider)
            && (filter.repository.is_none() || it.repository == filter.repository)
            && (!filter.failed || it.status >= 400)
    });
    kept.collect()
}

fn sums<K: Ord>(
    rows: &[&UsageRow],
    key: impl Fn(&UsageRow) -> Option<K>,
) -> BTreeMap<K, UsageSums> {
    let mut sums = BTreeMap::<K, UsageSums>::new();
    for row in rows {
        let Some(key) = key(row) else { continue };
        let one = UsageSums {
            requests: 1,
            errors: u64::from(row.status >= 400),
            items: row.items.into(),
            bytes: row.bytes.min(UsageSums::MOST_BYTES),
            withheld: row.withheld.into(),
            masked: row.masked.into(),
            upstream_calls: row.upstream.calls.into(),
        };
        let sum = sums.entry(key).or_default();
        *sum = sum.plus(one);
    }
    sums
}

fn most<K: Ord>(
    rows: &[&UsageRow],
    top: usize,
    key: impl Fn(&UsageRow) -> Option<K>,
) -> Vec<(K, UsageSums)> {
    let mut all: Vec<_> = sums(rows, key).into_iter().collect();
    all.sort_by_key(|(_, it)| std::cmp::Reverse(it.requests));
    all.truncate(top);
    all
}
