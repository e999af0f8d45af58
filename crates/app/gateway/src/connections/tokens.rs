//! The tokens that accounts are read with.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use lodge_access::{Action, Actor, Connection, ConnectionKind, ConnectionStatus, Credentials};
use lodge_forge::ProviderName;
use lodge_kernel::{Clock, ConnectionId, Entropy, Keyring, SecretString, Tasks, Timestamp, Vault};
use lodge_provider::{
    Account, HostLogin, HostToken, HostTokenKind, HostTokens, ProviderError, Providers,
};
use lodge_storage::{Storage, StorageError, UnitOfWork};

use super::{causes::plain, refresh::Flights};
use crate::{
    audit::{Happened, Scribe},
    lately::Lately,
    sealing::{self, Place},
};

/// How long a token is remembered: less than a grant may be trusted.
const REMEMBERED: Duration = Duration::from_millis(100);

/// What is known only after the adapters were made: they are given the tokens
/// before.
pub struct Bound {
    /// The hosts.
    pub providers: Providers,
    /// The public address, without a slash at its end.
    pub issuer: String,
}

/// Keeps the tokens of accounts sealed, and refreshes them. Cheap to clone.
#[derive(Clone)]
pub struct AccountTokens(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub(super) storage: Arc<dyn Storage>,
    pub(super) vault: Arc<dyn Vault>,
    keys: Arc<dyn Keyring>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) entropy: Arc<dyn Entropy>,
    pub(super) tasks: Arc<dyn Tasks>,
    pub(super) flights: Flights,
    /// A busy account is asked hundreds of times a second, and its token changes
    /// a few times a day. One that the host ended meanwhile is refused by the
    /// host, and read anew.
    known: Lately<Account, HostToken>,
    bound: OnceLock<Bound>,
    /// Tokens that are tried before they are kept.
    trials: Mutex<HashMap<ConnectionId, HostToken>>,
}

impl AccountTokens {
    /// Takes note that the host no longer takes the credentials of a
    /// connection: as the last step of a unit of work.
    pub(super) async fn lost(
        &self,
        work: &mut dyn UnitOfWork,
        connection: &Connection,
    ) -> Result<(), StorageError> {
        let Inner { clock, entropy, keys, .. } = &*self.0;
        let scribe = Scribe { clock: &**clock, entropy: &**entropy, keys: &**keys };
        let lost = Happened::new(connection.tenant, Actor::System, Action::ConnectionLost);
        scribe.append(work, lost.to(connection.id)).await.map(drop)
    }

    /// Over `storage`, with keys from `vault`; `keys` make the audit trail.
    pub fn new(
        storage: Arc<dyn Storage>,
        vault: Arc<dyn Vault>,
        keys: Arc<dyn Keyring>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        tasks: Arc<dyn Tasks>,
    ) -> Self {
        Self(Arc::new(Inner {
            storage,
            vault,
            keys,
            clock,
            entropy,
            tasks,
            flights: Flights::default(),
            known: Lately::new(REMEMBERED),
            bound: OnceLock::new(),
            trials: Mutex::default(),
        }))
    }

    /// Says which hosts there are, once. What was said before stays.
    pub fn bind(&self, bound: Bound) {
        let _ = self.0.bound.set(bound);
    }

    /// Where the host named `provider` sends browsers back to.
    pub fn callback_url(&self, provider: &ProviderName) -> String {
        let issuer = self.0.bound.get().map_or("", |it| it.issuer.as_str());
        format!("{issuer}/v1/auth/{provider}/callback")
    }

    pub(super) fn login(&self, provider: &ProviderName) -> Option<&Arc<dyn HostLogin>> {
        self.0.bound.get()?.providers.login(provider)
    }

    pub(super) fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    pub(crate) fn vault(&self) -> &dyn Vault {
        &*self.0.vault
    }

