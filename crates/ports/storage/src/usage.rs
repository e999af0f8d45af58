//! The journal of reads.

use async_trait::async_trait;
use lodge_access::{UsageFilter, UsageRow, UsageTotals};
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
        filter: &UsageFilter,
        before: Option<RequestId>,
        limit: usize,
    ) -> Result<Vec<UsageRow>, StorageError>;
    /// What they add up to.
    async fn totals_of_customer(
        &mut self,
        customer: CustomerId,
        filter: &UsageFilter,
    ) -> Result<UsageTotals, StorageError>;
    /// How many rows an organisation has.
    async fn count(&mut self, tenant: TenantId) -> Result<u64, StorageError>;
}
