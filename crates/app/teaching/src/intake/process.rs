//! What waits is taken up, taken in, and settled.

use std::{panic::AssertUnwindSafe, time::Duration};

use futures_util::FutureExt as _;
use lodge_intake::{Attempt, Intake, Outcome, Reason};
use lodge_kernel::Timestamp;
use lodge_provider::BoxError;
use lodge_storage::{StorageError, UnitOfWork};

use super::{handler::Handled, parcel};
use crate::Teaching;

/// How long a worker has for what it took up. Who dies is replaced then.
const LEASE: Duration = Duration::from_mins(1);

/// One that was settled.
#[derive(Clone, Debug)]
pub struct Worked {
    /// As it stands now.
    pub intake: Intake,
    /// How long it took.
    pub took: Duration,
}

impl Teaching {
    /// Works on up to `limit` deliveries whose time has come; answers those that
    /// were settled, whatever they came to. Several workers may do it at once.
    ///
    /// # Errors
    ///
    /// [`StorageError`]; what was taken up comes back when its lease is over.
    pub async fn process_deliveries(&self, limit: usize) -> Result<Vec<Worked>, StorageError> {
        let mut work = self.storage.begin().await?;
        let taken = work.intake().claim(self.now(), LEASE, limit).await?;
        work.commit().await?;
        if let Some(worked) = self.process_together(&taken).await {
            return Ok(worked);
        }
        let mut worked = Vec::new();
        for it in taken {
            worked.extend(self.process(it).await?);
        }
        Ok(worked)
    }

    /// Works on all of them in one unit of work, which waits for the disk once.
    /// `None`, with nothing changed, when one of them fails: each is worked on by
    /// itself then.
    async fn process_together(&self, taken: &[Intake]) -> Option<Vec<Worked>> {
        if taken.len() < 2 || taken.iter().any(|it| it.tries.counted() > 1) {
            return None;
        }
        let together = async {
            let mut work = self.storage.begin().await?;
            let mut worked = Vec::new();
            for it in taken {
                let began_at = self.now();
                let settled = self.take_in(&mut *work, it.clone(), began_at).await?;
                worked.push(self.worked(settled, began_at));
            }
            work.commit().await?;
            Ok::<_, Failed>(worked)
        };
        AssertUnwindSafe(together).catch_unwind().await.ok()?.ok()
    }

    /// Works on one. `None` when somebody else has taken it up meanwhile.
    #[tracing::instrument(name = "teaching.process_delivery", skip_all, fields(intake.id = %intake.id))]
    async fn process(&self, intake: Intake) -> Result<Option<Worked>, StorageError> {
        let began_at = self.now();
        if intake.tries.are_exceeded() {
            let reason = "it was taken up again and again, and never came to an end";
            return self.give_back(intake, began_at, Reason::new(reason)).await;
        }
        // A panic is of the delivery that brought it on: the others go on.
        let alone = async {
            let mut work = self.storage.begin().await?;
            let settled = self.take_in(&mut *work, intake.clone(), began_at).await?;
            work.commit().await?;
            Ok::<_, Failed>(settled)
        };
        let reason = match AssertUnwindSafe(alone).catch_unwind().await {
            Ok(Ok(settled)) => return Ok(Some(self.worked(settled, began_at))),
            Ok(Err(Failed::Storage(StorageError::Conflict(_)))) => return Ok(None),
            Ok(Err(Failed::Storage(error @ StorageError::Unavailable(_)))) => return Err(error),
            Ok(Err(Failed::Storage(error))) => error.to_string(),
            Ok(Err(Failed::Handler(error))) => error.to_string(),
            Err(_panic) => "it made the program panic".to_owned(),
        };
        tracing::warn!(intake.id = %intake.id, reason, "a delivery could not be taken in");
        self.give_back(intake, began_at, Reason::new(reason)).await
    }

    /// Takes it in and settles it, in the unit of work `work`.
    async fn take_in(
        &self,
        work: &mut dyn UnitOfWork,
        intake: Intake,
        began_at: Timestamp,
    ) -> Result<Intake, Failed> {
        let sealed = work.intake().parcel(intake.tenant, intake.id).await?;
        let sealed = sealed.ok_or("its parcel is not there")?;
        let at = intake.received_at;
        let delivery = parcel::open(&*self.keys, intake.tenant, intake.id, &sealed, at);
        let delivery = delivery.ok_or("no master key of this installation opens its parcel")?;
        let scheme = self.intake.schemes.find(intake.source.as_str());
        let (_, scheme) = scheme.ok_or("its host is not known any more")?;
        let handled = self.intake.handler.handle(work, scheme, &intake, &delivery).await;
        let Handled { outcome, project } = handled.map_err(Failed::Handler)?;
        let attempt = self.attempt(&intake, began_at, outcome.clone());
        let settled = Intake { project, ..intake };
        let settled = settled.after(outcome, attempt.ended_at, self.chance());
        let settled = settled.map_err(|error| Failed::Handler(error.into()))?;
        work.intake().settle(&settled, &attempt).await?;
        Ok(settled)
    }

    /// Notes that a try failed: it is made again later, or the delivery is given
    /// up.
    async fn give_back(
        &self,
        intake: Intake,
        began_at: Timestamp,
        reason: Reason,
    ) -> Result<Option<Worked>, StorageError> {
        let outcome = Outcome::Failed(reason);
        let attempt = self.attempt(&intake, began_at, outcome.clone());
        let Ok(settled) = intake.after(outcome, attempt.ended_at, self.chance()) else {
            return Ok(None);
        };
        let mut work = self.storage.begin().await?;
        match work.intake().settle(&settled, &attempt).await {
            Ok(()) => {}
            Err(StorageError::Conflict(_)) => return Ok(None),
            Err(error) => return Err(error),
        }
        work.commit().await?;
        Ok(Some(self.worked(settled, began_at)))
    }

    fn attempt(&self, intake: &Intake, began_at: Timestamp, outcome: Outcome) -> Attempt {
        Attempt { number: intake.tries.made, began_at, ended_at: self.now(), outcome }
    }

    fn worked(&self, intake: Intake, began_at: Timestamp) -> Worked {
        Worked { intake, took: self.now().since(began_at) }
    }

    fn chance(&self) -> u8 {
        let mut byte = [0];
        self.entropy.fill(&mut byte);
        let [byte] = byte;
        byte
    }
}

/// Why a delivery was not taken in.
enum Failed {
    Storage(StorageError),
    Handler(BoxError),
}

impl From<StorageError> for Failed {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

impl From<&str> for Failed {
    fn from(problem: &str) -> Self {
        Self::Handler(problem.into())
    }
}
