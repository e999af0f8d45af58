//! Looking at jobs.

use lodge_jobs::Job;
use lodge_kernel::JobId;
use lodge_storage::{JobFilter, UnitOfWork};

use super::rights;
use crate::{Caller, Teaching, TeachingError};

impl Teaching {
    /// One job that `caller` may see.
    ///
    /// # Errors
    ///
    /// [`TeachingError::NotFound`], [`TeachingError::Scope`].
    #[tracing::instrument(name = "teaching.find_job", skip_all)]
    pub async fn find_job(&self, caller: &Caller, id: JobId) -> Result<Job, TeachingError> {
        let mut work = self.storage.read().await?;
        job_to_see(&mut *work, caller, id).await
    }

    /// The newest jobs that `caller` may see and that are meant: at most
    /// `limit` before `before`.
    ///
    /// # Errors
    ///
    /// [`TeachingError::NotFound`] for a course that `caller` may not see,
    /// [`TeachingError::AdminOnly`], [`TeachingError::Scope`].
    #[tracing::instrument(name = "teaching.list_jobs", skip_all)]
    pub async fn list_jobs(
        &self,
        caller: &Caller,
        filter: JobFilter,
        before: Option<JobId>,
        limit: usize,
    ) -> Result<Vec<Job>, TeachingError> {
        let mut work = self.storage.read().await?;
        let filter = rights::narrow(&mut *work, caller, filter).await?;
        let jobs = work.jobs().list(&filter, before, limit).await?;
        Ok(jobs)
    }
}

/// The job, for whoever may change it.
pub(super) async fn job_to_change(
    work: &mut dyn UnitOfWork,
    caller: &Caller,
    id: JobId,
) -> Result<Job, TeachingError> {
    let job = job_to_see(work, caller, id).await?;
    rights::may_change(work, caller, &job).await?;
    Ok(job)
}

async fn job_to_see(
    work: &mut dyn UnitOfWork,
    caller: &Caller,
    id: JobId,
) -> Result<Job, TeachingError> {
    let job = work.jobs().find(id).await?.ok_or(TeachingError::NotFound("job"))?;
    rights::may_see(work, caller, &job).await?;
    Ok(job)
}
