//! Who asks: the token of the environment, or a person by a session or by a
//! token of theirs.

use lodge_access::{Actor, Role, Secret, SecretKind};
use lodge_courses::{TokenScope, TokenScopes};
use lodge_gateway::Visitor;
use lodge_jobs::Author;
use lodge_kernel::{PersonalTokenId, TenantId, UserId};
use lodge_storage::StorageError;

use crate::{Teaching, TeachingError};

/// Somebody who was let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// A program with `TEACHER_API_TOKEN`: the teacher of every course of the
    /// oldest organisation, if there is one yet.
    Bootstrap {
        /// The organisation.
        tenant: Option<TenantId>,
    },
    /// A person.
    Person(Person),
}

/// A person in one of their organisations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub user: UserId,
    /// The organisation.
    pub tenant: TenantId,
    /// What the person is there.
    pub role: Role,
    /// What the credential allows of what the person may do.
    pub scopes: TokenScopes,
    /// The token that was brought; `None` with a session.
    pub token: Option<PersonalTokenId>,
}

/// Nobody was let in.
#[derive(Debug, thiserror::Error)]
pub enum CallerError {
    /// Not a token of ours.
    #[error("the token is not one of this installation")]
    Unknown,
    /// The token has ended, or its person has left the organisation.
    #[error("the token has ended: make another one")]
    Ended,
    /// The database did not answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<&Visitor> for Caller {
    fn from(it: &Visitor) -> Self {
        let scopes = TokenScopes::ALL;
        let (user, tenant, role) = (it.user.id, it.tenant, it.role);
        Self::Person(Person { user, tenant, role, scopes, token: None })
    }
}

impl Caller {
    /// The organisation that is asked about.
    ///
    /// # Errors
    ///
    /// [`TeachingError::NotFound`] while there is none: then there is nothing
    /// of anything.
    pub fn tenant(&self) -> Result<TenantId, TeachingError> {
        match self {
            Self::Bootstrap { tenant } => tenant.ok_or(TeachingError::NotFound("course")),
            Self::Person(person) => Ok(person.tenant),
        }
    }

    /// As whom the audit trail knows the caller.
    pub const fn actor(&self) -> Actor {
        match self {
            Self::Bootstrap { .. } => Actor::Bootstrap,
            Self::Person(person) => Actor::User(person.user),
        }
    }

    /// As whom jobs know the caller.
    pub(crate) const fn author(&self) -> Author {
        match self {
            Self::Bootstrap { .. } => Author::Bootstrap,
            Self::Person(person) => Author::Person(person.user),
        }
    }

    /// Checks what the credential is for.
    ///
    /// # Errors
    ///
    /// [`TeachingError::Scope`].
    pub fn check_scope(&self, needed: TokenScope) -> Result<(), TeachingError> {
        match self {
            Self::Person(person) if !person.scopes.allow(needed) => {
                Err(TeachingError::Scope(needed))
            }
            _ => Ok(()),
        }
    }

    /// The person who administers the organisation.
    ///
    /// # Errors
    ///
    /// [`TeachingError::Scope`], [`TeachingError::AdminOnly`].
    pub fn administrator(&self) -> Result<Person, TeachingError> {
        self.check_scope(TokenScope::Admin)?;
        match self {
            Self::Person(person) if person.is_admin() => Ok(*person),
            _ => Err(TeachingError::AdminOnly),
        }
    }
}

impl Person {
    /// An owner or administrator of the organisation is `admin` of its courses.
    pub const fn is_admin(&self) -> bool {
        matches!(self.role, Role::Owner | Role::Admin)
    }
}

impl Teaching {
    /// Lets in the bearer of `text`: the token of the environment, or a
    /// personal token. `None` when it is of another kind.
    ///
    /// # Errors
    ///
    /// [`CallerError`].
    #[tracing::instrument(name = "teaching.authenticate", skip_all)]
    pub async fn authenticate(&self, text: &str) -> Result<Option<Caller>, CallerError> {
        let digest = self.keys.digest(text.as_bytes());
        // Digests are compared: the time taken tells nothing of the token.
        if self.bootstrap == Some(digest) {
            let oldest = self.storage.read().await?.tenants().list(None, 1).await?;
            tracing::debug!(caller = "bootstrap", "let in");
            return Ok(Some(Caller::Bootstrap { tenant: oldest.first().map(|it| it.id) }));
        }
        if !text.starts_with(SecretKind::PersonalToken.prefix()) {
            return Ok(None);
        }
        Secret::parse(SecretKind::PersonalToken, text).ok_or(CallerError::Unknown)?;
        let mut work = self.storage.read().await?;
        let token = work.personal_tokens().find_by_digest(digest).await?;
        let token = token.ok_or(CallerError::Unknown)?;
        let now = self.now();
        if !token.is_live(now) {
            return Err(CallerError::Ended);
        }
        let membership = work.memberships().find(token.tenant, token.user).await?;
        let role = membership.ok_or(CallerError::Ended)?.role;
        drop(work);
        if token.is_to_be_noted(now) {
            let mut work = self.storage.begin().await?;
            work.personal_tokens().used(token.tenant, token.id, now).await?;
            work.commit().await?;
        }
        Ok(Some(Caller::Person(Person {
            user: token.user,
            tenant: token.tenant,
            role,
            scopes: token.scopes,
            token: Some(token.id),
        })))
    }
}
