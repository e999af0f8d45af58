//! What goes on in the background of intake: deliveries are taken in, and
//! forgotten in the end.

use std::time::{Duration, Instant};

use actix_web::web::Data;
use lodge_http_api::Surface;
use lodge_storage::StorageError;
use tokio::{sync::watch, task::JoinHandle, time::timeout};

/// How much is taken up at once.
const BATCH: usize = 64;
/// How long a worker that found nothing rests.
const REST: Duration = Duration::from_millis(250);
/// How long a worker that cannot reach the database rests.
const PAUSE: Duration = Duration::from_secs(2);
/// How long a batch may take to end when the server stops.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often what has ended long ago is looked for, and how much goes then.
const FORGET: (Duration, usize) = (Duration::from_mins(10), 5_000);

/// A worker that can be told to stop.
pub(crate) struct IntakeWorker {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl IntakeWorker {
    pub(crate) fn start(surface: Data<Surface>) -> Self {
        let (stop, mut stopped) = watch::channel(false);
        let task = tokio::spawn(async move {
            let mut forgotten_at = Instant::now();
            while !*stopped.borrow() {
                let rest = match batch(&surface, &mut forgotten_at).await {
                    Ok(0) => REST,
                    Ok(_) => Duration::ZERO,
                    Err(error) => {
                        tracing::warn!(%error, "deliveries to courses have to wait");
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

async fn batch(surface: &Surface, forgotten_at: &mut Instant) -> Result<usize, StorageError> {
    let worked = surface.teaching.process_deliveries(BATCH).await?;
    for it in &worked {
        surface.metrics.intake.worked(&it.intake, it.took);
    }
    let (every, most) = FORGET;
    if forgotten_at.elapsed() > every {
        *forgotten_at = Instant::now();
        let forgotten = surface.teaching.forget_deliveries(most).await?;
        tracing::debug!(forgotten, "old deliveries to courses were removed");
    }
    Ok(worked.len())
}
