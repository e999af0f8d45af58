//! What customers approved for the apps of an organisation, and through which
//! accounts it is read. What they did not approve is not theirs to see.

use lodge_access::{ApprovedRepository, Connection};
use lodge_forge::ProviderName;
use lodge_kernel::{AuthorizationId, ConnectionId, TenantId};
use lodge_provider::{Account, Budget};
use lodge_storage::StorageError;

use crate::Gateway;

/// An account, and what it may still ask of its host.
#[derive(Debug)]
pub struct ConnectedAccount {
    /// The account. Its name is the customer's to tell.
    pub connection: Connection,
    /// As far as the host told this process.
    pub budget: Budget,
}

impl Gateway {
    /// The repositories that the apps of `tenant` may read now, at `provider`
    /// or at every host: at most `limit` after `after`.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    #[tracing::instrument(name = "usage.list_approved", skip_all)]
    pub async fn list_approved(
        &self,
        tenant: TenantId,
        provider: Option<&ProviderName>,
        after: Option<(AuthorizationId, u32)>,
        limit: usize,
    ) -> Result<Vec<ApprovedRepository>, StorageError> {
        let now = self.now();
        self.storage
            .read()
            .await?
            .authorizations()
            .approved(tenant, provider, now, after, limit)
            .await
    }

    /// The accounts that customers of `tenant` connected, oldest first: at most
    /// `limit` after `after`.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    #[tracing::instrument(name = "usage.list_accounts", skip_all)]
    pub async fn list_connected_accounts(
        &self,
        tenant: TenantId,
        after: Option<ConnectionId>,
        limit: usize,
    ) -> Result<Vec<ConnectedAccount>, StorageError> {
        let mut work = self.storage.read().await?;
        let page = work.connections().list(Some(tenant), after, limit).await?;
        let accounts = page.into_iter().map(|connection| {
            let account = Account { tenant, connection: connection.id };
            let host = self.providers.get(&connection.provider);
            let budget = host.and_then(|it| it.budget(account)).unwrap_or_default();
            ConnectedAccount { connection, budget }
        });
        Ok(accounts.collect())
    }
}
