//! Accepting an invitation, with an account or with a new one.

use lodge_access::{
    Action, Actor, Invitation, Secret, SecretKind, Tenant, people::SESSION_LIFETIME,
};
use lodge_kernel::SecretString;
use lodge_storage::{StorageError, UnitOfWork};

use crate::{
    Gateway,
    audit::Happened,
    people::{Caller, LoggedIn, Person, SignUpError, sign_up::member},
};

/// Nobody joined.
#[derive(Debug, thiserror::Error)]
pub enum JoinError {
    /// The link is not one of ours, was used or withdrawn, or is too old.
    #[error("this invitation was used or withdrawn, or is too old: ask for a new one")]
    Link,
    /// Somebody else is invited.
    #[error("this invitation is for {email}: log in as that person")]
    SomebodyElse {
        /// Who is invited.
        email: String,
    },
    /// The account could not be opened.
    #[error(transparent)]
    SignUp(#[from] SignUpError),
    /// The database did not answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// What an invitation is about.
#[derive(Debug)]
pub struct Joining {
    /// The invitation.
    pub invitation: Invitation,
    /// The organisation.
    pub tenant: Tenant,
    /// Who invites, by name or address.
    pub inviter: String,
    /// The invited address has an account.
    pub known: bool,
}

impl Gateway {
    /// What the invitation behind a link is about.
    ///
    /// # Errors
    ///
    /// [`JoinError::Link`] and [`JoinError::Storage`].
    pub async fn invitation(&self, text: &str) -> Result<Joining, JoinError> {
        let mut work = self.storage.read().await?;
        let invitation = self.open_invitation(&mut *work, text).await?;
        let tenant = work.tenants().find(invitation.tenant).await?.ok_or(JoinError::Link)?;
        let inviter = work.users().find(invitation.invited_by).await?;
        let inviter = inviter.map(|it| it.name.unwrap_or(it.email)).unwrap_or_default();
        let known = work.users().find_by_email(&invitation.email).await?.is_some();
        Ok(Joining { invitation, tenant, inviter, known })
    }

    /// Accepts an invitation as somebody who is there. The session is in the
    /// new organisation afterwards.
    ///
    /// # Errors
    ///
    /// [`JoinError`]; nothing has changed then.
    #[tracing::instrument(name = "people.join", skip_all)]
    pub async fn join(&self, person: &Person, text: &str) -> Result<Invitation, JoinError> {
        let now = self.now();
        let mut work = self.storage.begin().await?;
        let invitation = self.open_invitation(&mut *work, text).await?;
        if invitation.email != person.user.email {
            return Err(JoinError::SomebodyElse { email: invitation.email });
        }
        let Invitation { tenant, role, .. } = invitation;
        if !work.invitations().end(tenant, invitation.id, now).await? {
            return Err(JoinError::Link);
        }
        match work.memberships().add(&member(tenant, person.user.id, role, now)).await {
            // Whoever is there already keeps the role.
            Ok(()) | Err(StorageError::Duplicate { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        work.sessions().enter(person.session.id, Some(tenant)).await?;
        let happened = Happened::new(tenant, Actor::User(person.user.id), Action::MemberAdded)
            .to(person.user.id)
            .because(role);
        self.audit(&mut *work, happened).await?;
        work.commit().await?;
        Ok(invitation)
    }

    /// Accepts an invitation with a new account, whether or not strangers may
    /// open one.
    ///
    /// # Errors
    ///
    /// [`JoinError`]; nothing has changed then.
    #[tracing::instrument(name = "people.join_as_new", skip_all)]
    pub async fn join_as_new(
        &self,
        text: &str,
        name: &str,
        password: SecretString,
        caller: &Caller,
    ) -> Result<LoggedIn, JoinError> {
        let Joining { invitation, .. } = self.invitation(text).await?;
        let new = self.new_user(&invitation.email, name, &password)?;
        let hash = self.people.passwords.hash(password).await.map_err(SignUpError::from)?;
        let now = self.now();
        let Invitation { tenant, role, .. } = invitation;
        let mut work = self.storage.begin().await?;
        if !work.invitations().end(tenant, invitation.id, now).await? {
            return Err(JoinError::Link);
        }
        self.add_user(&mut *work, &new, &hash).await?;
        work.memberships().add(&member(tenant, new.id, role, now)).await?;
        let until = now.plus(SESSION_LIFETIME);
        let opened = self.add_session(&mut *work, new, Some(tenant), caller, until).await?;
        let happened = Happened::new(tenant, Actor::User(opened.user.id), Action::MemberAdded)
            .to(opened.user.id)
            .because(role);
        self.audit(&mut *work, happened).await?;
        work.commit().await?;
        Ok(opened)
    }

    async fn open_invitation(
        &self,
        work: &mut dyn UnitOfWork,
        text: &str,
    ) -> Result<Invitation, JoinError> {
        let secret = Secret::parse(SecretKind::Invitation, text).ok_or(JoinError::Link)?;
        let found = work.invitations().find_by_digest(self.digest(secret.expose())).await?;
        found.filter(|it| it.is_open(self.now())).ok_or(JoinError::Link)
    }
}
