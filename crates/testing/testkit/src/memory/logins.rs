//! How people prove who they are, and how they come in.

use async_trait::async_trait;
use lodge_access::{Authenticator, Invitation, PasswordLink, Throttle};
use lodge_kernel::{Digest, InvitationId, TenantId, Timestamp, UserId};
use lodge_storage::{
    InvitationRepository, LoginRepository, PasswordLinkRepository, StorageError, ThrottleRepository,
};

use super::{
    Rows,
    tables::{if_owned, unless_there},
};

#[async_trait]
impl LoginRepository for Rows<'_> {
    async fn password(&mut self, user: UserId) -> Result<Option<String>, StorageError> {
        Ok(self.0.tables.passwords.get(&user).cloned())
    }

    async fn set_password(
        &mut self,
        user: UserId,
        hash: &str,
        _at: Timestamp,
    ) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        if_owned(tables.users.contains_key(&user), "password")?;
        tables.passwords.insert(user, hash.to_owned());
        Ok(())
    }

    async fn replace_hash(
        &mut self,
        user: UserId,
        known: &str,
        hash: &str,
        _at: Timestamp,
    ) -> Result<bool, StorageError> {
        let theirs = self.0.change()?.passwords.get_mut(&user);
        let same = theirs.filter(|it| it.as_str() == known);
        Ok(same.map(|it| hash.clone_into(it)).is_some())
    }

    async fn authenticator(&mut self, user: UserId) -> Result<Option<Authenticator>, StorageError> {
        Ok(self.0.tables.authenticators.get(&user).cloned())
    }

    async fn set_authenticator(
        &mut self,
        user: UserId,
        authenticator: Option<&Authenticator>,
    ) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        match authenticator {
            None => {
                tables.authenticators.remove(&user);
            }
            Some(it) => {
                if_owned(tables.users.contains_key(&user), "authenticator")?;
                tables.authenticators.insert(user, it.clone());
            }
        }
        Ok(())
    }

    async fn use_step(&mut self, user: UserId, step: u64) -> Result<bool, StorageError> {
        let Some(it) = self.0.change()?.authenticators.get_mut(&user) else { return Ok(false) };
        let fresh = it.last_step.is_none_or(|last| step > last);
        if fresh {
            it.last_step = Some(step);
        }
        Ok(fresh)
    }

    async fn set_recovery_codes(
        &mut self,
        user: UserId,
        digests: &[Digest],
    ) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        if_owned(tables.users.contains_key(&user), "recovery code")?;
        tables.recovery_codes.retain(|(owner, _)| *owner != user);
        tables.recovery_codes.extend(digests.iter().map(|it| (user, *it)));
        Ok(())
    }

    async fn use_recovery_code(
        &mut self,
        user: UserId,
        digest: Digest,
    ) -> Result<bool, StorageError> {
        Ok(self.0.change()?.recovery_codes.remove(&(user, digest)))
    }

    async fn recovery_codes(&mut self, user: UserId) -> Result<u64, StorageError> {
        let n = self.0.tables.recovery_codes.iter().filter(|(owner, _)| *owner == user).count();
        Ok(u64::try_from(n).unwrap_or(u64::MAX))
    }
}

#[async_trait]
impl InvitationRepository for Rows<'_> {
    async fn add(&mut self, it: &Invitation) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        let owned =
            tables.tenants.contains_key(&it.tenant) && tables.users.contains_key(&it.invited_by);
        if_owned(owned, "invitation")?;
        let same = |known: &Invitation| known.id == it.id || known.digest == it.digest;
        unless_there(tables.invitations.values().any(same), "invitation")?;
        tables.invitations.insert(it.id, it.clone());
        Ok(())
    }

    async fn find_by_digest(&mut self, digest: Digest) -> Result<Option<Invitation>, StorageError> {
        Ok(self.0.tables.invitations.values().find(|it| it.digest == digest).cloned())
    }

    async fn of_tenant(
        &mut self,
        tenant: TenantId,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<Invitation>, StorageError> {
        let newest = self.0.tables.invitations.values().rev();
        let open = newest.filter(|it| it.tenant == tenant && it.is_open(now));
        Ok(open.take(limit).cloned().collect())
    }

    async fn end(
        &mut self,
        tenant: TenantId,
        id: InvitationId,
        at: Timestamp,
    ) -> Result<bool, StorageError> {
        let known = self.0.change()?.invitations.get_mut(&id);
        let open = known.filter(|it| it.tenant == tenant && it.ended_at.is_none());
        Ok(open.map(|it| it.ended_at = Some(at)).is_some())
    }
}

#[async_trait]
impl PasswordLinkRepository for Rows<'_> {
    async fn add(&mut self, it: &PasswordLink) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        if_owned(tables.users.contains_key(&it.user), "password link")?;
        tables.password_links.retain(|_, known| known.user != it.user);
        unless_there(tables.password_links.contains_key(&it.digest), "password link")?;
        tables.password_links.insert(it.digest, it.clone());
        Ok(())
    }

    async fn find(&mut self, digest: Digest) -> Result<Option<PasswordLink>, StorageError> {
        Ok(self.0.tables.password_links.get(&digest).cloned())
    }

    async fn take(&mut self, digest: Digest, at: Timestamp) -> Result<bool, StorageError> {
        let known = self.0.change()?.password_links.get_mut(&digest);
        let open = known.filter(|it| it.used_at.is_none());
        Ok(open.map(|it| it.used_at = Some(at)).is_some())
    }
}

#[async_trait]
impl ThrottleRepository for Rows<'_> {
    async fn hold(&mut self, subject: Digest) -> Result<Throttle, StorageError> {
        Ok(*self.0.change()?.throttles.entry(subject).or_insert(Throttle::NONE))
    }

    async fn write(&mut self, subject: Digest, throttle: &Throttle) -> Result<(), StorageError> {
        let known = self.0.change()?.throttles.get_mut(&subject);
        *known.ok_or(StorageError::Orphan { entity: "throttle" })? = *throttle;
        Ok(())
    }
}
