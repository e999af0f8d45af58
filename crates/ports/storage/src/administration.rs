//! Admin keys, grants, and the firewall's settings.

use async_trait::async_trait;
use lodge_access::{AdminKey, FirewallSettings, PlatformGrant};
use lodge_kernel::{AdminKeyId, ClientId, ConnectionId, Digest, GrantId, TenantId, Timestamp};

use crate::StorageError;

/// Admin keys.
#[async_trait]
pub trait AdminKeyRepository: Send {
    /// Adds a new one.
    async fn add(&mut self, key: &AdminKey) -> Result<(), StorageError>;
    /// Finds one by the digest of its text, ended or not. `None` when there is
    /// none.
    async fn find_by_digest(&mut self, digest: Digest) -> Result<Option<AdminKey>, StorageError>;
    /// Every key, oldest first, ended ones too.
    async fn all(&mut self) -> Result<Vec<AdminKey>, StorageError>;
    /// Takes note of a use.
    async fn used(&mut self, id: AdminKeyId, at: Timestamp) -> Result<(), StorageError>;
    /// Ends one. `false` when there is none or it was ended before: an ended
    /// one MUST keep its time.
    async fn revoke(&mut self, id: AdminKeyId, at: Timestamp) -> Result<bool, StorageError>;
}

/// Which grants are meant; all when nothing is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GrantFilter {
    /// Of this organisation.
    pub tenant: Option<TenantId>,
    /// Of this app.
    pub client: Option<ClientId>,
    /// Of this connection.
    pub connection: Option<ConnectionId>,
}

/// Grants.
#[async_trait]
pub trait GrantRepository: Send {
    /// Adds a new one.
    async fn add(&mut self, grant: &PlatformGrant) -> Result<(), StorageError>;
    /// Finds one. `None` when there is none.
    async fn find(&mut self, id: GrantId) -> Result<Option<PlatformGrant>, StorageError>;
    /// Those that are meant, oldest first, ended ones too: at most `limit`
    /// after the grant `after`.
    async fn list(
        &mut self,
        filter: GrantFilter,
        after: Option<GrantId>,
        limit: usize,
    ) -> Result<Vec<PlatformGrant>, StorageError>;
}

/// What an administrator made of the firewall.
#[async_trait]
pub trait FirewallSettingsRepository: Send {
    /// The settings; those of version 0 before the first change.
    async fn find(&mut self) -> Result<FirewallSettings, StorageError>;
    /// Writes settings in the place of those of the version before. `false`
    /// when those are no longer there: MUST answer `true` at most once for one
    /// version, however many ask at the same time.
    async fn replace(&mut self, settings: &FirewallSettings) -> Result<bool, StorageError>;
}
