//! People's passkeys, and the challenges that were answered.

use async_trait::async_trait;
use lodge_access::{Backup, CredentialId, Passkey};
use lodge_kernel::{Digest, PasskeyId, Timestamp, UserId};

use crate::StorageError;

/// Passkeys.
#[async_trait]
pub trait PasskeyRepository: Send {
    /// Adds a new one. MUST return [`StorageError::Duplicate`] when there is one
    /// with its credential, whosever it is.
    async fn add(&mut self, passkey: &Passkey) -> Result<(), StorageError>;
    /// A person's passkeys, oldest first.
    async fn of_user(&mut self, user: UserId) -> Result<Vec<Passkey>, StorageError>;
    /// The one with this credential.
    async fn find(&mut self, credential: &CredentialId) -> Result<Option<Passkey>, StorageError>;
    /// Gives a person's passkey another name. `false` when the person has no
    /// such one.
    async fn rename(
        &mut self,
        user: UserId,
        id: PasskeyId,
        name: &str,
    ) -> Result<bool, StorageError>;
    /// Removes a person's passkey. `false` when the person has no such one.
    async fn remove(&mut self, user: UserId, id: PasskeyId) -> Result<bool, StorageError>;
    /// Says that a person's passkey was used at `at`, when its device had counted
    /// to `counter`. MUST be `false`, and change nothing, when that does not come
    /// after what is known ([`counts_on`](lodge_access::passkey::counts_on)): of
    /// two with one count, one is taken, however many ask.
    async fn seen(
        &mut self,
        user: UserId,
        id: PasskeyId,
        counter: u32,
        backup: Backup,
        at: Timestamp,
    ) -> Result<bool, StorageError>;
    /// Says that a challenge was answered, which nobody takes after `until`
    /// anyway. MUST be `true` once, however many ask.
    async fn answer(&mut self, challenge: Digest, until: Timestamp) -> Result<bool, StorageError>;
}
