//! Getting the next token of an account: by one caller at a time.
//!
//! Hosts take a second use of a refresh token for theft, and end the whole
//! login. Therefore callers of this process share one flight, processes take
//! turns by a lease in the database, and whoever comes late reads what the
//! other one got. A flight goes on when nobody waits for it any more: a reader
//! who hangs up must not lose the token that is on its way.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::{
    FutureExt as _,
    future::{BoxFuture, Shared},
};
use lodge_access::{Connection, ConnectionStatus, Credentials, Lease, connection::LEASE};
use lodge_kernel::{ConnectionId, ExposeSecret as _, LeaseId, SecretString};
use lodge_provider::{Account, HostCredentials, HostToken, LoginError, ProviderError};
use lodge_storage::{StorageError, UnitOfWork};

use super::{
    causes::{plain, same},
    tokens::{AccountTokens, ours, token},
};
use crate::sealing::{self, Place};

/// How long a process waits before it looks again whose turn it is.
const PAUSE: Duration = Duration::from_millis(100);
/// How often it looks: for half a minute.
const MOST_LOOKS: u32 = 300;
/// How often new tokens are tried to be written, with a pause that doubles, for
/// about as long as a lease: the host has already ended the old ones.
const MOST_WRITES: u32 = 10;

/// A refresh that is under way.
type Flight = Shared<BoxFuture<'static, Result<HostToken, Arc<ProviderError>>>>;

/// The refreshes that are under way in this process, by connection and by the
/// generation that they replace.
#[derive(Default)]
pub(super) struct Flights(Mutex<HashMap<(ConnectionId, u64), Flight>>);

impl Flights {
    fn lock(&self) -> MutexGuard<'_, HashMap<(ConnectionId, u64), Flight>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whose turn it is to refresh.
enum Turn {
    /// Ours.
    Ours(Box<Held>),
    /// Somebody else's.
    Theirs,
    /// Nobody's: it is done.
    Done(HostToken),
}

/// What the one who refreshes holds.
struct Held {
    connection: Connection,
    credentials: Credentials,
    refresh: SecretString,
    lease: Lease,
}

impl AccountTokens {
    /// A newer token than that of generation `seen`.
    pub(super) async fn refreshed(
        &self,
        account: Account,
        seen: u64,
    ) -> Result<HostToken, ProviderError> {
        let flight = self.flight(account, seen);
        flight.await.map_err(|shared| same(&shared))
    }

    fn flight(&self, account: Account, seen: u64) -> Flight {
        let key = (account.connection, seen);
        let mut flights = self.0.flights.lock();
        if let Some(flight) = flights.get(&key) {
            return flight.clone();
        }
        let tokens = self.clone();
        let flight = async move {
            let refreshed = tokens.refresh(account, seen).await;
            tokens.forget(account);
            // Before anybody hears of it: whoever asks after a failure tries anew.
            tokens.0.flights.lock().remove(&key);
            refreshed.map_err(Arc::new)
        };
        let flight = flight.boxed().shared();
        flights.insert(key, flight.clone());
        self.0.tasks.run(Box::pin(flight.clone().map(drop)));
        flight
    }

    #[tracing::instrument(name = "gateway.refresh_account", skip_all, fields(connection = %account.connection))]
    async fn refresh(&self, account: Account, seen: u64) -> Result<HostToken, ProviderError> {
        let mut looks = 0;
        let held = loop {
            match self.take_turn(account, seen).await? {
                Turn::Ours(held) => break held,
                Turn::Done(token) => return Ok(token),
                Turn::Theirs if looks == MOST_LOOKS => {
                    let source = "another process has been refreshing the token for too long";
                    return Err(ProviderError::Unreachable {
                        retry_at: None,
                        source: source.into(),
                    });
                }
                Turn::Theirs => self.0.tasks.sleep(PAUSE).await,
            }
            looks += 1;
        };
        let provider = &held.connection.provider;
        let Some(login) = self.login(provider) else {
            self.give_back(&held).await;
            let source = "the host is no longer registered for logins";
            return Err(ProviderError::Unreachable { retry_at: None, source: source.into() });
        };
        match login.refresh(&held.refresh, &self.callback_url(provider)).await {
            Ok(credentials) => self.keep(&held, credentials).await,
            Err(LoginError::Ended) => self.end(&held).await,
            Err(LoginError::Host(error)) => {
                self.give_back(&held).await;
                Err(error)
            }
            Err(error) => {
                tracing::error!(%provider, %error, "the operator must correct this");
                self.give_back(&held).await;
                Err(ProviderError::Unreachable { retry_at: None, source: error.into() })
            }
        }
    }

