//! The audit trail.

use async_trait::async_trait;
use lodge_access::{Action, AuditEntry, Chain, Head};
use lodge_kernel::AuditEventId;

use crate::StorageError;

/// Which entries are meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Of this chain; of all when absent.
    pub chain: Option<Chain>,
    /// Of this action; of all when absent.
    pub action: Option<Action>,
}

/// The audit trail.
#[async_trait]
pub trait AuditRepository: Send {
    /// The end of a chain, to be lengthened. Until the unit of work ends,
    /// nobody else MUST get an end of the same chain: they wait, or get
    /// [`StorageError::Conflict`]. To be asked last in a unit of work, so that
    /// two of them do not wait for each other.
    async fn take_head(&mut self, chain: Chain) -> Result<Head, StorageError>;
    /// Adds an entry. MUST return [`StorageError::Conflict`] when it is not the
    /// next one of its chain.
    async fn append(&mut self, entry: &AuditEntry) -> Result<(), StorageError>;
    /// The end of every chain, as it was noted beside the entries.
    async fn heads(&mut self) -> Result<Vec<Head>, StorageError>;
    /// Every chain that has an entry, whether or not its end was noted.
    async fn chains(&mut self) -> Result<Vec<Chain>, StorageError>;
    /// The entries of a chain, oldest first: at most `limit` after the place
    /// `after`.
    async fn walk(
        &mut self,
        chain: Chain,
        after: u64,
        limit: usize,
    ) -> Result<Vec<AuditEntry>, StorageError>;
    /// Entries of all chains that are meant, newest first: at most `limit`
    /// before the entry `before`.
    async fn newest(
        &mut self,
        filter: AuditFilter,
        before: Option<AuditEventId>,
        limit: usize,
    ) -> Result<Vec<AuditEntry>, StorageError>;
}
