//! How turns end, and new ones begin: one unit of work for both.

use std::sync::atomic::Ordering;

use lodge_jobs::{End, Job, JobState, Standing};
use lodge_storage::{Change, Claim, StorageError, UnitOfWork};

use super::desk::Over;
use crate::Teaching;

impl Teaching {
    /// Writes how turns ended and claims others.
    ///
    /// # Errors
    ///
    /// [`StorageError`]; nothing has changed then.
    pub(super) async fn settle_and_claim(
        &self,
        over: &[Over],
        claim: Option<&Claim<'_>>,
    ) -> Result<Vec<Job>, StorageError> {
        let now = self.now();
        let mut jitter = vec![0; over.len()];
        self.entropy.fill(&mut jitter);
        let mut changes = Vec::with_capacity(over.len());
        for (it, jitter) in over.iter().zip(jitter) {
            let (job, mut events) = it.context.finish(now).await;
            if let Some((job, more)) = job.ended(it.end.clone(), now, jitter) {
                events.extend(more);
                changes.push(Change { from: Standing::Running, job, events });
            }
        }
        let mut failed = 0;
        let mut work = self.storage.begin().await?;
        if !changes.is_empty() {
            let written = work.jobs().write(&changes).await?;
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
