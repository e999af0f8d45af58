//! What comes again and again, once in all processes.

use std::collections::BTreeMap;

use lodge_jobs::{Author, INSTALLATION, JsonText, Request, Schedule};
use lodge_kernel::Timestamp;
use lodge_storage::StorageError;

use crate::Teaching;

/// The turns that this process has seen taken, so that it asks once for each.
#[derive(Debug, Default)]
pub(super) struct Seen(BTreeMap<String, Timestamp>);

impl Teaching {
    /// Enqueues what is due and nobody has enqueued.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    pub(super) async fn plan_jobs(
        &self,
        schedules: &[Schedule],
        seen: &mut Seen,
    ) -> Result<(), StorageError> {
        let now = self.now();
        for it in schedules {
            let name = it.kind.as_str();
            let Some(slot) = it.when.slot(now) else { continue };
            if seen.0.get(name).is_some_and(|last| *last >= slot) {
                continue;
            }
            let mut work = self.storage.begin().await?;
            if work.jobs().take_slot(name, slot).await? {
                let request = Request {
                    // One that has not ended does for this turn, too.
                    key: Some("again".to_owned()),
                    queue: it.queue,
                    ..Request::new(
                        INSTALLATION,
                        it.kind.clone(),
                        JsonText::empty(),
                        Author::Schedule,
                    )
                };
                self.enqueue(&mut *work, request).await?;
            }
            work.commit().await?;
            seen.0.insert(name.to_owned(), slot);
            self.job_waits();
        }
        Ok(())
    }
}
