//! Inviting somebody into an organisation.

use lodge_access::{
    Act, Action, Invitation, PersonError, Role, Secret, SecretKind,
    invitation::INVITATION_LIFETIME, parse_email,
};
use lodge_kernel::InvitationId;
use lodge_storage::StorageError;

use crate::{
    Gateway,
    people::{Denied, Visitor},
};

/// How many invitations can be open at a time.
const MOST_OPEN: usize = 100;

/// Nobody was invited.
#[derive(Debug, thiserror::Error)]
pub enum InviteError {
    /// The role of who asks is too small.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Not an address.
    #[error(transparent)]
    Person(#[from] PersonError),
    /// The person is here.
    #[error("this person belongs to the organisation already")]
    Member,
    /// There are too many.
    #[error("100 invitations are open: withdraw some first")]
    TooMany,
    /// There is no such invitation here.
    #[error("there is no such open invitation in this organisation")]
    NotFound,
    /// The database did not answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// An invitation with the secret part of its link, which is shown once.
#[derive(Debug)]
pub struct Invited {
    /// The invitation.
    pub invitation: Invitation,
    /// The last part of `/app/join/…`.
    pub secret: Secret,
}

impl Gateway {
    /// Invites somebody into the visitor's organisation.
    ///
    /// # Errors
    ///
    /// [`InviteError`].
    #[tracing::instrument(name = "people.invite", skip_all)]
    pub async fn invite(
        &self,
        visitor: &Visitor,
        email: &str,
        role: Role,
    ) -> Result<Invited, InviteError> {
        visitor.check(Act::ManageMembers)?;
        visitor.check(role.given_by())?;
        let email = parse_email(email)?;
        let (now, tenant) = (self.now(), visitor.tenant);
        let mut work = self.storage.begin().await?;
        let known = work.users().find_by_email(&email).await?;
        if let Some(known) = known
            && work.memberships().find(tenant, known.id).await?.is_some()
        {
            return Err(InviteError::Member);
        }
        if work.invitations().of_tenant(tenant, now, MOST_OPEN).await?.len() >= MOST_OPEN {
            return Err(InviteError::TooMany);
        }
        let secret = Secret::fresh(SecretKind::Invitation, &*self.entropy);
        let invitation = Invitation {
            id: InvitationId::fresh(&*self.clock, &*self.entropy),
            digest: self.digest(secret.expose()),
            tenant,
            email,
            role,
            invited_by: visitor.user.id,
            created_at: now,
            expires_at: now.plus(INVITATION_LIFETIME),
            ended_at: None,
        };
        work.invitations().add(&invitation).await?;
        let happened = visitor.did(Action::MemberInvited).to(invitation.id).because(role);
        self.audit(&mut *work, happened).await?;
        work.commit().await?;
        Ok(Invited { invitation, secret })
    }

    /// The open invitations of the visitor's organisation, newest first.
    ///
    /// # Errors
    ///
    /// [`InviteError::Denied`] and [`InviteError::Storage`].
    pub async fn invitations(&self, visitor: &Visitor) -> Result<Vec<Invitation>, InviteError> {
        visitor.check(Act::ManageMembers)?;
        let mut work = self.storage.read().await?;
        Ok(work.invitations().of_tenant(visitor.tenant, self.now(), MOST_OPEN).await?)
    }

    /// Withdraws an invitation.
    ///
    /// # Errors
    ///
    /// [`InviteError`].
    #[tracing::instrument(name = "people.withdraw_invitation", skip_all)]
    pub async fn withdraw_invitation(
        &self,
        visitor: &Visitor,
        id: InvitationId,
    ) -> Result<(), InviteError> {
        visitor.check(Act::ManageMembers)?;
        let mut work = self.storage.begin().await?;
        if !work.invitations().end(visitor.tenant, id, self.now()).await? {
            return Err(InviteError::NotFound);
        }
        self.audit(&mut *work, visitor.did(Action::InvitationWithdrawn).to(id)).await?;
        work.commit().await?;
        Ok(())
    }
}
