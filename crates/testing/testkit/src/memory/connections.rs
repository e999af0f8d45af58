//! Accounts at hosts, what they are read with, and the logins to them.

use async_trait::async_trait;
use lodge_access::{Connection, Credentials, DataKey, Lease, LoginAttempt};
use lodge_kernel::{ConnectionId, CustomerId, Digest, LeaseId, TenantId, Timestamp};
use lodge_storage::{
    ConnectionRepository, CredentialRepository, DataKeyRepository, LoginAttemptRepository,
    StorageError,
};

use super::{
    Rows,
    tables::{if_owned, unless_there},
};

#[async_trait]
impl ConnectionRepository for Rows<'_> {
    async fn add(&mut self, connection: &Connection) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        unless_there(tables.connections.contains_key(&connection.id), "connection")?;
        unless_there(tables.is_connected(connection), "connection")?;
        if_owned(tables.has_customer(connection.tenant, connection.customer), "connection")?;
        tables.connections.insert(connection.id, connection.clone());
        Ok(())
    }

    async fn find(&mut self, id: ConnectionId) -> Result<Option<Connection>, StorageError> {
        Ok(self.0.tables.connections.get(&id).cloned())
    }

    async fn of_customer(&mut self, customer: CustomerId) -> Result<Vec<Connection>, StorageError> {
        let theirs = self.0.tables.connections.values().filter(|it| it.customer == customer);
        Ok(theirs.cloned().collect())
    }

    async fn list(
        &mut self,
        tenant: Option<TenantId>,
        after: Option<ConnectionId>,
        limit: usize,
    ) -> Result<Vec<Connection>, StorageError> {
        let meant =
            |it: &&Connection| tenant.is_none_or(|id| it.tenant == id) && Some(it.id) > after;
        Ok(self.0.tables.connections.values().filter(meant).take(limit).cloned().collect())
    }

    async fn idle_of_strangers(
        &mut self,
        before: Timestamp,
        limit: usize,
    ) -> Result<Vec<ConnectionId>, StorageError> {
        Ok(self.0.tables.idle_of_strangers(before, limit))
    }

    async fn update(&mut self, connection: &Connection) -> Result<(), StorageError> {
        let known = self.0.change()?.connections.get_mut(&connection.id);
        let known = known.ok_or(StorageError::Orphan { entity: "connection" })?;
        *known = Connection {
            tenant: known.tenant,
            customer: known.customer,
            provider: known.provider.clone(),
            host_account: known.host_account.clone(),
            created_at: known.created_at,
            ..connection.clone()
        };
        Ok(())
    }
}

#[async_trait]
impl CredentialRepository for Rows<'_> {
    async fn add(&mut self, it: &Credentials) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        unless_there(tables.credentials.contains_key(&it.connection), "credential")?;
        if_owned(tables.has_connection(it.tenant, it.connection), "credential")?;
        tables.credentials.insert(it.connection, (it.clone(), None));
        Ok(())
    }

    async fn find(
        &mut self,
        connection: ConnectionId,
    ) -> Result<Option<Credentials>, StorageError> {
        Ok(self.0.tables.credentials.get(&connection).map(|(it, _)| it.clone()))
    }

    async fn replace(&mut self, generation: u64, it: &Credentials) -> Result<bool, StorageError> {
        let known = self.0.change()?.credentials.get_mut(&it.connection);
        let known = known.filter(|(known, _)| known.generation == generation);
        Ok(known.map(|known| *known = (it.clone(), None)).is_some())
    }

    async fn lease(
        &mut self,
        connection: ConnectionId,
        generation: u64,
        lease: Lease,
        now: Timestamp,
    ) -> Result<bool, StorageError> {
        let known = self.0.change()?.credentials.get_mut(&connection);
        let free = known.filter(|(it, lease)| {
            it.generation == generation && lease.is_none_or(|lease| lease.until <= now)
        });
        Ok(free.map(|(_, held)| *held = Some(lease)).is_some())
    }

    async fn release(&mut self, connection: ConnectionId, id: LeaseId) -> Result<(), StorageError> {
        if let Some((_, lease)) = self.0.change()?.credentials.get_mut(&connection) {
            lease.take_if(|it| it.id == id);
        }
        Ok(())
    }

    async fn remove(&mut self, connection: ConnectionId) -> Result<(), StorageError> {
        self.0.change()?.credentials.remove(&connection);
        Ok(())
    }
}

#[async_trait]
impl LoginAttemptRepository for Rows<'_> {
    async fn add(&mut self, it: &LoginAttempt) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        unless_there(tables.login_attempts.contains_key(&it.digest), "login attempt")?;
        if_owned(tables.has_customer(it.tenant, it.customer), "login attempt")?;
        tables.login_attempts.insert(it.digest, it.clone());
        Ok(())
    }

    async fn find(&mut self, digest: Digest) -> Result<Option<LoginAttempt>, StorageError> {
        Ok(self.0.tables.login_attempts.get(&digest).cloned())
    }

    async fn take(&mut self, digest: Digest, now: Timestamp) -> Result<bool, StorageError> {
        let attempt = self.0.change()?.login_attempts.get_mut(&digest);
        let free = attempt.filter(|it| it.used_at.is_none() && now < it.expires_at);
        Ok(free.map(|it| it.used_at = Some(now)).is_some())
    }
}

#[async_trait]
impl DataKeyRepository for Rows<'_> {
    async fn add(&mut self, it: &DataKey) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        unless_there(tables.data_keys.contains_key(&(it.tenant, it.number)), "data key")?;
        if_owned(tables.tenants.contains_key(&it.tenant), "data key")?;
        tables.data_keys.insert((it.tenant, it.number), it.clone());
        Ok(())
    }

    async fn find(
        &mut self,
        tenant: TenantId,
        number: u32,
    ) -> Result<Option<DataKey>, StorageError> {
        Ok(self.0.tables.data_keys.get(&(tenant, number)).cloned())
    }

    async fn newest(&mut self, tenant: TenantId) -> Result<Option<DataKey>, StorageError> {
        let mut its = self.0.tables.data_keys.range((tenant, 0)..=(tenant, u32::MAX));
        Ok(its.next_back().map(|(_, it)| it.clone()))
    }

    async fn not_wrapped_by(
        &mut self,
        master: u8,
        limit: usize,
    ) -> Result<Vec<DataKey>, StorageError> {
        let others = self.0.tables.data_keys.values().filter(|it| it.master != master);
        Ok(others.take(limit).cloned().collect())
    }

    async fn rewrap(&mut self, it: &DataKey, before: &str) -> Result<bool, StorageError> {
        let known = self.0.change()?.data_keys.get_mut(&(it.tenant, it.number));
        let known = known.filter(|known| known.wrapped == before);
        Ok(known
            .map(|known| {
                known.wrapped.clone_from(&it.wrapped);
                known.master = it.master;
            })
            .is_some())
    }

    async fn count(&mut self) -> Result<Vec<(u8, u64)>, StorageError> {
        let mut counts = std::collections::BTreeMap::new();
        for key in self.0.tables.data_keys.values() {
            *counts.entry(key.master).or_default() += 1;
        }
        Ok(counts.into_iter().collect())
    }
}
