//! The audit trail, as use cases write it.
//!
//! What happened is appended in the unit of work that does it, as its last
//! step: [`Gateway::audit`]. Where the request came from is a matter of the
//! request and of no use case: [`whence`]. [`verify`] says whether the trail is
//! what was written.

pub mod verify;
pub mod whence;

use std::fmt::Display;

use lodge_access::{
    Action, Actor, AuditEntry, AuditEvent, Chain, Checkpoint, Outcome, audit::LONGEST_TEXT,
};
use lodge_kernel::{AuditEventId, Clock, Entropy, Keyring, TenantId};
use lodge_storage::{StorageError, UnitOfWork};

use crate::Gateway;

pub use whence::Whence;

/// What happened, in the words of a use case.
#[derive(Clone, Debug)]
pub struct Happened {
    chain: Chain,
    actor: Actor,
    action: Action,
    subject: Option<String>,
    reason: Option<String>,
    outcome: Outcome,
}

impl Happened {
    /// `actor` did `action`, in the chain of `tenant`, or of the installation
    /// when it is no organisation's.
    pub fn new(tenant: impl Into<Option<TenantId>>, actor: Actor, action: Action) -> Self {
        Self {
            chain: tenant.into().into(),
            actor,
            action,
            subject: None,
            reason: None,
            outcome: Outcome::Done,
        }
    }

    /// What it was done to: an id. Cut at [`LONGEST_TEXT`] characters.
    #[must_use]
    pub fn to(self, subject: impl Display) -> Self {
        Self { subject: Some(cut(&subject.to_string())), ..self }
    }

    /// Why. Cut at [`LONGEST_TEXT`] characters.
    #[must_use]
    pub fn because(self, reason: impl Display) -> Self {
        Self { reason: Some(cut(&reason.to_string())), ..self }
    }

    /// It was tried, and refused.
    #[must_use]
    pub fn refused(self) -> Self {
        Self { outcome: Outcome::Refused, ..self }
    }
}

fn cut(text: &str) -> String {
    text.chars().take(LONGEST_TEXT).collect()
}

/// What an entry needs besides what happened.
#[derive(Clone, Copy)]
pub struct Scribe<'a> {
    /// The time.
    pub clock: &'a dyn Clock,
    /// Chance.
    pub entropy: &'a dyn Entropy,
    /// What makes the hashes.
    pub keys: &'a dyn Keyring,
}

impl Scribe<'_> {
    /// Appends what happened to its chain, which is held until the unit of
    /// work ends: to be the last step before the commit.
    ///
    /// # Errors
    ///
    /// [`StorageError`]; the unit of work must not be committed then.
    pub async fn append(
        &self,
        work: &mut dyn UnitOfWork,
        happened: Happened,
    ) -> Result<AuditEntry, StorageError> {
        let Happened { chain, actor, action, subject, reason, outcome } = happened;
        let head = work.audit().take_head(chain).await?;
        // Drawn while the chain is held: in a chain, ids and places agree.
        let Whence { request, network } = whence::current();
        let event = AuditEvent {
            id: AuditEventId::fresh(self.clock, self.entropy),
            at: self.clock.now(),
            chain,
            actor,
            action,
            subject,
            reason,
            network,
            request,
            outcome,
        };
        let entry = head.next(event, |bytes| self.keys.digest(bytes));
        work.audit().append(&entry).await?;
        tracing::info!(
            audit.chain = %chain,
            audit.sequence = entry.sequence,
            audit.actor = %actor,
            audit.action = action.name(),
            audit.outcome = outcome.name(),
            "audit"
        );
        Ok(entry)
    }
}

impl Gateway {
    /// The end of every chain at this moment, to be signed and kept elsewhere.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    pub async fn audit_checkpoints(&self) -> Result<Vec<Checkpoint>, StorageError> {
        let at = self.now();
        let heads = self.storage.read().await?.audit().heads().await?;
        Ok(heads.into_iter().map(|head| Checkpoint { head, at }).collect())
    }

    /// Appends what happened to the audit trail, in the unit of work that does
    /// it: as its last step before the commit, so that two units that hold a
    /// chain do not wait for each other.
    ///
    /// # Errors
    ///
    /// [`StorageError`]; the unit of work must not be committed then.
    pub async fn audit(
        &self,
        work: &mut dyn UnitOfWork,
        happened: Happened,
    ) -> Result<(), StorageError> {
        let scribe = Scribe { clock: &*self.clock, entropy: &*self.entropy, keys: &*self.keys };
        scribe.append(work, happened).await.map(drop)
    }

    /// Appends what happened in a unit of work of its own: for what was
    /// refused, where nothing else is written.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    pub async fn audit_alone(&self, happened: Happened) -> Result<(), StorageError> {
        let mut work = self.storage.begin().await?;
        self.audit(&mut *work, happened).await?;
        work.commit().await
    }
}
