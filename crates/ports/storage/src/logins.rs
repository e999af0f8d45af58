//! How people prove who they are, and how they come in for the first time.

use async_trait::async_trait;
use lodge_access::{Authenticator, Invitation, PasswordLink, Throttle};
use lodge_kernel::{Digest, InvitationId, TenantId, Timestamp, UserId};

use crate::StorageError;

/// Passwords, authenticator apps and recovery codes.
#[async_trait]
pub trait LoginRepository: Send {
    /// The hash of a person's password, as a PHC string. `None` for somebody
    /// who has none.
    async fn password(&mut self, user: UserId) -> Result<Option<String>, StorageError>;
    /// Writes it.
    async fn set_password(
        &mut self,
        user: UserId,
        hash: &str,
        at: Timestamp,
    ) -> Result<(), StorageError>;
    /// Writes `hash` in the place of `known`, which is of the same password.
    /// MUST be `false`, and change nothing, when there is another one by now or
    /// none: a password that somebody has set meanwhile stays.
    async fn replace_hash(
        &mut self,
        user: UserId,
        known: &str,
        hash: &str,
        at: Timestamp,
    ) -> Result<bool, StorageError>;
    /// A person's authenticator app. `None` for somebody who has none.
    async fn authenticator(&mut self, user: UserId) -> Result<Option<Authenticator>, StorageError>;
    /// Writes it, or removes it.
    async fn set_authenticator(
        &mut self,
        user: UserId,
        authenticator: Option<&Authenticator>,
    ) -> Result<(), StorageError>;
    /// Says that the code of `step` was used. MUST be `true` once for each
    /// step, however many ask, and MUST be `false` for a step that is not after
    /// the latest one.
    async fn use_step(&mut self, user: UserId, step: u64) -> Result<bool, StorageError>;
    /// Puts these recovery codes in the place of those that there were.
    async fn set_recovery_codes(
        &mut self,
        user: UserId,
        digests: &[Digest],
    ) -> Result<(), StorageError>;
    /// Uses a recovery code up. MUST be `true` once, however many ask.
    async fn use_recovery_code(
        &mut self,
        user: UserId,
        digest: Digest,
    ) -> Result<bool, StorageError>;
    /// How many recovery codes a person has left.
    async fn recovery_codes(&mut self, user: UserId) -> Result<u64, StorageError>;
}

/// Invitations into organisations.
#[async_trait]
pub trait InvitationRepository: Send {
    /// Adds a new one.
    async fn add(&mut self, invitation: &Invitation) -> Result<(), StorageError>;
    /// Finds one by the digest of its secret.
    async fn find_by_digest(&mut self, digest: Digest) -> Result<Option<Invitation>, StorageError>;
    /// Those of an organisation that are open at `now`, newest first: at most
    /// `limit`.
    async fn of_tenant(
        &mut self,
        tenant: TenantId,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<Invitation>, StorageError>;
    /// Ends an open one of an organisation. MUST be `true` once, however many
    /// ask.
    async fn end(
        &mut self,
        tenant: TenantId,
        id: InvitationId,
        at: Timestamp,
    ) -> Result<bool, StorageError>;
}

/// Links to set a password.
#[async_trait]
pub trait PasswordLinkRepository: Send {
    /// Adds a new one. Those that the person had before MUST be gone.
    async fn add(&mut self, link: &PasswordLink) -> Result<(), StorageError>;
    /// Finds one.
    async fn find(&mut self, digest: Digest) -> Result<Option<PasswordLink>, StorageError>;
    /// Uses one up. MUST be `true` once, however many ask.
    async fn take(&mut self, digest: Digest, at: Timestamp) -> Result<bool, StorageError>;
}

/// Who tried to log in how often.
#[async_trait]
pub trait ThrottleRepository: Send {
    /// What is known of a subject, and lets nobody else hold it until the end
    /// of the unit of work: of two attempts at once, the second MUST see the
    /// first.
    async fn hold(&mut self, subject: Digest) -> Result<Throttle, StorageError>;
    /// Writes it.
    async fn write(&mut self, subject: Digest, throttle: &Throttle) -> Result<(), StorageError>;
}
