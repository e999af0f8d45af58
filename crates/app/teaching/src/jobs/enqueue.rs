//! Asking for a job.

use lodge_jobs::{Job, Request, TextError};
use lodge_kernel::JobId;
use lodge_storage::{Enqueued, StorageError, UnitOfWork};

use crate::{Teaching, TeachingError};

/// A text of ours breaks a rule of jobs. A bug.
pub(crate) fn bug(error: TextError) -> StorageError {
    StorageError::Corrupt { entity: "job", source: error.into() }
}

impl Teaching {
    /// Asks for a job in the unit of work that needs it: it is there when that
    /// is committed, and not otherwise. Answers the job that will do it, which
    /// is another one when one of the same key has not ended. Tell the workers
    /// with [`job_waits`](Self::job_waits) after the commit.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    pub async fn enqueue(
        &self,
        work: &mut dyn UnitOfWork,
        request: Request,
    ) -> Result<JobId, StorageError> {
        let id = JobId::fresh(&*self.clock, &*self.entropy);
        let job = Job::asked(request, id, self.now());
        Ok(match work.jobs().enqueue(&job).await? {
            Enqueued::Added => id,
            Enqueued::There(there) => there,
        })
    }

    /// Ends the unit of work in which a job was asked for: the job, as it waits.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    pub(crate) async fn asked(
        &self,
        mut work: Box<dyn UnitOfWork>,
        id: JobId,
    ) -> Result<Job, TeachingError> {
        let job = work.jobs().find(id).await?.ok_or(TeachingError::NotFound("job"))?;
        work.commit().await?;
        self.job_waits();
        Ok(job)
    }

    /// Wakes the workers of this process.
    pub fn job_waits(&self) {
        self.workshop.queued.ring();
    }
}
