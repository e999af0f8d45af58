//! Taking jobs from workers that fell silent.

use lodge_jobs::Standing;
use lodge_storage::{Change, StorageError};

use crate::Teaching;

/// How many in one unit of work.
const MOST: usize = 200;

impl Teaching {
    /// Jobs whose lease is over wait again, or are given up.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    #[tracing::instrument(name = "teaching.expire_jobs", skip_all)]
    pub(super) async fn expire_jobs(&self) -> Result<(), StorageError> {
        let now = self.now();
        let mut work = self.storage.begin().await?;
        let over = work.jobs().expired(now, MOST).await?;
        let changes: Vec<Change> = over
            .into_iter()
            .filter_map(|job| job.expired(now))
            .map(|(job, events)| Change { from: Standing::Running, job, events })
            .collect();
        if changes.is_empty() {
            return Ok(());
        }
        let written = work.jobs().write(&changes).await?.len();
        work.commit().await?;
        tracing::warn!(jobs = written, "workers fell silent, their jobs are given to others");
        self.workshop.told.ring();
        self.job_waits();
        Ok(())
    }
}
