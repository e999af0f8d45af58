//! What customers come back to: their sessions on the access page, and receipts
//! of what they decided.

use async_trait::async_trait;
use lodge_access::{CustomerSession, Receipt};
use lodge_kernel::{AuthorizationId, CustomerId, Digest, ReceiptId, Timestamp};

use crate::StorageError;

/// Customers' sessions on the access page.
#[async_trait]
pub trait CustomerSessionRepository: Send {
    /// Adds a new one.
    async fn add(&mut self, session: &CustomerSession) -> Result<(), StorageError>;
    /// Finds one, ended or not. `None` when there is none.
    async fn find(&mut self, digest: Digest) -> Result<Option<CustomerSession>, StorageError>;
    /// Writes customer and end of a known session that nobody has ended.
    /// `false` when there is none: an ended session MUST NOT live again.
    async fn update(&mut self, session: &CustomerSession) -> Result<bool, StorageError>;
    /// Ends one. `false` when there is none or it was ended before.
    async fn end(&mut self, digest: Digest, at: Timestamp) -> Result<bool, StorageError>;
}

/// Receipts. They outlive what they name.
#[async_trait]
pub trait ReceiptRepository: Send {
    /// Adds a new one.
    ///
    /// MUST return [`StorageError::Duplicate`] for a second one of the same
    /// version of an approval.
    async fn add(&mut self, receipt: &Receipt) -> Result<(), StorageError>;
    /// Finds one. `None` when there is none.
    async fn find(&mut self, id: ReceiptId) -> Result<Option<Receipt>, StorageError>;
    /// The receipts of a customer, newest first: at most `limit` before the
    /// receipt `before`.
    async fn of_customer(
        &mut self,
        customer: CustomerId,
        before: Option<ReceiptId>,
        limit: usize,
    ) -> Result<Vec<Receipt>, StorageError>;
    /// How many an approval has: the version of its latest one.
    async fn latest(&mut self, authorization: AuthorizationId) -> Result<u32, StorageError>;
}
