//! What has ended is forgotten, now and then.

use std::time::Duration;

use lodge_access::Actor;
use lodge_kernel::Timestamp;
use lodge_storage::{Keep, StorageError, Swept};

use crate::{Gateway, connections::manage::ManageError};

/// How long tokens and codes are kept beyond their end: a code that is stolen
/// and comes late still ends what was issued from it.
const SECRETS: Duration = Duration::from_hours(7 * 24);
/// How long questions to customers are kept beyond theirs. The cookie that
/// opens a visit ends with it; the rest is for clocks that differ.
const QUESTIONS: Duration = Duration::from_hours(1);
/// How long an account that somebody connected whom nobody vouched for is kept
/// while nothing is read through it.
const STRANGERS: Duration = Duration::from_hours(30 * 24);
/// How many of each kind go in one transaction: the embedded database has one
/// writer, and somebody may wait for it.
const AT_ONCE: usize = 1_000;
/// How many transactions one sweep has at most. What is left goes next time.
const MOST_ROUNDS: usize = 200;

impl Gateway {
    /// Deletes what ended by itself long ago, a few rows at a time.
    ///
    /// # Errors
    ///
    /// [`StorageError`]; what was deleted before stays so.
    pub async fn sweep(&self) -> Result<Swept, StorageError> {
        let now = self.now();
        let keep = Keep { secrets: now.minus(SECRETS), questions: now.minus(QUESTIONS) };
        let mut all = Swept::default();
        self.disconnect_strangers(now.minus(STRANGERS)).await?;
        for _ in 0..MOST_ROUNDS {
            let mut work = self.storage.begin().await?;
            let swept = match work.sweep(&keep, AT_ONCE).await {
                Ok(swept) => swept,
                // Another process sweeps the same rows at this moment.
                Err(StorageError::Conflict(_)) => break,
                Err(error) => return Err(error),
            };
            work.commit().await?;
            all += swept;
            if swept.total() == 0 {
                break;
            }
        }
        Ok(all)
    }

    /// Takes idle accounts away as their customers would: the hosts are told.
    async fn disconnect_strangers(&self, before: Timestamp) -> Result<(), StorageError> {
        let mut work = self.storage.read().await?;
        let idle = work.connections().idle_of_strangers(before, AT_ONCE).await?;
        drop(work);
        for id in idle {
            match self.disconnect(Actor::System, id).await {
                // Another process was faster.
                Ok(()) | Err(ManageError::NotFound | ManageError::Disconnected) => {}
                Err(ManageError::Storage(error)) => return Err(error),
            }
        }
        Ok(())
    }
}
