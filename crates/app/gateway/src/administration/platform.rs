//! Organisations and apps, as an administrator sees and makes them.

use lodge_access::{Act, Action, Actor, App, AuditEntry, Tenant};
use lodge_kernel::{AuditEventId, ClientId, TenantId, UserId};
use lodge_storage::{AppFilter, AuditFilter, StorageError};

use crate::{
    Gateway,
    audit::Happened,
    developer::{AppDraft, AppProblem, CreatedApp},
};

/// An organisation or an app cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum PlatformError {
    /// The draft.
    #[error("{problem}")]
    Invalid {
        /// What to correct.
        problem: &'static str,
    },
    /// There is no such thing.
    #[error("there is no such {what}")]
    NotFound {
        /// What is not there.
        what: &'static str,
    },
    /// A rule of apps is broken.
    #[error(transparent)]
    App(#[from] AppProblem),
    /// The database did not answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// An app that an administrator makes for somebody.
#[derive(Clone, Debug)]
pub struct ClientDraft {
    /// The organisation.
    pub tenant: TenantId,
    /// The developer whose app it will be, of that organisation.
    pub owner: UserId,
    /// What the developer would say of it.
    pub app: AppDraft,
}

impl Gateway {
    /// Organisations, oldest first: at most `limit` after `after`.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    pub async fn list_tenants(
        &self,
        after: Option<TenantId>,
        limit: usize,
    ) -> Result<Vec<Tenant>, StorageError> {
        self.storage.read().await?.tenants().list(after, limit).await
    }

    /// Makes an organisation.
    ///
    /// # Errors
    ///
    /// [`PlatformError`]; nothing has changed then.
    pub async fn create_tenant(&self, by: Actor, name: &str) -> Result<Tenant, PlatformError> {
        let name = name.trim();
        if !(1..=100).contains(&name.chars().count()) || name.contains(char::is_control) {
            let problem = "`name` has 1 to 100 characters, and no control character";
            return Err(PlatformError::Invalid { problem });
        }
        let mut work = self.storage.begin().await?;
        let tenant = self.add_organisation(&mut *work, name.to_owned()).await?;
        let created = Happened::new(tenant.id, by, Action::TenantCreated).to(tenant.id);
        self.audit(&mut *work, created).await?;
        work.commit().await?;
        Ok(tenant)
    }

    /// Apps that are meant, oldest first: at most `limit` after `after`.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    pub async fn list_clients(
        &self,
        filter: AppFilter,
        after: Option<ClientId>,
        limit: usize,
    ) -> Result<Vec<App>, StorageError> {
        self.storage.read().await?.apps().list(filter, after, limit).await
    }

    /// Makes an app for a developer.
    ///
    /// # Errors
    ///
    /// [`PlatformError`]; nothing has changed then.
    pub async fn create_client(
        &self,
        by: Actor,
        draft: ClientDraft,
    ) -> Result<CreatedApp, PlatformError> {
        let mut work = self.storage.read().await?;
        let member = work.memberships().find(draft.tenant, draft.owner).await?;
        drop(work);
        let what = "developer in this organisation";
        member.filter(|it| it.role.may(Act::ManageApps)).ok_or(PlatformError::NotFound { what })?;
        Ok(self.create_app_for(by, draft.tenant, draft.owner, draft.app).await?)
    }

    /// The audit trail, newest first: at most `limit` before `before`.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    pub async fn list_audit(
        &self,
        filter: AuditFilter,
        before: Option<AuditEventId>,
        limit: usize,
    ) -> Result<Vec<AuditEntry>, StorageError> {
        self.storage.read().await?.audit().newest(filter, before, limit).await
    }
}
