//! How turns end, and new ones begin: one unit of work for both.

use std::{collections::HashMap, sync::atomic::Ordering};

use lodge_jobs::{End, Job, JobEvent, JobState, Standing};
use lodge_kernel::JobId;
use lodge_storage::{Change, Claim, StorageError, UnitOfWork};

use super::desk::Over;
use crate::Teaching;

/// The database is there, and does not take what it is given.
fn is_refusal(error: &StorageError) -> bool {
    !matches!(error, StorageError::Unavailable(_) | StorageError::Conflict(_))
}

/// Of these the last turn of each job, as `turn` tells job and fence: one that
/// lost its lease, and has ended only now, was overtaken in this process.
fn last_of_each<T>(over: &[T], turn: impl Fn(&T) -> (JobId, u64)) -> Vec<&T> {
    let mut last = HashMap::new();
    for (job, fence) in over.iter().map(&turn) {
        let known = last.entry(job).or_insert(fence);
        *known = fence.max(*known);
    }
    let is_last = |(job, fence)| last.get(&job) == Some(&fence);
    over.iter().filter(|it| is_last(turn(it))).collect()
}

impl Teaching {
    /// Writes how turns ended and claims others. An end that the database does
    /// not take holds up no other: it is written as one that broke.
    ///
    /// # Errors
    ///
    /// [`StorageError`]; nothing has changed then.
    pub(super) async fn settle_and_claim(
        &self,
        over: &[Over],
        claim: Option<&Claim<'_>>,
    ) -> Result<Vec<Job>, StorageError> {
        let over = last_of_each(over, |it| (it.context.id, it.context.fence));
        let changes = self.changes(&over).await?;
        match self.write_and_claim(&changes, claim).await {
            Err(error) if is_refusal(&error) && !changes.is_empty() => {
                for (change, it) in changes.into_iter().zip(over) {
                    self.settle_alone(change, it).await?;
                }
                self.write_and_claim(&[], claim).await
            }
            other => other,
        }
    }

    /// What becomes of the jobs of these turns.
    async fn changes(&self, over: &[&Over]) -> Result<Vec<Change>, StorageError> {
        let mut changes = Vec::with_capacity(over.len());
        for it in over {
            let (job, events) = it.context.finish(self.now()).await?;
            changes.push(self.ended((job, events), it.end.clone()));
        }
        Ok(changes)
    }

    fn ended(&self, (job, mut events): (Job, Vec<JobEvent>), end: End) -> Change {
        let mut jitter = [0];
        self.entropy.fill(&mut jitter);
        let [jitter] = jitter;
        let (from, as_it_was) = (Standing::Running, job.clone());
        match job.ended(end, self.now(), jitter) {
            Some((job, more)) => {
                events.extend(more);
                Change { from, job, events }
            }
            // It does not run: nothing of it is written.
            None => Change { from, job: as_it_was, events: Vec::new() },
        }
    }

    async fn settle_alone(&self, change: Change, it: &Over) -> Result<(), StorageError> {
        let Err(error) = self.write_and_claim(&[change], None).await else { return Ok(()) };
        if !is_refusal(&error) {
            return Err(error);
        }
        tracing::error!(%error, job.id = %it.context.id, "the end of a job cannot be written");
        let (job, _) = it.context.finish(self.now()).await?;
        let end = End::Broken("its end could not be written".to_owned());
        let broken = self.ended((job, Vec::new()), end);
        match self.write_and_claim(&[broken], None).await {
            // Its lease ends by itself; others wait for nothing.
            Err(error) if is_refusal(&error) => Ok(()),
            other => other.map(drop),
        }
    }

    async fn write_and_claim(
        &self,
        changes: &[Change],
        claim: Option<&Claim<'_>>,
    ) -> Result<Vec<Job>, StorageError> {
        let mut failed = 0;
        let mut work = self.storage.begin().await?;
        if !changes.is_empty() {
            let written = work.jobs().write(changes).await?;
            for it in changes.iter().filter(|it| !written.contains(&it.job.id)) {
                self.settle_unwanted(&mut *work, it).await?;
            }
            let ours = changes.iter().filter(|it| written.contains(&it.job.id));
            let standings = ours.map(|it| it.job.state.standing());
            failed = standings.filter(|it| matches!(it, Standing::Failed | Standing::Dead)).count();
        }
        let claimed = match claim {
            Some(claim) => work.jobs().claim(claim).await?,
            None => Vec::new(),
        };
        work.commit().await?;
        if !changes.is_empty() {
            let failed = u64::try_from(failed).unwrap_or(u64::MAX);
            self.workshop.failed.fetch_add(failed, Ordering::Relaxed);
            self.workshop.told.ring();
        }
        Ok(claimed)
    }

    /// A job that was to wait again, and that somebody does not want since,
    /// is cancelled. One that another worker has is left alone.
    async fn settle_unwanted(
        &self,
        work: &mut dyn UnitOfWork,
        change: &Change,
    ) -> Result<(), StorageError> {
        let found = work.jobs().find(change.job.id).await?;
        let ours = found.filter(|it| {
            it.fence == change.job.fence
                && matches!(it.state, JobState::Running { cancelling: true, .. })
        });
        let ended = ours.and_then(|it| it.ended(End::Cancelled, self.now(), 0));
        if let Some((job, events)) = ended {
            let change = Change { from: Standing::Running, job, events };
            work.jobs().write(std::slice::from_ref(&change)).await?;
        } else {
            tracing::warn!(job.id = %change.job.id, "a job was done by another worker meanwhile");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use lodge_testkit::builders::job_id;

    use super::*;

    #[test]
    fn of_two_turns_of_one_job_the_later_one_counts() {
        let (one, other) = (job_id(1), job_id(2));
        for over in [[(one, 3), (other, 3), (one, 4)], [(one, 4), (one, 3), (other, 3)]] {
            let mut last = last_of_each(&over, |it| *it);
            last.sort_unstable();
            assert_eq!(last, [&(one, 4), &(other, 3)], "{over:?}");
        }
    }
}
