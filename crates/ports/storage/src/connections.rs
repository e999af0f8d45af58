//! Accounts at hosts, what they are read with, and the logins that lead to them.

use async_trait::async_trait;
use lodge_access::{Connection, Credentials, DataKey, Lease, LoginAttempt};
use lodge_kernel::{ConnectionId, CustomerId, Digest, LeaseId, TenantId, Timestamp};

use crate::StorageError;

/// Accounts at hosts.
#[async_trait]
pub trait ConnectionRepository: Send {
    /// Adds a new one.
    ///
    /// MUST return [`StorageError::Duplicate`] for a second connection of the
    /// same customer to the same account of a host.
    async fn add(&mut self, connection: &Connection) -> Result<(), StorageError>;
    /// Finds one. `None` when there is none.
    async fn find(&mut self, id: ConnectionId) -> Result<Option<Connection>, StorageError>;
    /// Every connection of a customer, oldest first.
    async fn of_customer(&mut self, customer: CustomerId) -> Result<Vec<Connection>, StorageError>;
    /// The connections of every organisation, or of one, oldest first: at most
    /// `limit` after the connection `after`.
    async fn list(
        &mut self,
        tenant: Option<TenantId>,
        after: Option<ConnectionId>,
        limit: usize,
    ) -> Result<Vec<Connection>, StorageError>;
    /// Accounts of customers whom nobody vouched for, that neither changed nor
    /// were used since `before`: oldest first, at most `limit`. In use is what
    /// belongs to a customer with an active approval that ends later, with a
    /// session on the access page, or with a question that waits.
    async fn idle_of_strangers(
        &mut self,
        before: Timestamp,
        limit: usize,
    ) -> Result<Vec<ConnectionId>, StorageError>;
    /// Writes kind, account, scopes, status and time of a known connection.
    async fn update(&mut self, connection: &Connection) -> Result<(), StorageError>;
}

/// What connections are read with.
#[async_trait]
pub trait CredentialRepository: Send {
    /// Adds those of a connection that has none.
    async fn add(&mut self, credentials: &Credentials) -> Result<(), StorageError>;
    /// Finds those of a connection. `None` when it has none.
    async fn find(&mut self, connection: ConnectionId)
    -> Result<Option<Credentials>, StorageError>;
    /// Writes new ones in the place of those of `generation`, and ends the
    /// lease. `false` when those are no longer there: MUST answer `true` at
    /// most once for one generation, however many ask at the same time.
    async fn replace(
        &mut self,
        generation: u64,
        credentials: &Credentials,
    ) -> Result<bool, StorageError>;
    /// Takes the turn to refresh those of `generation`. `false` when they are no
    /// longer there, or it is somebody else's turn at `now`: MUST answer `true`
    /// to one at a time.
    async fn lease(
        &mut self,
        connection: ConnectionId,
        generation: u64,
        lease: Lease,
        now: Timestamp,
    ) -> Result<bool, StorageError>;
    /// Gives a turn back. A turn that has passed to somebody else stays there.
    async fn release(&mut self, connection: ConnectionId, id: LeaseId) -> Result<(), StorageError>;
    /// Deletes those of a connection, if it has any.
    async fn remove(&mut self, connection: ConnectionId) -> Result<(), StorageError>;
}

/// Logins at hosts that have begun.
#[async_trait]
pub trait LoginAttemptRepository: Send {
    /// Adds a new one.
    async fn add(&mut self, attempt: &LoginAttempt) -> Result<(), StorageError>;
    /// Finds one, used or not. `None` when there is none.
    async fn find(&mut self, digest: Digest) -> Result<Option<LoginAttempt>, StorageError>;
    /// Marks one as used. `false` when there is none, or it was used, or it has
    /// expired at `now`: MUST answer `true` at most once.
    async fn take(&mut self, digest: Digest, now: Timestamp) -> Result<bool, StorageError>;
}

/// The data keys of organisations.
#[async_trait]
pub trait DataKeyRepository: Send {
    /// Adds a new one.
    ///
    /// MUST return [`StorageError::Duplicate`] when its number is taken.
    async fn add(&mut self, key: &DataKey) -> Result<(), StorageError>;
    /// The one of this number. `None` when there is none.
    async fn find(
        &mut self,
        tenant: TenantId,
        number: u32,
    ) -> Result<Option<DataKey>, StorageError>;
    /// The one with the highest number. `None` when there is none.
    async fn newest(&mut self, tenant: TenantId) -> Result<Option<DataKey>, StorageError>;
    /// Some that another master key than `master` wrapped: at most `limit`.
    async fn not_wrapped_by(
        &mut self,
        master: u8,
        limit: usize,
    ) -> Result<Vec<DataKey>, StorageError>;
    /// Writes how a known key is wrapped, and by whom, if it is still wrapped
    /// as `before`. `false` when it is not.
    async fn rewrap(&mut self, key: &DataKey, before: &str) -> Result<bool, StorageError>;
    /// How many each master key wrapped, by its number.
    async fn count(&mut self) -> Result<Vec<(u8, u64)>, StorageError>;
}
