//! Organisations, people, their sessions, and customers.

use async_trait::async_trait;
use lodge_access::{Customer, Membership, Role, Session, Tenant, User};
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
    /// Organisations, oldest first: at most `limit` after `after`.
    async fn list(
        &mut self,
        after: Option<TenantId>,
        limit: usize,
    ) -> Result<Vec<Tenant>, StorageError>;
    /// As [`find`](Self::find), and lets nobody else hold it until the end of
    /// the unit of work: what is read of its members afterwards MUST stay true
    /// for as long.
    async fn hold(&mut self, id: TenantId) -> Result<Option<Tenant>, StorageError>;
}

/// People.
#[async_trait]
pub trait UserRepository: Send {
    /// Adds a new one.
    ///
    /// MUST return [`StorageError::Duplicate`] when the address is taken.
    async fn add(&mut self, user: &User) -> Result<(), StorageError>;
    /// Finds one. `None` when there is none.
    async fn find(&mut self, id: UserId) -> Result<Option<User>, StorageError>;
    /// As [`find`](Self::find), and lets nobody else hold it until the end of
    /// the unit of work: of a login and the end of all sessions at once, the
    /// second MUST see what the first has done.
    async fn hold(&mut self, id: UserId) -> Result<Option<User>, StorageError>;
    /// Finds one by the address, which is in lower case.
    async fn find_by_email(&mut self, email: &str) -> Result<Option<User>, StorageError>;
}

/// Who belongs to which organisation.
#[async_trait]
pub trait MembershipRepository: Send {
    /// Adds a new one.
    ///
    /// MUST return [`StorageError::Duplicate`] for somebody who belongs to it.
    async fn add(&mut self, membership: &Membership) -> Result<(), StorageError>;
    /// Finds one. `None` when there is none.
    async fn find(
        &mut self,
        tenant: TenantId,
        user: UserId,
    ) -> Result<Option<Membership>, StorageError>;
    /// Where a person belongs, by the organisation's id.
    async fn of_user(&mut self, user: UserId) -> Result<Vec<Membership>, StorageError>;
    /// The members of an organisation, by the person's id: at most `limit`
    /// after `after`.
    async fn of_tenant(
        &mut self,
        tenant: TenantId,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<(Membership, User)>, StorageError>;
    /// How many members have this role.
    async fn count(&mut self, tenant: TenantId, role: Role) -> Result<u64, StorageError>;
    /// Changes what a member may do. `false` when there is none.
    async fn change(
        &mut self,
        tenant: TenantId,
        user: UserId,
        role: Role,
    ) -> Result<bool, StorageError>;
    /// Removes a member. `false` when there was none.
    async fn remove(&mut self, tenant: TenantId, user: UserId) -> Result<bool, StorageError>;
}

/// People's sessions.
#[async_trait]
pub trait SessionRepository: Send {
    /// Adds a new one.
    async fn add(&mut self, session: &Session) -> Result<(), StorageError>;
    /// Finds one by the digest of its token.
    async fn find_by_digest(&mut self, digest: Digest) -> Result<Option<Session>, StorageError>;
    /// The sessions of a person that nobody has ended and that have not expired
    /// at `now`, newest first: at most `limit`.
    async fn of_user(
        &mut self,
        user: UserId,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<Session>, StorageError>;
    /// Says that one is used. `false` when there is none. An earlier instant
    /// MUST NOT replace a later one.
    async fn seen(&mut self, id: SessionId, at: Timestamp) -> Result<bool, StorageError>;
    /// Moves one to another organisation, or to none. `false` when there is
    /// none.
    async fn enter(
        &mut self,
        id: SessionId,
        tenant: Option<TenantId>,
    ) -> Result<bool, StorageError>;
    /// Ends one. An ended one keeps its time. `false` when there is none.
    async fn revoke(&mut self, id: SessionId, at: Timestamp) -> Result<bool, StorageError>;
    /// Ends those of a person, but for `spared`. Answers how many it ended.
    async fn revoke_of_user(
        &mut self,
        user: UserId,
        spared: Option<SessionId>,
        at: Timestamp,
    ) -> Result<u64, StorageError>;
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
