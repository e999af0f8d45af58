//! Not wanting a job any more.

use lodge_jobs::{Job, Standing};
use lodge_kernel::JobId;
use lodge_storage::{Change, UnitOfWork};

use super::find::job_to_change;
use crate::{Caller, Teaching, TeachingError};

/// How often it is looked again at a job that goes from hand to hand.
const LOOKS: usize = 3;

impl Teaching {
    /// Cancels a job: at once when it waits; one that runs is told to stop, and
    /// stops within seconds. Answers it as it is then.
    ///
    /// # Errors
    ///
    /// [`TeachingError::NotFound`], [`TeachingError::Denied`],
    /// [`TeachingError::Scope`]; [`TeachingError::Blocked`] when it has ended.
    #[tracing::instrument(name = "teaching.cancel_job", skip_all)]
    pub async fn cancel_job(&self, caller: &Caller, id: JobId) -> Result<Job, TeachingError> {
        let mut work = self.storage.begin().await?;
        for _ in 0..LOOKS {
            let job = job_to_change(&mut *work, caller, id).await?;
            if job.state.standing().has_ended() {
                return Err(TeachingError::Blocked("the job has ended already"));
            }
            if self.stop_job(&mut *work, job).await? {
                let job = work.jobs().find(id).await?.ok_or(TeachingError::NotFound("job"))?;
                work.commit().await?;
                self.workshop.told.ring();
                return Ok(job);
            }
        }
        Err(TeachingError::Blocked("the job goes from hand to hand: try again"))
    }

    /// `false` when somebody began with it, put it back or ended it since it was
    /// looked at.
    async fn stop_job(&self, work: &mut dyn UnitOfWork, job: Job) -> Result<bool, TeachingError> {
        let id = job.id;
        match job.withdrawn(self.now()) {
            Some((job, events)) => {
                let change = Change { from: Standing::Queued, job, events };
                Ok(!work.jobs().write(std::slice::from_ref(&change)).await?.is_empty())
            }
            None => Ok(work.jobs().ask_to_stop(id).await?),
        }
    }
}
