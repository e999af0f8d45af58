//! How the first developer comes to be: by the operator's hand.

use std::time::Duration;

use lodge_access::{Action, Actor, PersonError, Role, Secret, User, parse_email, parse_name};
use lodge_kernel::{TenantId, Timestamp, UserId};
use lodge_storage::{StorageError, UnitOfWork};

use crate::{
    Gateway,
    audit::Happened,
    people::{Caller, sign_up::member},
};

/// How long a session from the command line lives.
pub const SESSION_LIFETIME: Duration = Duration::from_hours(24);
/// How many organisations are looked at in one step.
const STEP: usize = 100;

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
    /// adding the person as an owner when `tenant` names an organisation: the
    /// oldest one of this name to which nobody belongs, or a new one.
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
        let mut joined = None;
        let (user, tenant) = match (known, tenant) {
            (Some(_), Some(_)) => return Err(CreateDeveloperError::Taken { email }),
            (None, None) => return Err(CreateDeveloperError::Unknown { email }),
            (Some(user), None) => {
                let memberships = work.memberships().of_user(user.id).await?;
                (user, memberships.first().map(|it| it.tenant))
            }
            (None, Some(name)) => {
                let name = parse_name(name)?;
                joined = without_members(&mut *work, &name).await?;
                let tenant = match joined {
                    Some(tenant) => tenant,
                    None => self.add_organisation(&mut *work, name).await?.id,
                };
                let id = UserId::fresh(&*self.clock, &*self.entropy);
                let user = User { id, email, name: None, created_at: now };
                work.users().add(&user).await?;
                let membership = member(tenant, user.id, Role::Owner, now);
                work.memberships().add(&membership).await?;
                (user, Some(tenant))
            }
        };
        let caller = Caller { address: None, agent: Some("gitlodge admin".to_owned()) };
        let expires_at = now.plus(SESSION_LIFETIME);
        let opened = self.add_session(&mut *work, user, tenant, &caller, expires_at).await?;
        if let Some(tenant) = joined {
            let happened = Happened::new(tenant, Actor::Operator, Action::MemberAdded)
                .to(opened.user.id)
                .because(Role::Owner);
            self.audit(&mut *work, happened).await?;
        }
        let happened =
            Happened::new(tenant, Actor::Operator, Action::SessionOpened).to(opened.user.id);
        self.audit(&mut *work, happened).await?;
        work.commit().await?;
        Ok(Developer { user: opened.user, tenant, session: opened.token, expires_at })
    }
}

/// The oldest organisation named `name` to which nobody belongs: the course
/// token makes one, and so does the operator.
async fn without_members(
    work: &mut dyn UnitOfWork,
    name: &str,
) -> Result<Option<TenantId>, StorageError> {
    let mut after = None;
    loop {
        let some = work.tenants().list(after, STEP).await?;
        for it in &some {
            if it.name == name {
                // Of two who are added at once, the second finds the first.
                work.tenants().hold(it.id).await?;
                if work.memberships().of_tenant(it.id, None, 1).await?.is_empty() {
                    return Ok(Some(it.id));
                }
            }
        }
        match some.last() {
            Some(last) if some.len() == STEP => after = Some(last.id),
            _ => return Ok(None),
        }
    }
}
