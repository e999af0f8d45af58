//! The journal of reads.

use async_trait::async_trait;
use lodge_access::UsageRow;
use lodge_kernel::{RequestId, TenantId};

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
    /// How many rows an organisation has.
    async fn count(&mut self, tenant: TenantId) -> Result<u64, StorageError>;
}
