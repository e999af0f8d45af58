//! What goes on in the background: webhooks are understood, apps are told.

use std::{sync::Arc, time::Duration};

use lodge_gateway::Gateway;
use tokio::{sync::watch, task::JoinHandle, time::timeout};

/// How much is taken up at once.
const BATCH: usize = 50;
/// How long a worker that found nothing rests.
const REST: Duration = Duration::from_millis(250);
/// How long a worker that cannot reach the database rests.
const PAUSE: Duration = Duration::from_secs(5);
/// How long a batch may take to end when the server stops: longer than the
/// slowest callback.
const PATIENCE: Duration = Duration::from_secs(20);

/// A worker that can be told to stop.
pub(crate) struct Worker {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Worker {
    pub(crate) fn start(gateway: Arc<Gateway>) -> Self {
        let (stop, mut stopped) = watch::channel(false);
        let task = tokio::spawn(async move {
            while !*stopped.borrow() {
                let rest = match batch(&gateway).await {
                    Ok(0) => REST,
                    Ok(_) => Duration::ZERO,
                    Err(error) => {
                        tracing::warn!(%error, "events have to wait");
                        PAUSE
                    }
                };
                // The rest ends early when the server stops.
                let _ = timeout(rest, stopped.changed()).await;
            }
        });
        Self { stop, task }
    }

    /// Lets the batch that is under way end, and takes up no other. What does
    /// not end in time is taken up again by the next process.
    pub(crate) async fn finish(mut self) {
        let _ = self.stop.send(true);
        if timeout(PATIENCE, &mut self.task).await.is_err() {
            self.task.abort();
        }
    }
}

async fn batch(gateway: &Gateway) -> Result<usize, lodge_storage::StorageError> {
    let understood = gateway.understand_hooks(BATCH).await?;
    let delivered = gateway.deliver_events(BATCH).await?;
    Ok(understood + delivered)
}
