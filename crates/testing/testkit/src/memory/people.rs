//! Organisations, people, their sessions, and apps.

use async_trait::async_trait;
use lodge_access::{App, Membership, Role, Session, Tenant, User};
use lodge_kernel::{ClientId, Digest, SessionId, TenantId, Timestamp, UserId};
use lodge_storage::{
    AppFilter, AppRepository, MembershipRepository, SessionRepository, StorageError,
    TenantRepository, UserRepository,
};

use super::{
    Rows,
    tables::{if_owned, unless_there},
};

#[async_trait]
impl TenantRepository for Rows<'_> {
    async fn add(&mut self, tenant: &Tenant) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        unless_there(tables.tenants.contains_key(&tenant.id), "tenant")?;
        tables.tenants.insert(tenant.id, tenant.clone());
        Ok(())
    }

    async fn find(&mut self, id: TenantId) -> Result<Option<Tenant>, StorageError> {
        Ok(self.0.tables.tenants.get(&id).cloned())
    }

    async fn list(
        &mut self,
        after: Option<TenantId>,
        limit: usize,
    ) -> Result<Vec<Tenant>, StorageError> {
        let late = self.0.tables.tenants.values().filter(|it| Some(it.id) > after);
        Ok(late.take(limit).cloned().collect())
    }

    async fn hold(&mut self, id: TenantId) -> Result<Option<Tenant>, StorageError> {
        Ok(self.0.change()?.tenants.get(&id).cloned())
    }
}

#[async_trait]
impl UserRepository for Rows<'_> {
    async fn add(&mut self, user: &User) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        let same = |it: &User| it.id == user.id || it.email == user.email;
        unless_there(tables.users.values().any(same), "user")?;
        tables.users.insert(user.id, user.clone());
        Ok(())
    }

    async fn find(&mut self, id: UserId) -> Result<Option<User>, StorageError> {
        Ok(self.0.tables.users.get(&id).cloned())
    }

    async fn hold(&mut self, id: UserId) -> Result<Option<User>, StorageError> {
        Ok(self.0.change()?.users.get(&id).cloned())
    }

    async fn find_by_email(&mut self, email: &str) -> Result<Option<User>, StorageError> {
        Ok(self.0.tables.users.values().find(|it| it.email == email).cloned())
    }
}

#[async_trait]
impl MembershipRepository for Rows<'_> {
    async fn add(&mut self, it: &Membership) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        let owned = tables.tenants.contains_key(&it.tenant) && tables.users.contains_key(&it.user);
        if_owned(owned, "membership")?;
        unless_there(tables.memberships.contains_key(&(it.tenant, it.user)), "membership")?;
        tables.memberships.insert((it.tenant, it.user), *it);
        Ok(())
    }

    async fn find(
        &mut self,
        tenant: TenantId,
        user: UserId,
    ) -> Result<Option<Membership>, StorageError> {
        Ok(self.0.tables.memberships.get(&(tenant, user)).copied())
    }

    async fn of_user(&mut self, user: UserId) -> Result<Vec<Membership>, StorageError> {
        let all = self.0.tables.memberships.values();
        Ok(all.filter(|it| it.user == user).copied().collect())
    }

    async fn of_tenant(
        &mut self,
        tenant: TenantId,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<(Membership, User)>, StorageError> {
        let tables = &self.0.tables;
        let theirs = |it: &&Membership| it.tenant == tenant && Some(it.user) > after;
        let members = tables.memberships.values().filter(theirs).take(limit);
        Ok(members.filter_map(|it| Some((*it, tables.users.get(&it.user)?.clone()))).collect())
    }

    async fn count(&mut self, tenant: TenantId, role: Role) -> Result<u64, StorageError> {
        let all = self.0.tables.memberships.values();
        let n = all.filter(|it| it.tenant == tenant && it.role == role).count();
        Ok(u64::try_from(n).unwrap_or(u64::MAX))
    }

    async fn change(
        &mut self,
        tenant: TenantId,
        user: UserId,
        role: Role,
    ) -> Result<bool, StorageError> {
        let member = self.0.change()?.memberships.get_mut(&(tenant, user));
        Ok(member.map(|it| it.role = role).is_some())
    }

    async fn remove(&mut self, tenant: TenantId, user: UserId) -> Result<bool, StorageError> {
        Ok(self.0.change()?.memberships.remove(&(tenant, user)).is_some())
    }
}

