//! What waits is taken up, taken in, and settled.

use std::{panic::AssertUnwindSafe, time::Duration};

use futures_util::FutureExt as _;
use lodge_forge::ProviderName;
use lodge_intake::{Attempt, Intake, Outcome, Reason};
use lodge_kernel::{IntakeId, TenantId, Timestamp};
use lodge_provider::BoxError;
use lodge_storage::{StorageError, Turn, UnitOfWork};

use super::{handler::Handled, parcel};
use crate::Teaching;

/// How long a worker has for what it took up. Who dies is replaced then.
const LEASE: Duration = Duration::from_mins(1);
/// How often one is tried at once when the database lets another unit of work go
/// first.
const TURNS: u32 = 5;

/// One that was settled.
#[derive(Clone, Debug)]
pub struct Worked {
    /// As it stands now.
    pub intake: Intake,
    /// How long it took.
    pub took: Duration,
}

impl Teaching {
    /// Works on up to `limit` new deliveries whose time has come, then on as many
    /// that were taken up before; answers those that were settled, whatever they
    /// came to. Several workers may do it at once.
    ///
    /// # Errors
    ///
    /// [`StorageError`]; what was taken up comes back when its lease is over.
    pub async fn process_deliveries(&self, limit: usize) -> Result<Vec<Worked>, StorageError> {
        let mut taken = self.take_up(Turn::First, limit).await?;
        // In one order, so that two workers that note something of the same
        // repositories wait for each other. Those that meet in a circle all the
        // same are told so by the database, and begin anew one by one.
        taken.sort_by(|one, other| place(one).cmp(&place(other)));
        let mut worked = Vec::new();
        if let Some(together) = self.process_together(&taken).await? {
            worked = together;
        } else {
            for it in taken {
                worked.extend(self.process(it).await?);
            }
        }
        // One of these may have ended whoever took it up: it is alone now, and
        // costs no other a try.
        for _ in 0..limit {
            let Some(it) = self.take_up(Turn::Again, 1).await?.pop() else { break };
            worked.extend(self.process(it).await?);
        }
        Ok(worked)
    }

    async fn take_up(&self, turn: Turn, limit: usize) -> Result<Vec<Intake>, StorageError> {
        let mut work = self.storage.begin().await?;
        let taken = work.intake().claim(turn, self.now(), LEASE, limit).await?;
        work.commit().await?;
        Ok(taken)
    }

    /// Works on all of them in one unit of work, which waits for the disk once.
    /// `None`, with nothing changed, when one of them fails: each is worked on by
    /// itself then.
    async fn process_together(
        &self,
        taken: &[Intake],
    ) -> Result<Option<Vec<Worked>>, StorageError> {
        if taken.len() < 2 {
            return Ok(None);
        }
        let together = async {
            let mut work = self.storage.begin().await?;
            let mut tried = Vec::new();
            for it in taken {
                tried.push(self.take_in(&mut *work, it.clone()).await?);
            }
            settle(work, tried).await.map_err(Failed::Storage)
        };
        match AssertUnwindSafe(together).catch_unwind().await {
            Ok(Ok(worked)) => Ok(Some(worked)),
            Ok(Err(Failed::Storage(error @ StorageError::Unavailable(_)))) => Err(error),
            _ => Ok(None),
        }
    }

