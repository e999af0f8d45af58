//! Hearing what jobs tell.

use lodge_jobs::JobEvent;
use lodge_kernel::{JobId, TenantId};
use lodge_storage::{Depth, Head, StorageError};

use crate::Teaching;

impl Teaching {
    /// What a job told after `sequence`, in its order, at most `limit`. Who may
    /// hear it was decided when the watching began.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    pub async fn job_events_after(
        &self,
        (tenant, job): (TenantId, JobId),
        sequence: u32,
        limit: usize,
    ) -> Result<Vec<JobEvent>, StorageError> {
        self.storage.read().await?.jobs().events_after(tenant, job, sequence, limit).await
    }

    /// Where these jobs have come to; those that are gone are left out.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    pub async fn job_heads(&self, jobs: &[JobId]) -> Result<Vec<Head>, StorageError> {
        self.storage.read().await?.jobs().heads(jobs).await
    }

    /// How much is in each line; empty ones are left out.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    pub async fn job_depth(&self) -> Result<Vec<Depth>, StorageError> {
        self.storage.read().await?.jobs().depth().await
    }
}
