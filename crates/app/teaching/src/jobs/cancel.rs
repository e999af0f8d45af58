//! Not wanting a job any more.

use lodge_jobs::{Job, Standing};
use lodge_kernel::JobId;
use lodge_storage::Change;

use crate::{Caller, Teaching, TeachingError};

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
        let job = self.job_to_change(&mut *work, caller, id).await?;
        if job.state.standing().has_ended() {
            return Err(TeachingError::Blocked("the job has ended already"));
        }
        let withdrawn = job.withdrawn(self.now());
        let written = match withdrawn {
            Some((job, events)) => {
                let change = Change { from: Standing::Queued, job, events };
                !work.jobs().write(std::slice::from_ref(&change)).await?.is_empty()
            }
            None => false,
        };
        // Somebody may have begun with it since it was looked at.
        if !written && !work.jobs().ask_to_stop(id).await? {
            return Err(TeachingError::Blocked("the job has ended already"));
        }
        let job = work.jobs().find(id).await?.ok_or(TeachingError::NotFound("job"))?;
        work.commit().await?;
        self.workshop.told.ring();
        Ok(job)
    }
}