    /// Works on one. `None` when somebody else has taken it up meanwhile.
    #[tracing::instrument(name = "teaching.process_delivery", skip_all, fields(intake.id = %intake.id))]
    async fn process(&self, intake: Intake) -> Result<Option<Worked>, StorageError> {
        let began_at = self.now();
        if intake.tries.are_exceeded() {
            let reason = "it was taken up again and again, and never came to an end";
            return self.give_back(intake, began_at, Reason::new(reason)).await;
        }
        let mut turns = 0;
        let reason = loop {
            turns += 1;
            let alone = async {
                let mut work = self.storage.begin().await?;
                let tried = self.take_in(&mut *work, intake.clone()).await?;
                settle(work, vec![tried]).await.map_err(Failed::Storage)
            };
            // A panic is of the delivery that brought it on: the others go on.
            match AssertUnwindSafe(alone).catch_unwind().await {
                Ok(Ok(mut worked)) => return Ok(worked.pop()),
                Ok(Err(Failed::Storage(StorageError::Conflict(_)))) if turns < TURNS => {}
                Ok(Err(Failed::Storage(error @ StorageError::Unavailable(_)))) => {
                    return Err(error);
                }
                Ok(Err(Failed::Storage(error))) => break error.to_string(),
                Ok(Err(Failed::Handler(error))) => break error.to_string(),
                Err(_panic) => break "it made the program panic".to_owned(),
            }
        };
        tracing::warn!(intake.id = %intake.id, reason, "a delivery could not be taken in");
        self.give_back(intake, began_at, Reason::new(reason)).await
    }

    /// Takes it in, in the unit of work `work`; answers how it stands then, and
    /// how that went.
    async fn take_in(
        &self,
        work: &mut dyn UnitOfWork,
        intake: Intake,
    ) -> Result<(Intake, Attempt), Failed> {
        let began_at = self.now();
        let sealed = work.intake().parcel(intake.tenant, intake.id).await?;
        let sealed = sealed.ok_or("its parcel is not there")?;
        let at = intake.received_at;
        let delivery = parcel::open(&*self.keys, intake.tenant, intake.id, &sealed, at);
        let delivery = delivery.ok_or("no master key of this installation opens its parcel")?;
        let scheme = self.intake.schemes.find(intake.source.as_str());
        let (_, scheme) = scheme.ok_or("its host is not known any more")?;
        let handled = self.intake.handler.handle(work, scheme, &intake, &delivery).await;
        let Handled { outcome, project } = handled.map_err(Failed::of_handler)?;
        let attempt = self.attempt(&intake, began_at, outcome.clone());
        let settled = Intake { project, ..intake };
        let settled = settled.after(outcome, attempt.ended_at, self.chance());
        let settled = settled.map_err(|error| Failed::Handler(error.into()))?;
        Ok((settled, attempt))
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
        let work = self.storage.begin().await?;
        Ok(settle(work, vec![(settled, attempt)]).await?.pop())
    }

    fn attempt(&self, intake: &Intake, began_at: Timestamp, outcome: Outcome) -> Attempt {
        Attempt { number: intake.tries.made, began_at, ended_at: self.now(), outcome }
    }

    fn chance(&self) -> u8 {
        let mut byte = [0];
        self.entropy.fill(&mut byte);
        let [byte] = byte;
        byte
    }
}

/// Settles them at the end of `work`; answers those that nobody else had taken up
/// meanwhile.
async fn settle(
    mut work: Box<dyn UnitOfWork>,
    tried: Vec<(Intake, Attempt)>,
) -> Result<Vec<Worked>, StorageError> {
    let overtaken = work.intake().settle(&tried).await?;
    work.commit().await?;
    let ours = tried.into_iter().filter(|(it, _)| !overtaken.contains(&it.id));
    let worked = ours.map(|(intake, attempt)| {
        let took = attempt.ended_at.since(attempt.began_at);
        Worked { intake, took }
    });
    Ok(worked.collect())
}

/// By what deliveries are worked on one after the other: those of one repository,
/// and so of the same projects, stand together.
fn place(it: &Intake) -> (TenantId, &ProviderName, Option<&str>, IntakeId) {
    (it.tenant, &it.source, it.repository.as_deref(), it.id)
}

/// Why a delivery was not taken in.
enum Failed {
    Storage(StorageError),
    Handler(BoxError),
}

impl Failed {
    /// What the database said to a handler is for who began the unit of work.
    fn of_handler(error: BoxError) -> Self {
        match error.downcast::<StorageError>() {
            Ok(error) => Self::Storage(*error),
            Err(error) => Self::Handler(error),
        }
    }
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
