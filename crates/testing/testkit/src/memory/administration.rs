//! Admin keys, grants, and the firewall's settings.

use async_trait::async_trait;
use lodge_access::{AdminKey, FirewallSettings, PlatformGrant};
use lodge_kernel::{AdminKeyId, Digest, GrantId, Timestamp};
use lodge_storage::{
    AdminKeyRepository, FirewallSettingsRepository, GrantFilter, GrantRepository, StorageError,
};

use super::{
    Rows,
    tables::{if_owned, unless_there},
};

#[async_trait]
impl AdminKeyRepository for Rows<'_> {
    async fn add(&mut self, key: &AdminKey) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        let same = |it: &AdminKey| it.id == key.id || it.digest == key.digest;
        unless_there(tables.admin_keys.values().any(same), "admin key")?;
        tables.admin_keys.insert(key.id, key.clone());
        Ok(())
    }

    async fn find_by_digest(&mut self, digest: Digest) -> Result<Option<AdminKey>, StorageError> {
        Ok(self.0.tables.admin_keys.values().find(|it| it.digest == digest).cloned())
    }

    async fn all(&mut self) -> Result<Vec<AdminKey>, StorageError> {
        Ok(self.0.tables.admin_keys.values().cloned().collect())
    }

    async fn used(&mut self, id: AdminKeyId, at: Timestamp) -> Result<(), StorageError> {
        if let Some(key) = self.0.change()?.admin_keys.get_mut(&id) {
            key.last_used_at = Some(at);
        }
        Ok(())
    }

    async fn revoke(&mut self, id: AdminKeyId, at: Timestamp) -> Result<bool, StorageError> {
        let key = self.0.change()?.admin_keys.get_mut(&id);
        let live = key.filter(|it| it.revoked_at.is_none());
        Ok(live.map(|it| it.revoked_at = Some(at)).is_some())
    }
}

#[async_trait]
impl GrantRepository for Rows<'_> {
    async fn add(&mut self, grant: &PlatformGrant) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        unless_there(tables.grants.contains_key(&grant.id), "grant")?;
        let owned = tables.has_app(grant.tenant, grant.client)
            && tables.has_connection(grant.tenant, grant.connection)
            && tables.has_authorization(grant.tenant, grant.authorization);
        if_owned(owned, "grant")?;
        tables.grants.insert(grant.id, grant.clone());
        Ok(())
    }

    async fn find(&mut self, id: GrantId) -> Result<Option<PlatformGrant>, StorageError> {
        Ok(self.0.tables.grants.get(&id).cloned())
    }

    async fn list(
        &mut self,
        filter: GrantFilter,
        after: Option<GrantId>,
        limit: usize,
    ) -> Result<Vec<PlatformGrant>, StorageError> {
        let meant = |it: &&PlatformGrant| {
            Some(it.id) > after
                && filter.tenant.is_none_or(|id| it.tenant == id)
                && filter.client.is_none_or(|id| it.client == id)
                && filter.connection.is_none_or(|id| it.connection == id)
        };
        Ok(self.0.tables.grants.values().filter(meant).take(limit).cloned().collect())
    }
}

#[async_trait]
impl FirewallSettingsRepository for Rows<'_> {
    async fn find(&mut self) -> Result<FirewallSettings, StorageError> {
        Ok(self.0.tables.firewall_settings.clone())
    }

    async fn replace(&mut self, settings: &FirewallSettings) -> Result<bool, StorageError> {
        let known = &mut self.0.change()?.firewall_settings;
        let follows = known.version + 1 == settings.version;
        if follows {
            *known = settings.clone();
        }
        Ok(follows)
    }
}