    /// Lets the account be read with `token`, which is not kept, until the
    /// answer is dropped.
    pub(super) fn trial(&self, connection: ConnectionId, token: HostToken) -> Trial<'_> {
        self.trials().insert(connection, token);
        Trial { tokens: self, connection }
    }

    /// The credentials of a connection, or whether it is used at all, were changed
    /// in this process.
    pub(super) fn forget(&self, account: Account) {
        self.0.known.forget(&account);
    }

    fn trials(&self) -> MutexGuard<'_, HashMap<ConnectionId, HostToken>> {
        self.0.trials.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The credentials of an account that works.
    pub(super) async fn working(
        &self,
        work: &mut dyn UnitOfWork,
        account: Account,
    ) -> Result<(Connection, Credentials), ProviderError> {
        let connection = work.connections().find(account.connection).await.map_err(ours)?;
        let connection = connection
            .filter(|it| it.tenant == account.tenant && it.status == ConnectionStatus::Active);
        let connection = connection.ok_or(ProviderError::CredentialsRefused)?;
        let credentials = work.credentials().find(account.connection).await.map_err(ours)?;
        Ok((connection, credentials.ok_or(ProviderError::CredentialsRefused)?))
    }

    /// The access token of `credentials`.
    pub(super) async fn open(
        &self,
        work: &mut dyn UnitOfWork,
        connection: &Connection,
        credentials: &Credentials,
    ) -> Result<HostToken, ProviderError> {
        let place = (connection.tenant, Place::Access(connection.id));
        let text = sealing::open(self.vault(), work, place, &credentials.access).await;
        Ok(token(connection.kind, text.map_err(ours)?, credentials.generation))
    }
}

/// A token of a connection of this kind.
pub(super) const fn token(kind: ConnectionKind, text: SecretString, generation: u64) -> HostToken {
    let kind = match kind {
        ConnectionKind::OAuth => HostTokenKind::OAuth,
        ConnectionKind::Personal | ConnectionKind::Configured => HostTokenKind::Personal,
    };
    HostToken { text, kind, generation }
}

#[async_trait]
impl HostTokens for AccountTokens {
    #[tracing::instrument(name = "gateway.account_token", level = "debug", skip_all)]
    async fn token(&self, account: Account) -> Result<HostToken, ProviderError> {
        if let Some(token) = self.trials().get(&account.connection) {
            return Ok(token.clone());
        }
        let now = self.now();
        if let Some(token) = self.0.known.get(&account, now) {
            return Ok(token);
        }
        let before = self.0.known.before();
        let mut work = self.0.storage.read().await.map_err(ours)?;
        let (connection, credentials) = self.working(&mut *work, account).await?;
        let held = self.open(&mut *work, &connection, &credentials).await?;
        drop(work); // No transaction is open while we wait for the host.
        if credentials.are_fresh(now) {
            self.0.known.keep(before, account, held.clone(), now);
            return Ok(held);
        }
        let ended = credentials.expires_at.is_some_and(|end| end <= now);
        if !ended && !credentials.can_be_refreshed(now) {
            return Ok(held);
        }
        match self.refreshed(account, credentials.generation).await {
            // The host's token endpoint is away; the token is good for seconds.
            Err(error) if !ended && !matches!(error, ProviderError::CredentialsRefused) => {
                tracing::warn!(%error, connection = %account.connection, "a token is not refreshed");
                Ok(held)
            }
            refreshed => refreshed,
        }
    }

    #[tracing::instrument(name = "gateway.renew_account_token", level = "debug", skip_all)]
    async fn renew(
        &self,
        account: Account,
        refused: &HostToken,
    ) -> Result<HostToken, ProviderError> {
        if self.trials().contains_key(&account.connection) {
            return Err(ProviderError::CredentialsRefused);
        }
        self.forget(account);
        let mut work = self.0.storage.read().await.map_err(ours)?;
        let (connection, credentials) = self.working(&mut *work, account).await?;
        if credentials.generation > refused.generation && credentials.are_fresh(self.now()) {
            return self.open(&mut *work, &connection, &credentials).await;
        }
        drop(work); // No transaction is open while we wait for the host.
        self.refreshed(account, credentials.generation).await
    }
}

/// A token that is tried.
pub(super) struct Trial<'a> {
    tokens: &'a AccountTokens,
    connection: ConnectionId,
}

impl Drop for Trial<'_> {
    fn drop(&mut self) {
        self.tokens.trials().remove(&self.connection);
    }
}

/// Our own database failed: nothing is known of the account, and it can be
/// tried again.
pub(super) fn ours(error: StorageError) -> ProviderError {
    tracing::error!(error = plain(&error), "the credentials of an account cannot be read");
    ProviderError::Unreachable { retry_at: None, source: error.into() }
}
