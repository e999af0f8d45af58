//! Organisations, developers and customers.

use async_trait::async_trait;
use lodge_access::{Customer, Session, Tenant, User};
use lodge_forge::ProviderName;
use lodge_kernel::{ClientId, CustomerId, Digest, SessionId, TenantId, Timestamp, UserId};

use crate::StorageError;

/// Organisations.
#[async_trait]
pub trait TenantRepository: Send {
    /// Adds a new one.
    async fn add(&mut self, tenant: &Tenant) -> Result<(), StorageError>;
    /// Finds one. `None` when there is none.
    async fn find(&mut self, id: TenantId) -> Result<Option<Tenant>, StorageError>;
}

/// Developers.
#[async_trait]
pub trait UserRepository: Send {
    /// Adds a new one.
    ///
    /// MUST return [`StorageError::Duplicate`] when the address is taken.
    async fn add(&mut self, user: &User) -> Result<(), StorageError>;
    /// Finds one. `None` when there is none.
    async fn find(&mut self, id: UserId) -> Result<Option<User>, StorageError>;
    /// Finds one by the address, which is in lower case.
    async fn find_by_email(&mut self, email: &str) -> Result<Option<User>, StorageError>;
}

/// Developers' sessions.
#[async_trait]
pub trait SessionRepository: Send {
    /// Adds a new one.
    async fn add(&mut self, session: &Session) -> Result<(), StorageError>;
    /// Finds one by the digest of its token.
    async fn find_by_digest(&mut self, digest: Digest) -> Result<Option<Session>, StorageError>;
    /// Ends one. An ended one keeps its time. `false` when there is none.
    async fn revoke(&mut self, id: SessionId, at: Timestamp) -> Result<bool, StorageError>;
}

/// Customers.
#[async_trait]
pub trait CustomerRepository: Send {
    /// Adds a new one.
    ///
    /// MUST return [`StorageError::Duplicate`] for a second vouched customer
    /// of the same app with the same reference.
    async fn add(&mut self, customer: &Customer) -> Result<(), StorageError>;
    /// Finds one. `None` when there is none.
    async fn find(&mut self, id: CustomerId) -> Result<Option<Customer>, StorageError>;
    /// Finds the vouched customer of an app. One that only stood in a URL MUST
    /// NOT be found.
    async fn find_vouched(
        &mut self,
        client: ClientId,
        reference: &str,
    ) -> Result<Option<Customer>, StorageError>;
    /// Who else of the app of `stranger` goes by the same reference and has the
    /// account `host_account` at `provider`, which nobody took away: the vouched one
    /// first, then the oldest. A configured host is nobody's account, and MUST
    /// NOT count.
    async fn find_proved(
        &mut self,
        stranger: &Customer,
        provider: &ProviderName,
        host_account: &str,
    ) -> Result<Option<Customer>, StorageError>;
    /// Changes the name that the app gave.
    async fn rename(&mut self, id: CustomerId, name: Option<&str>) -> Result<(), StorageError>;
}