#[async_trait]
impl SessionRepository for Rows<'_> {
    async fn add(&mut self, session: &Session) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        if_owned(tables.users.contains_key(&session.user), "session")?;
        let same = |it: &Session| it.id == session.id || it.digest == session.digest;
        unless_there(tables.sessions.values().any(same), "session")?;
        tables.sessions.insert(session.id, session.clone());
        Ok(())
    }

    async fn find_by_digest(&mut self, digest: Digest) -> Result<Option<Session>, StorageError> {
        Ok(self.0.tables.sessions.values().find(|it| it.digest == digest).cloned())
    }

    async fn of_user(
        &mut self,
        user: UserId,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<Session>, StorageError> {
        let open =
            |it: &&Session| it.user == user && it.revoked_at.is_none() && now < it.expires_at;
        let newest = self.0.tables.sessions.values().rev();
        Ok(newest.filter(open).take(limit).cloned().collect())
    }

    async fn seen(&mut self, id: SessionId, at: Timestamp) -> Result<bool, StorageError> {
        let session = self.0.change()?.sessions.get_mut(&id);
        Ok(session.map(|it| it.seen_at = it.seen_at.max(at)).is_some())
    }

    async fn enter(
        &mut self,
        id: SessionId,
        tenant: Option<TenantId>,
    ) -> Result<bool, StorageError> {
        let session = self.0.change()?.sessions.get_mut(&id);
        Ok(session.map(|it| it.tenant = tenant).is_some())
    }

    async fn revoke(&mut self, id: SessionId, at: Timestamp) -> Result<bool, StorageError> {
        let session = self.0.change()?.sessions.get_mut(&id);
        Ok(session.map(|it| it.revoked_at.get_or_insert(at)).is_some())
    }

    async fn revoke_of_user(
        &mut self,
        user: UserId,
        spared: Option<SessionId>,
        at: Timestamp,
    ) -> Result<u64, StorageError> {
        let mut n = 0;
        for it in self.0.change()?.sessions.values_mut() {
            if it.user == user && Some(it.id) != spared && it.revoked_at.is_none() {
                it.revoked_at = Some(at);
                n += 1;
            }
        }
        Ok(n)
    }
}

#[async_trait]
impl AppRepository for Rows<'_> {
    async fn add(&mut self, app: &App) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        unless_there(tables.apps.contains_key(&app.id), "app")?;
        let owned =
            tables.tenants.contains_key(&app.tenant) && tables.users.contains_key(&app.owner);
        if_owned(owned, "app")?;
        tables.apps.insert(app.id, app.clone());
        Ok(())
    }

    async fn find(&mut self, id: ClientId) -> Result<Option<App>, StorageError> {
        Ok(self.0.tables.apps.get(&id).cloned())
    }

    async fn of_tenant(
        &mut self,
        tenant: TenantId,
        after: Option<ClientId>,
        limit: usize,
    ) -> Result<Vec<App>, StorageError> {
        let filter = AppFilter { tenant: Some(tenant), owner: None };
        AppRepository::list(self, filter, after, limit).await
    }

    async fn list(
        &mut self,
        filter: AppFilter,
        after: Option<ClientId>,
        limit: usize,
    ) -> Result<Vec<App>, StorageError> {
        let meant = |it: &&App| {
            it.is_active()
                && Some(it.id) > after
                && filter.tenant.is_none_or(|id| it.tenant == id)
                && filter.owner.is_none_or(|id| it.owner == id)
        };
        Ok(self.0.tables.apps.values().filter(meant).take(limit).cloned().collect())
    }

    async fn update(&mut self, app: &App) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        let known = tables.apps.get_mut(&app.id).ok_or(StorageError::Orphan { entity: "app" })?;
        *known = App {
            tenant: known.tenant,
            owner: known.owner,
            created_at: known.created_at,
            ..app.clone()
        };
        Ok(())
    }
}
