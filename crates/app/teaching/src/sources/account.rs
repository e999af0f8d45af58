//! Through whose account a course is read: the operator's own, or one that an
//! administrator connected with a token. Customers' accounts never: customers
//! consented to an app, not to courses.

use std::sync::Arc;

use async_trait::async_trait;
use lodge_access::{ConnectionKind, ConnectionStatus};
use lodge_forge::ProviderName;
use lodge_kernel::{ConnectionId, CourseId, SecretString, TenantId};
use lodge_provider::{Account, HostToken, HostTokenKind, HostTokens, ProviderError};
use lodge_storage::{StorageError, UnitOfWork};
use lodge_teams::{CourseSource, ProjectSync};

use crate::TeachingError;

/// The tokens of accounts, and beside them the operator's own for one host.
pub struct InstallationTokens {
    /// Those of connections.
    pub accounts: Arc<dyn HostTokens>,
    /// The operator's own, where the settings have one.
    pub own: Option<SecretString>,
}

impl InstallationTokens {
    fn own(&self) -> Result<HostToken, ProviderError> {
        let text = self.own.clone().ok_or(ProviderError::CredentialsRefused)?;
        Ok(HostToken { text, kind: HostTokenKind::Personal, generation: 0 })
    }
}

#[async_trait]
impl HostTokens for InstallationTokens {
    async fn token(&self, account: Account) -> Result<HostToken, ProviderError> {
        if account.is_installation() { self.own() } else { self.accounts.token(account).await }
    }

    async fn renew(
        &self,
        account: Account,
        refused: &HostToken,
    ) -> Result<HostToken, ProviderError> {
        if account.is_installation() {
            // Nobody but the operator can bring a newer one.
            return Err(ProviderError::CredentialsRefused);
        }
        self.accounts.renew(account, refused).await
    }
}

/// The account that `source` is read through.
pub(super) fn account_of(source: &CourseSource) -> Account {
    account(source.tenant, source.connection)
}

/// The account of that connection, or the operator's own.
pub(super) fn account(tenant: TenantId, connection: Option<ConnectionId>) -> Account {
    connection.map_or(Account::installation(tenant), |connection| Account { tenant, connection })
}

/// Whether the organisation may use the operator's own account, and the folders
/// of the server: the oldest one may, as with `TEACHER_API_TOKEN`. Anybody may
/// open another one.
pub(super) async fn may_use_own(
    work: &mut dyn UnitOfWork,
    tenant: TenantId,
) -> Result<bool, StorageError> {
    let oldest = work.tenants().list(None, 1).await?;
    // The first course of an installation makes the first organisation.
    Ok(oldest.first().is_none_or(|it| it.id == tenant))
}

/// The sources of a course that may be read, oldest first, and those that may
/// not.
pub(super) async fn sources_of(
    work: &mut dyn UnitOfWork,
    tenant: TenantId,
    course: CourseId,
) -> Result<(Vec<CourseSource>, Vec<CourseSource>), StorageError> {
    let all = work.sources().of_course(tenant, course).await?;
    if may_use_own(work, tenant).await? {
        return Ok((all, Vec::new()));
    }
    Ok(all.into_iter().partition(|it| it.connection.is_some()))
}

/// The source that a project was last read from: its account sees the project,
/// which another of the same host may not. `None` for a project that no sync has
/// brought in: it was added by hand, and no account is for it.
pub(super) fn source_of<'a>(
    sources: impl IntoIterator<Item = &'a CourseSource>,
    host: &ProviderName,
    sync: Option<&ProjectSync>,
) -> Option<&'a CourseSource> {
    let sync = sync?;
    sources.into_iter().find(|it| it.host == *host && it.remote_id == sync.source)
}

/// Checks that a course may be read through this connection; answers its host.
///
/// # Errors
///
/// [`TeachingError::Invalid`] with what would do.
pub(super) async fn check_connection(
    work: &mut dyn UnitOfWork,
    tenant: TenantId,
    id: ConnectionId,
) -> Result<ProviderName, TeachingError> {
    let refused = |problem: &str| TeachingError::invalid("connection_id", problem);
    let known = work.connections().find(id).await?.filter(|it| it.tenant == tenant);
    let known = known.ok_or_else(|| refused("the organisation has no such connection"))?;
    if known.kind != ConnectionKind::Personal {
        return Err(refused(
            "a course is read through an account that an administrator connected with a token: \
             customers consented to an app, not to courses",
        ));
    }
    if known.status != ConnectionStatus::Active {
        return Err(refused("the connection does not work at present: connect it again"));
    }
    Ok(known.provider)
}
