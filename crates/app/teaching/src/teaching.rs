//! What every use case of the courses is given.

use std::sync::Arc;

use lodge_access::{Action, Actor};
use lodge_gateway::audit::{Happened, Scribe};
use lodge_kernel::{Clock, Digest, Entropy, Keyring, TenantId, Timestamp};
use lodge_services::ReportRenderer;
use lodge_storage::{Storage, StorageError, UnitOfWork};

use crate::{Caller, intake::IntakePorts, jobs::Workshop};

/// The ports, wired once by the composition root.
pub struct Teaching {
    /// The database.
    pub storage: Arc<dyn Storage>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub entropy: Arc<dyn Entropy>,
    /// Keys.
    pub keys: Arc<dyn Keyring>,
    /// SHA-256 of the course token of the environment, if there is one.
    pub bootstrap: Option<Digest>,
    /// What jobs need of the process.
    pub workshop: Workshop,
    /// How hosts deliver.
    pub intake: IntakePorts,
    /// What writes reports as files.
    pub reports: Arc<dyn ReportRenderer>,
}

impl Teaching {
    /// The instant it is now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Appends to the audit trail of `tenant` what `caller` did, in the unit of
    /// work that does it: as its last step before the commit.
    ///
    /// # Errors
    ///
    /// [`StorageError`]; the unit of work must not be committed then.
    pub(crate) async fn audit(
        &self,
        work: &mut dyn UnitOfWork,
        (tenant, caller): (TenantId, &Caller),
        action: Action,
        say: impl FnOnce(Happened) -> Happened,
    ) -> Result<(), StorageError> {
        self.audit_as(work, (tenant, caller.actor()), action, say).await
    }

    /// As [`audit`](Self::audit), of `actor`, who need not be a caller.
    ///
    /// # Errors
    ///
    /// [`StorageError`]; the unit of work must not be committed then.
    pub(crate) async fn audit_as(
        &self,
        work: &mut dyn UnitOfWork,
        (tenant, actor): (TenantId, Actor),
        action: Action,
        say: impl FnOnce(Happened) -> Happened,
    ) -> Result<(), StorageError> {
        let happened = say(Happened::new(tenant, actor, action));
        let scribe = Scribe { clock: &*self.clock, entropy: &*self.entropy, keys: &*self.keys };
        scribe.append(work, happened).await.map(drop)
    }
}
