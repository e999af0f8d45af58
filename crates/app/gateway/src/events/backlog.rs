//! How much waits, and how much was given up.

use lodge_storage::StorageError;

use crate::Gateway;

/// How much waits, and how much was given up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Webhooks that wait to be understood.
    pub hooks_waiting: u64,
    /// Webhooks that could not be understood.
    pub hooks_dead: u64,
    /// Deliveries to apps that wait.
    pub deliveries_waiting: u64,
    /// Deliveries to apps that were given up.
    pub deliveries_dead: u64,
}

impl Gateway {
    /// How much waits, and how much was given up, in all processes.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    pub async fn event_backlog(&self) -> Result<Backlog, StorageError> {
        let mut work = self.storage.read().await?;
        let (hooks_waiting, hooks_dead) = work.inbox().backlog().await?;
        let (deliveries_waiting, deliveries_dead) = work.outbox().backlog().await?;
        Ok(Backlog { hooks_waiting, hooks_dead, deliveries_waiting, deliveries_dead })
    }
}