    async fn take_turn(&self, account: Account, seen: u64) -> Result<Turn, ProviderError> {
        let now = self.now();
        let mut work = self.0.storage.begin().await.map_err(ours)?;
        let (connection, credentials) = self.working(&mut *work, account).await?;
        if credentials.generation != seen {
            return Ok(Turn::Done(self.open(&mut *work, &connection, &credentials).await?));
        }
        let refresh = credentials.refresh.as_ref().filter(|_| credentials.can_be_refreshed(now));
        let Some(refresh) = refresh else {
            // No way leads to another token.
            let tired = Connection {
                status: ConnectionStatus::NeedsReconnect,
                updated_at: now,
                ..connection
            };
            work.connections().update(&tired).await.map_err(ours)?;
            self.lost(&mut *work, &tired).await.map_err(ours)?;
            work.commit().await.map_err(ours)?;
            return Err(ProviderError::CredentialsRefused);
        };
        let place = (connection.tenant, Place::Refresh(connection.id));
        let refresh =
            sealing::open(self.vault(), &mut *work, place, refresh).await.map_err(ours)?;
        let id = LeaseId::fresh(&*self.0.clock, &*self.0.entropy);
        let lease = Lease { id, until: now.plus(LEASE) };
        let mine = work.credentials().lease(connection.id, seen, lease, now).await;
        if !mine.map_err(ours)? {
            return Ok(Turn::Theirs);
        }
        work.commit().await.map_err(ours)?;
        Ok(Turn::Ours(Box::new(Held { connection, credentials, refresh, lease })))
    }

    /// Writes down what the host gave, with patience: it is all that there is.
    async fn keep(&self, held: &Held, given: HostCredentials) -> Result<HostToken, ProviderError> {
        let mut pause = PAUSE;
        for attempt in 1.. {
            match self.write(held, &given).await {
                Ok(token) => return Ok(token),
                Err(error @ (StorageError::Unavailable(_) | StorageError::Conflict(_)))
                    if attempt < MOST_WRITES =>
                {
                    tracing::warn!(error = plain(&error), "a refreshed token is not yet written");
                    self.0.tasks.sleep(pause).await;
                    pause = pause.saturating_mul(2);
                }
                Err(error) => return Err(ours(error)),
            }
        }
        Err(ProviderError::TimedOut)
    }

    async fn write(&self, held: &Held, given: &HostCredentials) -> Result<HostToken, StorageError> {
        let Held { connection, credentials: before, .. } = held;
        let (now, id, tenant) = (self.now(), connection.id, connection.tenant);
        let mut work = self.0.storage.begin().await?;
        let access = given.access.expose_secret();
        let access =
            sealing::seal(self.vault(), &mut *work, now, (tenant, Place::Access(id)), access)
                .await?;
        let (refresh, refresh_expires_at) = match &given.refresh {
            Some(text) => {
                let place = (tenant, Place::Refresh(id));
                let text = text.expose_secret();
                let sealed = sealing::seal(self.vault(), &mut *work, now, place, text).await?;
                (Some(sealed), given.refresh_expires_at)
            }
            // The one before stays good.
            None => (before.refresh.clone(), before.refresh_expires_at),
        };
        let after = Credentials {
            access,
            expires_at: given.expires_at,
            refresh,
            refresh_expires_at,
            generation: before.generation + 1,
            updated_at: now,
            ..before.clone()
        };
        let kept = work.credentials().replace(before.generation, &after).await?;
        let now_is = work.connections().find(id).await?;
        if !kept {
            // Taken away, or connected anew, while we asked: that counts.
            return self.newest(&mut *work, connection).await;
        }
        // Another process may have lost the race, and taken it for the end.
        if let Some(tired) = now_is.filter(|it| it.status == ConnectionStatus::NeedsReconnect) {
            let awake = Connection { status: ConnectionStatus::Active, updated_at: now, ..tired };
            work.connections().update(&awake).await?;
        }
        work.commit().await?;
        Ok(token(connection.kind, given.access.clone(), after.generation))
    }

    async fn newest(
        &self,
        work: &mut dyn UnitOfWork,
        connection: &Connection,
    ) -> Result<HostToken, StorageError> {
        let newest = work.credentials().find(connection.id).await?;
        let newest = newest.ok_or(StorageError::Orphan { entity: "credential" })?;
        let place = (connection.tenant, Place::Access(connection.id));
        let text = sealing::open(self.vault(), work, place, &newest.access).await?;
        Ok(token(connection.kind, text, newest.generation))
    }

    /// The host no longer takes the refresh token. Unless somebody else was
    /// faster, the customer must connect again; nothing is deleted.
    async fn end(&self, held: &Held) -> Result<HostToken, ProviderError> {
        let now = self.now();
        let mut work = self.0.storage.begin().await.map_err(ours)?;
        let account = Account { tenant: held.connection.tenant, connection: held.connection.id };
        let (connection, credentials) = self.working(&mut *work, account).await?;
        if credentials.generation != held.credentials.generation {
            return self.open(&mut *work, &connection, &credentials).await;
        }
        tracing::info!("the host ended the login: the customer must connect again");
        let tired =
            Connection { status: ConnectionStatus::NeedsReconnect, updated_at: now, ..connection };
        work.connections().update(&tired).await.map_err(ours)?;
        work.credentials().release(tired.id, held.lease.id).await.map_err(ours)?;
        self.lost(&mut *work, &tired).await.map_err(ours)?;
        work.commit().await.map_err(ours)?;
        Err(ProviderError::CredentialsRefused)
    }

    /// Lets others try. When it fails, the lease ends by itself.
    async fn give_back(&self, held: &Held) {
        let given = async {
            let mut work = self.0.storage.begin().await?;
            work.credentials().release(held.connection.id, held.lease.id).await?;
            work.commit().await
        };
        if let Err(error) = given.await {
            tracing::warn!(error = plain(&error), "a turn to refresh ends by itself");
        }
    }
}
