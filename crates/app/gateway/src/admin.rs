//! How the first developer comes to be: by the operator's hand.

use std::time::Duration;

use lodge_access::{Action, Actor, PersonError, Role, Secret, User, parse_email, parse_name};
use lodge_kernel::{TenantId, Timestamp, UserId};
use lodge_storage::StorageError;

use crate::{
    Gateway,
    audit::Happened,
    people::{Caller, sign_up::member},
};

/// How long a session from the command line lives.
pub const SESSION_LIFETIME: Duration = Duration::from_hours(24);

/// A developer cannot be added.
#[derive(Debug, thiserror::Error)]
pub enum CreateDeveloperError {
    /// Not an address, or not a name of an organisation.
    #[error(transparent)]
    Person(#[from] PersonError),
    /// There is nobody with this address, and no organisation was named.
    #[error("nobody has the address `{email}` yet: name an organisation to add one with --tenant")]
    Unknown {
        /// The address.
        email: String,
    },
    /// The address is taken, and a new organisation was named.
    #[error("`{email}` exists already: leave out --tenant to open a session")]
    Taken {
        /// The address.
        email: String,
    },
    /// The database refused.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// A developer with an open session.
#[derive(Debug)]
pub struct Developer {
    /// The person.
    pub user: User,
    /// The organisation that the session is in.
    pub tenant: Option<TenantId>,
    /// The session's token, shown once.
    pub session: Secret,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl Gateway {
    /// Opens a session for the developer with the address `email`, after
    /// adding person and organisation when `tenant` names a new one.
    ///
    /// # Errors
    ///
    /// [`CreateDeveloperError`]; nothing has changed then.
    pub async fn open_developer_session(
        &self,
        email: &str,
        tenant: Option<&str>,
    ) -> Result<Developer, CreateDeveloperError> {
        let now = self.now();
        let email = parse_email(email)?;
        let mut work = self.storage.begin().await?;
        let known = work.users().find_by_email(&email).await?;
        let (user, tenant) = match (known, tenant) {
            (Some(_), Some(_)) => return Err(CreateDeveloperError::Taken { email }),
            (None, None) => return Err(CreateDeveloperError::Unknown { email }),
            (Some(user), None) => {
                let memberships = work.memberships().of_user(user.id).await?;
                (user, memberships.first().map(|it| it.tenant))
            }
            (None, Some(name)) => {
                let tenant = self.add_organisation(&mut *work, parse_name(name)?).await?;
                let id = UserId::fresh(&*self.clock, &*self.entropy);
                let user = User { id, email, name: None, created_at: now };
                work.users().add(&user).await?;
                let membership = member(tenant.id, user.id, Role::Owner, now);
                work.memberships().add(&membership).await?;
                (user, Some(tenant.id))
            }
        };
        let caller = Caller { address: None, agent: Some("gitlodge admin".to_owned()) };
        let expires_at = now.plus(SESSION_LIFETIME);
        let opened = self.add_session(&mut *work, user, tenant, &caller, expires_at).await?;
        let happened =
            Happened::new(tenant, Actor::Operator, Action::SessionOpened).to(opened.user.id);
        self.audit(&mut *work, happened).await?;
        work.commit().await?;
        Ok(Developer { user: opened.user, tenant, session: opened.token, expires_at })
    }
}
