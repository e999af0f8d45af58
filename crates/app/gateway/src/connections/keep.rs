//! Writing a connected account down: a new one, or a known one anew.

use lodge_access::{Action, Actor, Connection, ConnectionKind, ConnectionStatus, Credentials};
use lodge_forge::ProviderName;
use lodge_kernel::{ConnectionId, CustomerId, ExposeSecret as _, TenantId};
use lodge_provider::{Account, HostAccount, HostCredentials};
use lodge_storage::{StorageError, UnitOfWork};

use crate::sealing::{self, Place};
use crate::{Gateway, audit::Happened};

/// How often a write is tried that another request came in between of.
const MOST_TRIES: u32 = 5;

/// An account that proved to be somebody's.
pub(super) struct Proved {
    /// The id that a new connection gets.
    pub(super) id: ConnectionId,
    /// Who connects it.
    pub(super) by: Actor,
    pub(super) tenant: TenantId,
    pub(super) customer: CustomerId,
    pub(super) provider: ProviderName,
    pub(super) kind: ConnectionKind,
    pub(super) account: HostAccount,
    pub(super) credentials: HostCredentials,
}

/// A connected account cannot be written down.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// The operator switched this account off.
    #[error("this account was switched off by the operator of this gateway")]
    Disabled,
    /// The database did not answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Gateway {
    /// Writes an account down. One that the customer connected before gets the
    /// new credentials, and works again.
    pub(super) async fn keep_connection(&self, proved: &Proved) -> Result<Connection, KeepError> {
        for _ in 1..MOST_TRIES {
            match self.try_to_keep(proved).await {
                // Another request connects the same account.
                Err(KeepError::Storage(
                    StorageError::Conflict(_) | StorageError::Duplicate { .. },
                )) => {}
                other => return other,
            }
        }
        self.try_to_keep(proved).await
    }

    async fn try_to_keep(&self, proved: &Proved) -> Result<Connection, KeepError> {
        let now = self.now();
        let mut work = self.storage.begin().await?;
        let known = work.connections().of_customer(proved.customer).await?;
        let same = |it: &Connection| {
            it.provider == proved.provider && it.host_account == proved.account.id
        };
        let known = known.into_iter().find(same);
        if known.as_ref().is_some_and(|it| it.status == ConnectionStatus::Disabled) {
            return Err(KeepError::Disabled);
        }
        let connection = Connection {
            id: known.as_ref().map_or(proved.id, |it| it.id),
            tenant: proved.tenant,
            customer: proved.customer,
            provider: proved.provider.clone(),
            kind: proved.kind,
            host_account: proved.account.id.clone(),
            account: proved.account.login.clone(),
            scopes: proved.credentials.scopes.clone(),
            status: ConnectionStatus::Active,
            created_at: known.as_ref().map_or(now, |it| it.created_at),
            updated_at: now,
        };
        if known.is_some() {
            work.connections().update(&connection).await?;
        } else {
            work.connections().add(&connection).await?;
        }
        self.keep_credentials(&mut *work, &connection, &proved.credentials).await?;
        let added = Happened::new(connection.tenant, proved.by, Action::ConnectionAdded);
        self.audit(&mut *work, added.to(connection.id)).await?;
        work.commit().await?;
        self.accounts.forget(Account { tenant: connection.tenant, connection: connection.id });
        Ok(connection)
    }

    async fn keep_credentials(
        &self,
        work: &mut dyn UnitOfWork,
        connection: &Connection,
        given: &HostCredentials,
    ) -> Result<(), StorageError> {
        let now = self.now();
        let (vault, id, tenant) = (self.accounts.vault(), connection.id, connection.tenant);
        let before = work.credentials().find(id).await?;
        let before = before.map(|it| it.generation);
        let access = given.access.expose_secret();
        let access = sealing::seal(vault, work, now, (tenant, Place::Access(id)), access).await?;
        let refresh = match &given.refresh {
            Some(text) => {
                let place = (tenant, Place::Refresh(id));
                Some(sealing::seal(vault, work, now, place, text.expose_secret()).await?)
            }
            None => None,
        };
        let credentials = Credentials {
            tenant,
            connection: id,
            access,
            expires_at: given.expires_at,
            refresh,
            refresh_expires_at: given.refresh_expires_at,
            generation: before.unwrap_or(0) + 1,
            updated_at: now,
        };
        match before {
            None => work.credentials().add(&credentials).await,
            Some(generation) if work.credentials().replace(generation, &credentials).await? => {
                Ok(())
            }
            Some(_) => Err(StorageError::Conflict("a refresh came in between".into())),
        }
    }
}
