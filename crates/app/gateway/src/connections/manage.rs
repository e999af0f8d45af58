//! What the operator sees of connections, and does to them.

use lodge_access::{Action, Actor, Connection, ConnectionStatus};
use lodge_kernel::{ConnectionId, TenantId, Timestamp};
use lodge_provider::Account;
use lodge_storage::{StorageError, UnitOfWork};

use crate::{Gateway, audit::Happened};

/// A connection, and what may be known of its credentials.
#[derive(Clone, Debug)]
pub struct ConnectionDetails {
    /// The connection.
    pub connection: Connection,
    /// When its token ends.
    pub expires_at: Option<Timestamp>,
    /// There is a refresh token.
    pub is_refreshed: bool,
    /// When its token was got.
    pub refreshed_at: Option<Timestamp>,
}

/// A connection cannot be changed.
#[derive(Debug, thiserror::Error)]
pub enum ManageError {
    /// There is none.
    #[error("there is no connection of this id")]
    NotFound,
    /// It was taken away: its credentials are gone.
    #[error("the connection was taken away: only its customer can connect the account again")]
    Disconnected,
    /// The database did not answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Gateway {
    /// Connections of every organisation, or of one, oldest first.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    pub async fn list_connections(
        &self,
        tenant: Option<TenantId>,
        after: Option<ConnectionId>,
        limit: usize,
    ) -> Result<Vec<ConnectionDetails>, StorageError> {
        let mut work = self.storage.read().await?;
        let mut all = Vec::new();
        let page = work.connections().list(tenant, after, limit).await?;
        for connection in page {
            all.push(details(&mut *work, connection).await?);
        }
        Ok(all)
    }

    /// One connection.
    ///
    /// # Errors
    ///
    /// [`ManageError`].
    pub async fn find_connection(
        &self,
        id: ConnectionId,
    ) -> Result<ConnectionDetails, ManageError> {
        let mut work = self.storage.read().await?;
        let connection = work.connections().find(id).await?.ok_or(ManageError::NotFound)?;
        Ok(details(&mut *work, connection).await?)
    }

    /// Switches a connection off, or on again. What is read through it is
    /// refused at once, in every process.
    ///
    /// # Errors
    ///
    /// [`ManageError`]; nothing has changed then.
    #[tracing::instrument(name = "gateway.enable_connection", skip_all)]
    pub async fn enable_connection(
        &self,
        by: Actor,
        id: ConnectionId,
        enabled: bool,
    ) -> Result<ConnectionDetails, ManageError> {
        let mut work = self.storage.begin().await?;
        let connection = work.connections().find(id).await?.ok_or(ManageError::NotFound)?;
        let status = match (connection.status, enabled) {
            (ConnectionStatus::Disconnected, _) => return Err(ManageError::Disconnected),
            (ConnectionStatus::Disabled, true) => ConnectionStatus::Active,
            (_, false) => ConnectionStatus::Disabled,
            (known, true) => known,
        };
        let changed = Connection { status, updated_at: self.now(), ..connection };
        let tenant = changed.tenant;
        work.connections().update(&changed).await?;
        let details = details(&mut *work, changed).await?;
        work.touch_access().await?;
        let switched = Happened::new(tenant, by, Action::ConnectionChanged).to(id);
        self.audit(&mut *work, switched.because(status.name())).await?;
        work.commit().await?;
        self.accounts.forget(Account { tenant, connection: id });
        self.grants.forget();
        Ok(details)
    }

    /// Takes a connection away: its credentials are deleted, and the host is
    /// told. The connection itself stays, so that the journal can name it.
    /// Taking it away again changes nothing.
    ///
    /// # Errors
    ///
    /// [`ManageError`]; nothing has changed then.
    #[tracing::instrument(name = "gateway.disconnect", skip_all)]
    pub async fn disconnect(&self, by: Actor, id: ConnectionId) -> Result<(), ManageError> {
        let mut work = self.storage.begin().await?;
        let connection = work.connections().find(id).await?.ok_or(ManageError::NotFound)?;
        if connection.status == ConnectionStatus::Disconnected {
            return Ok(());
        }
        Ok(self.take_away(work, by, connection).await?)
    }

    /// Takes a known connection away, with whatever else `work` has changed.
    pub(crate) async fn take_away(
        &self,
        mut work: Box<dyn UnitOfWork>,
        by: Actor,
        connection: Connection,
    ) -> Result<(), StorageError> {
        let id = connection.id;
        let credentials = work.credentials().find(id).await?;
        let token = match credentials {
            Some(it) => self.accounts.open(&mut *work, &connection, &it).await.ok(),
            None => None,
        };
        let status = ConnectionStatus::Disconnected;
        let gone = Connection { status, updated_at: self.now(), ..connection };
        work.connections().update(&gone).await?;
        work.credentials().remove(id).await?;
        work.touch_access().await?;
        let removed = Happened::new(gone.tenant, by, Action::ConnectionRemoved).to(id);
        self.audit(&mut *work, removed).await?;
        work.commit().await?;
        self.accounts.forget(Account { tenant: gone.tenant, connection: id });
        self.grants.forget();
        // What counts is done. A host that does not hear of it keeps a token
        // that nobody has.
        if let (Some(login), Some(token)) = (self.providers.login(&gone.provider), token)
            && let Err(error) = login.revoke(&token).await
        {
            tracing::warn!(connection = %id, %error, "the host was not told that an account is gone");
        }
        Ok(())
    }
}

async fn details(
    work: &mut dyn UnitOfWork,
    connection: Connection,
) -> Result<ConnectionDetails, StorageError> {
    let credentials = work.credentials().find(connection.id).await?;
    Ok(ConnectionDetails {
        connection,
        expires_at: credentials.as_ref().and_then(|it| it.expires_at),
        is_refreshed: credentials.as_ref().is_some_and(|it| it.refresh.is_some()),
        refreshed_at: credentials.map(|it| it.updated_at),
    })
}
