//! Asking for a job.

use lodge_jobs::{Job, Request};
use lodge_kernel::JobId;
use lodge_storage::{Enqueued, StorageError, UnitOfWork};

use crate::Teaching;

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

    /// Wakes the workers of this process.
    pub fn job_waits(&self) {
        self.workshop.queued.ring();
    }
}
