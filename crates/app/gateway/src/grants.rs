//! From the text of a token to what it may do.

use std::{
    collections::HashMap,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use lodge_access::{Grant, Refusal, Secret, SecretKind, TokenKind};
use lodge_kernel::{Digest, Timestamp};
use lodge_storage::StorageError;

use crate::Gateway;

/// A token cannot be used at all.
#[derive(Debug, thiserror::Error)]
pub enum AuthenticateError {
    /// Not a token of ours.
    #[error("the access token is not one of this gateway")]
    Unknown,
    /// Too old, or taken back.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It could not be looked up.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Grants that were looked up lately.
///
/// The database counts every change that takes rights away. A watcher compares
/// that number several times a second and forgets everything when it has
/// grown; while it cannot ask, nothing is remembered.
#[derive(Default)]
pub struct GrantCache {
    known: RwLock<Known>,
    /// How often everything was forgotten. A grant that was looked up before
    /// is not kept after.
    generation: AtomicU64,
    /// The database's number when it was last asked.
    version: AtomicU64,
    /// When it was last asked, in microseconds.
    asked_at: AtomicI64,
}

/// What is remembered, and how much it weighs.
#[derive(Default)]
struct Known {
    grants: HashMap<Digest, Arc<Grant>>,
    weight: usize,
}

impl GrantCache {
    /// How many grants and approved repositories may be remembered in all.
    const MOST: usize = 200_000;
    /// How long grants are trusted after the database was last asked: the
    /// longest that a revocation in another process may go unnoticed.
    const TRUST: Duration = Duration::from_millis(200);

    fn get(&self, digest: Digest, now: Timestamp) -> Option<Arc<Grant>> {
        let asked_at = Timestamp::from_micros(self.asked_at.load(Ordering::Acquire));
        if now.since(asked_at) > Self::TRUST {
            return None;
        }
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.grants.get(&digest).cloned()
    }

    fn keep(&self, digest: Digest, grant: &Arc<Grant>, generation: u64) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if self.generation.load(Ordering::Acquire) != generation {
            return;
        }
        let repositories = grant.authorization.as_ref().map_or(0, |it| it.repositories.len());
        if known.weight + repositories >= Self::MOST {
            *known = Known::default();
        }
        known.weight += repositories + 1;
        known.grants.insert(digest, Arc::clone(grant));
    }

    /// Forgets everything: rights were taken away in this process.
    pub(crate) fn forget(&self) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        self.generation.fetch_add(1, Ordering::AcqRel);
        *known = Known::default();
    }

    /// Takes note of the database's number at `now`.
    fn saw(&self, version: u64, now: Timestamp) {
        if self.version.swap(version, Ordering::AcqRel) != version {
            self.forget();
        }
        self.asked_at.store(now.as_micros(), Ordering::Release);
    }
}

impl Gateway {
    /// What the bearer of `text` may do. The token itself is good; whether it
    /// may read a certain thing is asked of the [`Grant`].
    ///
    /// # Errors
    ///
    /// [`AuthenticateError`], which costs no look-up for a mistyped token.
    pub async fn authenticate(&self, text: &str) -> Result<Arc<Grant>, AuthenticateError> {
        let now = self.now();
        let secret =
            Secret::parse(SecretKind::AccessToken, text).ok_or(AuthenticateError::Unknown)?;
        let digest = self.digest(secret.expose());
        let grant = match self.grants.get(digest, now) {
            Some(grant) => grant,
            None => self.look_up(digest).await?,
        };
        grant.check_token(now)?;
        Ok(grant)
    }

    async fn look_up(&self, digest: Digest) -> Result<Arc<Grant>, AuthenticateError> {
        let generation = self.grants.generation.load(Ordering::Acquire);
        let mut work = self.storage.read().await?;
        let token = work.tokens().find_by_digest(digest).await?;
        let token =
            token.filter(|it| it.kind == TokenKind::Access).ok_or(AuthenticateError::Unknown)?;
        let app = work.apps().find(token.client).await?.ok_or(AuthenticateError::Unknown)?;
        let authorization = match token.authorization {
            Some(id) => work.authorizations().find(id).await?,
            None => None,
        };
        let authorization = match authorization {
            Some(it) => {
                let connections = work.connections().of_customer(it.customer).await?;
                let gone = connections.iter().filter(|known| !known.status.is_kept());
                let gone: Vec<_> = gone.map(|known| known.id).collect();
                Some(it.without(&gone))
            }
            None => None,
        };
        drop(work);
        let grant = Arc::new(Grant::new(token, app, authorization));
        self.grants.keep(digest, &grant, generation);
        Ok(grant)
    }

    /// Asks the database whether rights were taken away in another process, or
    /// the firewall was changed.
    /// To be called several times a second.
    ///
    /// # Errors
    ///
    /// [`StorageError`] when it cannot be asked; grants are then not trusted.
    pub async fn watch_access(&self) -> Result<(), StorageError> {
        let now = self.now();
        let version = self.storage.access_version().await?;
        if self.grants.version.load(Ordering::Acquire) != version {
            // First, so that it is tried again when it cannot be read.
            self.follow_firewall().await?;
        }
        self.grants.saw(version, now);
        Ok(())
    }
}
