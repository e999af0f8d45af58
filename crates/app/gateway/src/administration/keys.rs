//! Admin keys: made, listed, ended, and recognised.

use std::time::Duration;

use lodge_access::{Action, Actor, AdminKey, AdminScope, AdminScopes, Secret, SecretKind};
use lodge_kernel::{AdminKeyId, Digest, Timestamp};
use lodge_storage::StorageError;

use crate::{Gateway, audit::Happened};

/// The longest life of an admin key.
pub const LONGEST_LIFE: Duration = Duration::from_hours(366 * 24);
/// How exact the time of the last use is.
const USE_STEP: Duration = Duration::from_mins(1);

/// An admin key that is to be made.
#[derive(Clone, Debug)]
pub struct AdminKeyDraft {
    /// What it is for: 1 to 100 characters.
    pub name: String,
    /// What it may do.
    pub scopes: AdminScopes,
    /// How long it lives: at most [`LONGEST_LIFE`].
    pub life: Duration,
}

/// An admin key cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum MakeAdminKeyError {
    /// The draft.
    #[error("{problem}")]
    Invalid {
        /// What to correct.
        problem: &'static str,
    },
    /// The database did not answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// A new key with its text, which is shown once.
#[derive(Debug)]
pub struct MadeAdminKey {
    /// The key.
    pub key: AdminKey,
    /// Its text.
    pub secret: Secret,
}

/// An administrator's program cannot be let in.
#[derive(Debug, thiserror::Error)]
pub enum AdminKeyError {
    /// Not a key of ours.
    #[error("the admin key is not one of this gateway")]
    Unknown,
    /// The key has ended, or was taken back.
    #[error("the admin key has ended: make another one with `gitlodge admin-key create`")]
    Ended,
    /// The key is not for this.
    #[error("this needs an admin key with the scope `{}`", required.name())]
    Scope {
        /// What is missing.
        required: AdminScope,
    },
    /// The database did not answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// A program that was let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Administrator {
    /// As whom the audit trail knows it.
    pub actor: Actor,
}

impl Gateway {
    /// Makes an admin key.
    ///
    /// # Errors
    ///
    /// [`MakeAdminKeyError`]; nothing has changed then.
    pub async fn make_admin_key(
        &self,
        by: Actor,
        draft: AdminKeyDraft,
    ) -> Result<MadeAdminKey, MakeAdminKeyError> {
        let invalid = |problem| Err(MakeAdminKeyError::Invalid { problem });
        let length = draft.name.chars().count();
        if !(1..=100).contains(&length) || draft.name.contains(char::is_control) {
            return invalid("a name has 1 to 100 characters, and no control character");
        }
        if draft.scopes.is_empty() {
            return invalid("a key needs at least one scope");
        }
        if draft.life.is_zero() || draft.life > LONGEST_LIFE {
            return invalid("a key lives for at most 366 days");
        }
        let now = self.now();
        let secret = Secret::fresh(SecretKind::AdminKey, &*self.entropy);
        let key = AdminKey {
            id: AdminKeyId::fresh(&*self.clock, &*self.entropy),
            name: draft.name,
            digest: self.digest(secret.expose()),
            scopes: draft.scopes,
            created_at: now,
            expires_at: now.plus(draft.life),
            last_used_at: None,
            revoked_at: None,
        };
        let mut work = self.storage.begin().await?;
        work.admin_keys().add(&key).await?;
        let what = format!("{}: {}", key.name, key.scopes);
        let made = Happened::new(None, by, Action::AdminKeyMade).to(key.id).because(what);
        self.audit(&mut *work, made).await?;
        work.commit().await?;
        Ok(MadeAdminKey { key, secret })
    }

    /// Every admin key, oldest first, ended ones too.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    pub async fn list_admin_keys(&self) -> Result<Vec<AdminKey>, StorageError> {
        self.storage.read().await?.admin_keys().all().await
    }

    /// Ends an admin key at once. `false` when there is none, or it had ended.
    ///
    /// # Errors
    ///
    /// [`StorageError`]; nothing has changed then.
    pub async fn revoke_admin_key(&self, by: Actor, id: AdminKeyId) -> Result<bool, StorageError> {
        let mut work = self.storage.begin().await?;
        let ended = work.admin_keys().revoke(id, self.now()).await?;
        if ended {
            let revoked = Happened::new(None, by, Action::AdminKeyRevoked).to(id);
            self.audit(&mut *work, revoked).await?;
            work.commit().await?;
        }
        Ok(ended)
    }

    /// Lets in the bearer of the admin key `text`, for `operation`, which
    /// needs `scope`. Every use is noted, and every refusal of a known key;
    /// `bootstrap` is the digest of the operator's own key, if there is one.
    ///
    /// # Errors
    ///
    /// [`AdminKeyError`]. An unknown key costs one look-up at most, and leaves
    /// no trace in the database.
    pub async fn authenticate_admin(
        &self,
        text: &str,
        bootstrap: Option<Digest>,
        scope: AdminScope,
        operation: &str,
    ) -> Result<Administrator, AdminKeyError> {
        // Digests are compared: the time taken tells nothing of the key.
        if bootstrap.is_some_and(|it| it == self.digest(text)) {
            let used = Happened::new(None, Actor::Operator, Action::AdminKeyUsed);
            self.audit_alone(used.to(operation).because("the bootstrap key")).await?;
            return Ok(Administrator { actor: Actor::Operator });
        }
        let secret = Secret::parse(SecretKind::AdminKey, text).ok_or(AdminKeyError::Unknown)?;
        let digest = self.digest(secret.expose());
        let known = self.storage.read().await?.admin_keys().find_by_digest(digest).await?;
        let key = known.ok_or(AdminKeyError::Unknown)?;
        let now = self.now();
        let actor = Actor::AdminKey(key.id);
        let used = Happened::new(None, actor, Action::AdminKeyUsed).to(operation);
        let refusal = if !key.is_live(now) {
            Some(AdminKeyError::Ended)
        } else if !key.scopes.contains(scope) {
            Some(AdminKeyError::Scope { required: scope })
        } else {
            None
        };
        if let Some(refusal) = refusal {
            self.audit_alone(used.because(&refusal).refused()).await?;
            return Err(refusal);
        }
        let mut work = self.storage.begin().await?;
        if is_worth_noting(key.last_used_at, now) {
            work.admin_keys().used(key.id, now).await?;
        }
        self.audit(&mut *work, used).await?;
        work.commit().await?;
        Ok(Administrator { actor })
    }
}

fn is_worth_noting(last: Option<Timestamp>, now: Timestamp) -> bool {
    last.is_none_or(|last| now.since(last) >= USE_STEP)
}
