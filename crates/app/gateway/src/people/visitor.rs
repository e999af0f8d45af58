//! From the text of a session to the person.

use lodge_access::{
    Act, Action, Actor, Membership, Role, Secret, SecretKind, Session, Tenant, User,
};
use lodge_kernel::{TenantId, UserId};
use lodge_storage::StorageError;

use crate::{Gateway, audit::Happened};

/// A session does not lead to a person, or the person not to an organisation.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// Not a session of ours.
    #[error("the session token is not one of this gateway")]
    Unknown,
    /// The session has ended.
    #[error("the session has ended: log in again")]
    Ended,
    /// The person belongs to no organisation.
    #[error("you belong to no organisation: ask one of its owners to invite you")]
    NoOrganisation,
    /// The database did not answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// A member's role is too small for what is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the role `{role}` may not {}", .act.name())]
pub struct Denied {
    /// The role that there is.
    pub role: Role,
    /// What is asked.
    pub act: Act,
}

/// Somebody with a session.
#[derive(Clone, Debug)]
pub struct Person {
    /// Who.
    pub user: User,
    /// The session.
    pub session: Session,
    /// Where the person belongs.
    pub memberships: Vec<Membership>,
}

/// Somebody in one of their organisations, by whatever credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub user: UserId,
    /// The organisation.
    pub tenant: TenantId,
    /// What the person may do there.
    pub role: Role,
}

impl From<&Visitor> for Member {
    fn from(it: &Visitor) -> Self {
        Self { user: it.user.id, tenant: it.tenant, role: it.role }
    }
}

impl Member {
    /// Checks the role against the one table of [`Role::may`].
    ///
    /// # Errors
    ///
    /// [`Denied`].
    pub const fn check(&self, act: Act) -> Result<(), Denied> {
        if self.role.may(act) { Ok(()) } else { Err(Denied { role: self.role, act }) }
    }
}

/// Somebody with a session, in one of their organisations.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// Who.
    pub user: User,
    /// The session.
    pub session: Session,
    /// Where the person belongs.
    pub memberships: Vec<Membership>,
    /// The organisation that the session is in.
    pub tenant: TenantId,
    /// What the person may do there.
    pub role: Role,
}

impl Person {
    /// The same person in the organisation that the session is in, or in
    /// another one of theirs when they do not belong there any more.
    ///
    /// # Errors
    ///
    /// [`SessionError::NoOrganisation`].
    pub fn visits(self) -> Result<Visitor, SessionError> {
        let here = |it: &&Membership| Some(it.tenant) == self.session.tenant;
        let all = &self.memberships;
        let membership = all.iter().find(here).or_else(|| all.first());
        let Membership { tenant, role, .. } = *membership.ok_or(SessionError::NoOrganisation)?;
        let Self { user, session, memberships } = self;
        Ok(Visitor { user, session, memberships, tenant, role })
    }
}

impl Visitor {
    /// As [`Member::check`].
    ///
    /// # Errors
    ///
    /// [`Denied`].
    pub fn check(&self, act: Act) -> Result<(), Denied> {
        Member::from(self).check(act)
    }

    /// What the audit trail says of `action`.
    pub(crate) fn did(&self, action: Action) -> Happened {
        Happened::new(self.tenant, Actor::User(self.user.id), action)
    }

    /// The same person, wherever they are.
    pub fn person(self) -> Person {
        Person { user: self.user, session: self.session, memberships: self.memberships }
    }
}

impl Gateway {
    /// The person whose session `text` is.
    ///
    /// # Errors
    ///
    /// [`SessionError`], but not [`SessionError::NoOrganisation`].
    pub async fn person(&self, text: &str) -> Result<Person, SessionError> {
        let secret = Secret::parse(SecretKind::UserSession, text).ok_or(SessionError::Unknown)?;
        let now = self.now();
        let mut work = self.storage.read().await?;
        let session = work.sessions().find_by_digest(self.digest(secret.expose())).await?;
        let session = session.ok_or(SessionError::Unknown)?;
        if !session.is_live(now) {
            return Err(SessionError::Ended);
        }
        let user = work.users().find(session.user).await?.ok_or(SessionError::Unknown)?;
        let memberships = work.memberships().of_user(user.id).await?;
        drop(work);
        if session.is_to_be_seen(now) {
            let mut work = self.storage.begin().await?;
            work.sessions().seen(session.id, now).await?;
            work.commit().await?;
        }
        Ok(Person { user, session, memberships })
    }

    /// The person whose session `text` is, in the organisation that it is in.
    ///
    /// # Errors
    ///
    /// [`SessionError`].
    pub async fn visitor(&self, text: &str) -> Result<Visitor, SessionError> {
        self.person(text).await?.visits()
    }

    /// What the forms of a session carry, so that no other site can send them:
    /// it follows from the session's token, and tells nothing of it.
    pub fn form_token(&self, session: &str) -> String {
        lodge_kernel::hex::encode(&self.digest(&format!("form|{session}")).0)
    }

    /// `given` is the form token of the session `text`. Digests are compared,
    /// so that the time tells nothing.
    pub fn is_form_token(&self, session: &str, given: &str) -> bool {
        self.digest(&self.form_token(session)) == self.digest(given)
    }

    /// Where a person belongs, with the organisations' names.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    pub async fn organisations(
        &self,
        memberships: &[Membership],
    ) -> Result<Vec<(Membership, Tenant)>, StorageError> {
        let mut work = self.storage.read().await?;
        let mut all = Vec::new();
        for membership in memberships {
            let tenant = work.tenants().find(membership.tenant).await?;
            all.extend(tenant.map(|it| (*membership, it)));
        }
        Ok(all)
    }
}
