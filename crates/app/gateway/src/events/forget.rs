//! What is told and delivered is not kept for ever.

use std::time::Duration;

use lodge_storage::StorageError;

use crate::Gateway;

/// How long a host may send a delivery again and have it recognised: GitLab
/// and GitHub let theirs be sent again for a week at the most.
const WEBHOOKS: Duration = Duration::from_hours(24 * 14);
/// How long an app can look at, and replay, what was delivered to it.
const DELIVERIES: Duration = Duration::from_hours(24 * 30);

impl Gateway {
    /// Removes up to `most` of each that have ended; answers how many.
    /// Webhooks that were given up stay until somebody looks at them.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    pub async fn forget_events(&self, most: usize) -> Result<u64, StorageError> {
        let now = self.now();
        let mut work = self.storage.begin().await?;
        let webhooks = work.inbox().forget(now.minus(WEBHOOKS), most).await?;
        let deliveries = work.outbox().forget(now.minus(DELIVERIES), most).await?;
        work.commit().await?;
        Ok(webhooks + deliveries)
    }
}
