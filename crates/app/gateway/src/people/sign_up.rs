//! Opening an account, with an organisation of one's own.

use std::time::Duration;

use lodge_access::{
    Action, Actor, Membership, PasswordError, PersonError, Role, Tenant, User, parse_email,
    parse_name, password, people::SESSION_LIFETIME,
};
use lodge_kernel::{Clock, ExposeSecret as _, SecretString, TenantId, Timestamp, UserId};
use lodge_services::HashError;
use lodge_storage::{StorageError, UnitOfWork};

use crate::{
    Gateway,
    audit::Happened,
    people::{Caller, LoggedIn, ProofError},
};

/// What somebody says who opens an account.
#[derive(Clone, Debug)]
pub struct SignUp {
    /// The address.
    pub email: String,
    /// The person's name; may be empty.
    pub name: String,
    /// The organisation's name.
    pub organisation: String,
    /// The password.
    pub password: SecretString,
    /// Where the request comes from.
    pub caller: Caller,
}

/// No account was opened.
#[derive(Debug, thiserror::Error)]
pub enum SignUpError {
    /// The operator does not let strangers in.
    #[error(
        "this gateway opens no accounts for strangers: ask its operator, or one of your organisation\u{2019}s owners, for an invitation"
    )]
    Closed,
    /// What was said of the person.
    #[error(transparent)]
    Person(#[from] PersonError),
    /// The password.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The address has an account.
    #[error("this address cannot be used for a new account: if it is yours, log in")]
    Taken,
    /// It was tried too often, or nobody could hash.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// The database did not answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<HashError> for SignUpError {
    fn from(error: HashError) -> Self {
        Self::Proof(error.into())
    }
}

/// The least by which the times of two ids differ.
const ID_STEP: Duration = Duration::from_millis(1);

/// A clock that stands.
struct Standing(Timestamp);

impl Clock for Standing {
    fn now(&self) -> Timestamp {
        self.0
    }
}

impl Gateway {
    /// Opens an account with an organisation, and a session in it.
    ///
    /// # Errors
    ///
    /// [`SignUpError`]; nothing has changed then.
    #[tracing::instrument(name = "people.sign_up", skip_all)]
    pub async fn sign_up(&self, ask: SignUp) -> Result<LoggedIn, SignUpError> {
        if !self.people.open {
            return Err(SignUpError::Closed);
        }
        let organisation = parse_name(&ask.organisation)?;
        let new = self.new_user(&ask.email, &ask.name, &ask.password)?;
        // It stays held against the network: who asks for many addresses learns of
        // few which have an account.
        let attempt = self.attempt(&new.email, &ask.caller).await?;
        let hash = self.people.passwords.hash(ask.password).await?;
        let mut work = self.storage.begin().await?;
        let tenant = self.add_organisation(&mut *work, organisation).await?;
        self.add_user(&mut *work, &new, &hash).await?;
        let membership = member(tenant.id, new.id, Role::Owner, new.created_at);
        work.memberships().add(&membership).await?;
        let until = self.now().plus(SESSION_LIFETIME);
        let opened = self.add_session(&mut *work, new, Some(tenant.id), &ask.caller, until).await?;
        attempt.forget(&mut *work).await?;
        let happened = Happened::new(tenant.id, Actor::User(opened.user.id), Action::SignedUp)
            .to(opened.user.id);
        self.audit(&mut *work, happened).await?;
        work.commit().await?;
        Ok(opened)
    }

    /// Somebody who is not there yet; an empty name is none.
    pub(super) fn new_user(
        &self,
        email: &str,
        name: &str,
        password: &SecretString,
    ) -> Result<User, SignUpError> {
        let email = parse_email(email)?;
        let name = if name.trim().is_empty() { None } else { Some(parse_name(name)?) };
        password::check(password.expose_secret(), &email)?;
        let id = UserId::fresh(&*self.clock, &*self.entropy);
        Ok(User { id, email, name, created_at: self.now() })
    }

    /// Adds somebody with a password.
    pub(super) async fn add_user(
        &self,
        work: &mut dyn UnitOfWork,
        user: &User,
        hash: &str,
    ) -> Result<(), SignUpError> {
        work.users().add(user).await.map_err(|error| match error {
            StorageError::Duplicate { .. } => SignUpError::Taken,
            other => other.into(),
        })?;
        Ok(work.logins().set_password(user.id, hash, user.created_at).await?)
    }

    /// Adds an organisation without members. It sorts after the oldest one even
    /// when that was made while the clock was ahead: the oldest may use what is
    /// the operator's own, and no stranger's takes its place.
    pub(crate) async fn add_organisation(
        &self,
        work: &mut dyn UnitOfWork,
        name: String,
    ) -> Result<Tenant, StorageError> {
        let now = self.now();
        let oldest = work.tenants().list(None, 1).await?;
        let ahead = oldest.first().map(|it| it.id.made_at()).filter(|it| *it > now);
        let at = Standing(ahead.map_or(now, |it| it.plus(ID_STEP)));
        let id = TenantId::fresh(&at, &*self.entropy);
        let tenant = Tenant { id, name, created_at: now };
        work.tenants().add(&tenant).await?;
        Ok(tenant)
    }
}

pub(crate) const fn member(
    tenant: TenantId,
    user: UserId,
    role: Role,
    created_at: Timestamp,
) -> Membership {
    Membership { tenant, user, role, created_at }
}
