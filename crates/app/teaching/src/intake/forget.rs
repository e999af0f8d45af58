//! Deliveries that have ended are forgotten in the end.

use std::time::Duration;

use lodge_storage::StorageError;

use crate::Teaching;

/// How long they are kept, and known again.
pub const KEPT: Duration = Duration::from_hours(30 * 24);

impl Teaching {
    /// Removes up to `limit` deliveries that ended, and came longer ago than
    /// [`KEPT`]. Dead letters stay until somebody decides.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    #[tracing::instrument(name = "teaching.forget_deliveries", skip_all)]
    pub async fn forget_deliveries(&self, limit: usize) -> Result<u64, StorageError> {
        let mut work = self.storage.begin().await?;
        let forgotten = work.intake().forget(self.now().minus(KEPT), limit).await?;
        work.commit().await?;
        Ok(forgotten)
    }
}
