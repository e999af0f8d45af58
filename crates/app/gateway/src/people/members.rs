//! The members of an organisation: who there is, what they may do, and their
//! going.

use lodge_access::{Act, Action, Actor, Membership, Role, User};
use lodge_kernel::{TenantId, UserId};
use lodge_storage::{StorageError, UnitOfWork};

use crate::{
    Gateway,
    audit::Happened,
    people::{Denied, Member, Visitor},
};

/// A member was not changed.
#[derive(Debug, thiserror::Error)]
pub enum MemberError {
    /// The role of who asks is too small.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such member here.
    #[error("there is no such member in this organisation")]
    NotFound,
    /// An organisation has at least one owner.
    #[error("an organisation has at least one owner: make somebody else an owner first")]
    LastOwner,
    /// The database did not answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Gateway {
    /// The members of the visitor's organisation: at most `limit` after `after`.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    pub async fn members(
        &self,
        visitor: &Visitor,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<(Membership, User)>, StorageError> {
        self.storage.read().await?.memberships().of_tenant(visitor.tenant, after, limit).await
    }

    /// Gives a member another role.
    ///
    /// # Errors
    ///
    /// [`MemberError`]; nothing has changed then.
    #[tracing::instrument(name = "people.change_role", skip_all)]
    pub async fn change_role(
        &self,
        by: impl Into<Member>,
        user: UserId,
        role: Role,
    ) -> Result<(), MemberError> {
        let by = by.into();
        by.check(Act::ManageMembers)?;
        by.check(role.given_by())?;
        let mut work = self.storage.begin().await?;
        let known = held_member(&mut *work, by.tenant, user).await?;
        by.check(known.role.given_by())?;
        if role != Role::Owner {
            unless_last_owner(&mut *work, &known).await?;
        }
        work.memberships().change(by.tenant, user, role).await?;
        let happened = Happened::new(by.tenant, Actor::User(by.user), Action::MemberChanged)
            .to(user)
            .because(role);
        self.audit(&mut *work, happened).await?;
        work.commit().await?;
        Ok(())
    }

    /// Removes a member; anybody may go themself. Their sessions are in another
    /// organisation afterwards, or in none. They are of no course's staff, no
    /// student is their account, and their tokens for courses end: who comes
    /// back begins anew.
    ///
    /// # Errors
    ///
    /// [`MemberError`]; nothing has changed then.
    #[tracing::instrument(name = "people.remove_member", skip_all)]
    pub async fn remove_member(
        &self,
        by: impl Into<Member>,
        user: UserId,
    ) -> Result<(), MemberError> {
        let by = by.into();
        let goes = by.user == user;
        if !goes {
            by.check(Act::ManageMembers)?;
        }
        let mut work = self.storage.begin().await?;
        let known = held_member(&mut *work, by.tenant, user).await?;
        if !goes {
            by.check(known.role.given_by())?;
        }
        unless_last_owner(&mut *work, &known).await?;
        work.memberships().remove(by.tenant, user).await?;
        let now = self.now();
        work.staff().remove_person(by.tenant, user).await?;
        work.students().unlink(by.tenant, user, now).await?;
        work.personal_tokens().revoke_all(by.tenant, user, now).await?;
        let happened =
            Happened::new(by.tenant, Actor::User(by.user), Action::MemberRemoved).to(user);
        self.audit(&mut *work, happened).await?;
        work.commit().await?;
        Ok(())
    }
}

/// A member of an organisation that nobody else changes meanwhile.
async fn held_member(
    work: &mut dyn UnitOfWork,
    tenant: TenantId,
    user: UserId,
) -> Result<Membership, MemberError> {
    work.tenants().hold(tenant).await?;
    work.memberships().find(tenant, user).await?.ok_or(MemberError::NotFound)
}

async fn unless_last_owner(
    work: &mut dyn UnitOfWork,
    known: &Membership,
) -> Result<(), MemberError> {
    if known.role == Role::Owner && work.memberships().count(known.tenant, Role::Owner).await? <= 1
    {
        return Err(MemberError::LastOwner);
    }
    Ok(())
}
