//! How the first developer comes to be: by the operator's hand.

use std::time::Duration;

use lodge_access::{Action, Actor, Secret, SecretKind, Session, Tenant, User};
use lodge_kernel::{SessionId, TenantId, Timestamp, UserId};
use lodge_storage::StorageError;

use crate::{Gateway, audit::Happened};

/// How long a session from the command line lives.
pub const SESSION_LIFETIME: Duration = Duration::from_hours(24);

/// A developer cannot be added.
#[derive(Debug, thiserror::Error)]
pub enum CreateDeveloperError {
    /// Not an address.
    #[error("`{given}` is not an e-mail address")]
    Email {
        /// What was given.
        given: String,
    },
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
        let email = email.trim().to_lowercase();
        let parts = email.split_once('@').filter(|(name, host)| {
            !name.is_empty() && host.contains('.') && !email.contains(char::is_whitespace)
        });
        if parts.is_none() || email.len() > 254 {
            return Err(CreateDeveloperError::Email { given: email });
        }
        let mut work = self.storage.begin().await?;
        let known = work.users().find_by_email(&email).await?;
        let user = match (known, tenant) {
            (Some(_), Some(_)) => return Err(CreateDeveloperError::Taken { email }),
            (Some(user), None) => user,
            (None, None) => return Err(CreateDeveloperError::Unknown { email }),
            (None, Some(name)) => {
                let tenant = Tenant {
                    id: TenantId::fresh(&*self.clock, &*self.entropy),
                    name: name.to_owned(),
                    created_at: now,
                };
                let id = UserId::fresh(&*self.clock, &*self.entropy);
                let user = User { id, tenant: tenant.id, email, name: None, created_at: now };
                work.tenants().add(&tenant).await?;
                work.users().add(&user).await?;
                user
            }
        };
        let session = Secret::fresh(SecretKind::UserSession, &*self.entropy);
        let expires_at = now.plus(SESSION_LIFETIME);
        let row = Session {
            id: SessionId::fresh(&*self.clock, &*self.entropy),
            digest: self.digest(session.expose()),
            user: user.id,
            created_at: now,
            expires_at,
            revoked_at: None,
        };
        work.sessions().add(&row).await?;
        let opened = Happened::new(user.tenant, Actor::Operator, Action::SessionOpened);
        self.audit(&mut *work, opened.to(user.id)).await?;
        work.commit().await?;
        Ok(Developer { user, session, expires_at })
    }
}
