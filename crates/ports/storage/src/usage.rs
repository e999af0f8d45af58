//! The journal of reads.

use async_trait::async_trait;
use lodge_access::{
    ReadFilter, ReadTotals, UsageFilter, UsageOf, UsageRow, UsageSummary, UsageWindow,
};
use lodge_kernel::{CustomerId, RequestId, TenantId};

use crate::StorageError;

/// The journal of reads.
#[async_trait]
pub trait UsageRepository: Send {
    /// Adds many rows at once: made for batches of a thousand. A row whose
    /// request is already there MUST be left out silently, so that a batch can
    /// be sent again.
    async fn append(&mut self, rows: &[UsageRow]) -> Result<(), StorageError>;
    /// The newest rows of an organisation, newest first: at most `limit`
    /// before the request `before`.
    async fn newest(
        &mut self,
        tenant: TenantId,
        before: Option<RequestId>,
        limit: usize,
    ) -> Result<Vec<UsageRow>, StorageError>;
    /// The newest rows of a customer that `filter` means, newest first: at most
    /// `limit` before the request `before`.
    async fn of_customer(
        &mut self,
        customer: CustomerId,
        filter: &ReadFilter,
        before: Option<RequestId>,
        limit: usize,
    ) -> Result<Vec<UsageRow>, StorageError>;
    /// What they add up to.
    async fn totals_of_customer(
        &mut self,
        customer: CustomerId,
        filter: &ReadFilter,
    ) -> Result<ReadTotals, StorageError>;
    /// One row of an organisation. `None` when it has none for that request.
    async fn find(
        &mut self,
        tenant: TenantId,
        request: RequestId,
    ) -> Result<Option<UsageRow>, StorageError>;
    /// The rows that `filter` means, newest first: at most `limit` before the
    /// request `before`, after leaving out `offset`.
    ///
    /// MUST hold every part of the filter and the organisation at once.
    async fn page(
        &mut self,
        tenant: TenantId,
        filter: &UsageFilter,
        before: Option<RequestId>,
        offset: usize,
        limit: usize,
    ) -> Result<Vec<UsageRow>, StorageError>;
    /// Sums over the rows of a window, everybody's or those of one, in slots of
    /// `hours` (whole multiples of it since 1970); of apps, operations, hosts and
    /// repositories the `top` with the most reads, in the order of their names
    /// where these are equal.
    ///
    /// MUST hold every row that [`append`](Self::append) has added, once, however
    /// often it was sent.
    async fn summary(
        &mut self,
        tenant: TenantId,
        window: UsageWindow,
        of: UsageOf,
        hours: u32,
        top: usize,
    ) -> Result<UsageSummary, StorageError>;
    /// How many rows an organisation has.
    async fn count(&mut self, tenant: TenantId) -> Result<u64, StorageError>;
}
