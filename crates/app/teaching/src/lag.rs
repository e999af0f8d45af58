//! How late the work of the background is.

use std::time::Duration;

use lodge_storage::StorageError;

use crate::Teaching;

/// How late the work of all organisations is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lag {
    /// How long the oldest job waits whose time has come.
    pub jobs: Duration,
    /// How long the oldest delivery waits that nobody has worked on.
    pub deliveries: Duration,
}

impl Teaching {
    /// How late the work of all organisations is.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    pub async fn lag(&self) -> Result<Lag, StorageError> {
        let now = self.now();
        let mut work = self.storage.read().await?;
        let depth = work.jobs().depth().await?;
        let first = depth.iter().filter_map(|it| it.first_due).min();
        let oldest = work.intake().oldest_pending(None).await?;
        // `since` is nothing for what is still to come.
        let [jobs, deliveries] =
            [first, oldest].map(|it| it.map(|it| now.since(it)).unwrap_or_default());
        Ok(Lag { jobs, deliveries })
    }
}
