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
/// How long a worker rests that has kept up: what comes meanwhile is worked on
/// together, and leaves the disk to those who wait for an answer.
const GATHER: Duration = Duration::from_millis(50);
/// How long a worker that cannot reach the database rests.
const PAUSE: Duration = Duration::from_secs(2);
/// How long a batch may take to end when the server stops.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often what has ended long ago is looked for.
const FORGET_EVERY: Duration = Duration::from_mins(10);
/// How much of it goes at once.
const FORGET: usize = 5_000;

/// A worker that can be told to stop.
pub(crate) struct IntakeWorker {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl IntakeWorker {
    pub(crate) fn start(surface: Data<Surface>) -> Self {
        let (stop, mut stopped) = watch::channel(false);
        let task = tokio::spawn(async move {
            let mut sweeps = Sweeps::default();
            while !*stopped.borrow() {
                let rest = match batch(&surface, &mut sweeps).await {
                    Ok(Left::More) => Duration::ZERO,
                    Ok(Left::Little) => GATHER,
                    Ok(Left::Nothing) => REST,
                    Err(error) => {
                        tracing::warn!(%error, "deliveries to courses have to wait");
                        PAUSE
                    }
                };
                // The rest ends early when the server stops.
                if let Ok(Err(_nobody_can_stop_it)) = timeout(rest, stopped.changed()).await {
                    return;
                }
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

/// When what has ended long ago is looked for: at the start, and then again
/// whenever there may be more, or some time has gone by.
#[derive(Default)]
struct Sweeps {
    ended: Option<Instant>,
}

impl Sweeps {
    fn are_due(&self, now: Instant) -> bool {
        self.ended.is_none_or(|it| now.duration_since(it) >= FORGET_EVERY)
    }

    /// A sweep has found so many. Where it was all that it may take, there may be
    /// more.
    fn found(&mut self, forgotten: u64, now: Instant) {
        let is_all = usize::try_from(forgotten).is_ok_and(|it| it < FORGET);
        self.ended = is_all.then_some(now);
    }
}

/// What there may be to do at once.
enum Left {
    More,
    /// All that there was is done, and more may come.
    Little,
    Nothing,
}

/// Works on what is due, and takes one sweep if that is.
async fn batch(surface: &Surface, sweeps: &mut Sweeps) -> Result<Left, StorageError> {
    let worked = surface.teaching.process_deliveries(BATCH).await?;
    for it in &worked {
        surface.metrics.intake.worked(&it.intake, it.took);
    }
    let left = match worked.len() {
        0 => Left::Nothing,
        1..BATCH => Left::Little,
        _ => Left::More,
    };
    let now = Instant::now();
    if !sweeps.are_due(now) {
        return Ok(left);
    }
    let forgotten = surface.teaching.forget_deliveries(FORGET).await?;
    tracing::debug!(forgotten, "old deliveries to courses were removed");
    sweeps.found(forgotten, now);
    Ok(if sweeps.are_due(now) { Left::More } else { left })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sweeps_begin_at_the_start_and_go_on_until_one_does_not_find_as_much_as_it_may_take() {
        let now = Instant::now();
        let mut sweeps = Sweeps::default();
        assert!(sweeps.are_due(now));
        sweeps.found(5_000, now);
        assert!(sweeps.are_due(now));
        sweeps.found(4_999, now);
        assert!(!sweeps.are_due(now));
        assert!(sweeps.are_due(now + FORGET_EVERY));
    }
}
