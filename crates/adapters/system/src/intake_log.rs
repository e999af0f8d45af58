//! Deliveries become durable together: group commit.
//!
//! A writer takes what has gathered while the one before it was at the disk,
//! and commits it as one unit of work; nobody waits for company. Whoever left a
//! delivery is answered when it is durable. What waits is bounded, in
//! deliveries and in bytes; whoever does not get a place within a moment is
//! turned away, and sends it again.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use lodge_intake::Intake;
use lodge_storage::{IntakeLog, Kept, Storage, StorageError};
use tokio::{
    sync::{
        Mutex, OwnedSemaphorePermit, Semaphore,
        mpsc::{Receiver, Sender, channel},
        oneshot,
    },
    task::JoinHandle,
    time::timeout,
};

/// How many deliveries may wait for a writer.
const QUEUE: usize = 1_024;
/// How many bytes may be on their way, in KiB.
const BYTES: u32 = 64 * 1_024;
/// How many deliveries become durable at once.
const BATCH: usize = 128;
/// How many batches are on their way to the database at once: while one waits
/// for the disk, the next is sent.
const WRITERS: usize = 2;
/// How long a delivery waits for a place. Hosts wait for ten seconds in all.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long a clean stop waits for what is left.
const LAST_PATIENCE: Duration = Duration::from_secs(10);

/// One delivery, and who waits for it.
struct Waiting {
    delivery: (Intake, String),
    answer: oneshot::Sender<Result<Kept, StorageError>>,
    room: OwnedSemaphorePermit,
}

/// Where deliveries are left.
#[derive(Clone)]
pub struct BatchingIntake {
    queue: Sender<Waiting>,
    room: Arc<Semaphore>,
}

/// The tasks that write.
pub struct IntakeWriter {
    stop: Arc<Semaphore>,
    tasks: Vec<JoinHandle<()>>,
}

impl BatchingIntake {
    /// Starts to write to `storage`, on the runtime that this is called on.
    pub fn start(storage: &Arc<dyn Storage>) -> (Self, IntakeWriter) {
        let (queue, waiting) = channel(QUEUE);
        let waiting = Arc::new(Mutex::new(waiting));
        let stop = Arc::new(Semaphore::new(0));
        let tasks = (0..WRITERS).map(|_| {
            let writer = Writer { storage: Arc::clone(storage), waiting: Arc::clone(&waiting) };
            tokio::spawn(writer.run(Arc::clone(&stop)))
        });
        let tasks = tasks.collect();
        let room = Arc::new(Semaphore::new(usize::try_from(BYTES).unwrap_or(usize::MAX)));
        (Self { queue, room }, IntakeWriter { stop, tasks })
    }
}

fn away(why: &'static str) -> StorageError {
    StorageError::Unavailable(why.into())
}

#[async_trait]
impl IntakeLog for BatchingIntake {
    async fn keep(&self, intake: Intake, parcel: String) -> Result<Kept, StorageError> {
        let kib = u32::try_from(parcel.len() / 1_024 + 1).unwrap_or(BYTES).min(BYTES);
        let room = Arc::clone(&self.room).acquire_many_owned(kib);
        let room = timeout(PATIENCE, room).await;
        let room = room.map_err(|_late| away("too many deliveries wait to be written"))?;
        let room = room.map_err(|_closed| away("the server stops"))?;
        let (answer, answered) = oneshot::channel();
        let waiting = Waiting { delivery: (intake, parcel), answer, room };
        let sent = self.queue.send_timeout(waiting, PATIENCE).await;
        sent.map_err(|_full_or_closed| away("too many deliveries wait to be written"))?;
        // Whoever drops it has not written it.
        answered.await.unwrap_or_else(|_dropped| Err(away("the server stops")))
    }
}

impl IntakeWriter {
    /// Takes no more, and waits until what was left is written.
    pub async fn finish(self) {
        self.stop.add_permits(WRITERS);
        for task in self.tasks {
            match timeout(LAST_PATIENCE, task).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::error!(%error, "a writer of deliveries failed"),
                // Nobody was told that they are kept: their hosts send them again.
                Err(_elapsed) => tracing::warn!("the last deliveries could not be written"),
            }
        }
    }
}

struct Writer {
    storage: Arc<dyn Storage>,
    waiting: Arc<Mutex<Receiver<Waiting>>>,
}

impl Writer {
    async fn run(self, stop: Arc<Semaphore>) {
        let mut batch = Vec::with_capacity(BATCH);
        loop {
            let taken = {
                let mut waiting = self.waiting.lock().await;
                tokio::select! {
                    taken = waiting.recv_many(&mut batch, BATCH) => taken,
                    _ = stop.acquire(), if !waiting.is_closed() => {
                        waiting.close();
                        continue;
                    }
                }
            };
            if taken == 0 {
                return;
            }
            self.write(std::mem::take(&mut batch)).await;
        }
    }

    async fn write(&self, batch: Vec<Waiting>) {
        // Their room is given back when they are answered.
        let (mut deliveries, mut answers, mut rooms) = (Vec::new(), Vec::new(), Vec::new());
        for it in batch {
            deliveries.push(it.delivery);
            answers.push(it.answer);
            rooms.push(it.room);
        }
        // Who does not wait any more has gone: it is kept all the same.
        match self.keep(&deliveries).await {
            Ok(kept) => {
                for (answer, kept) in answers.into_iter().zip(kept) {
                    let _ = answer.send(Ok(kept));
                }
            }
            Err(StorageError::Unavailable(error)) => {
                tracing::warn!(%error, batch.len = deliveries.len(), "deliveries cannot be kept");
                for answer in answers {
                    let _ = answer.send(Err(away("the database does not answer")));
                }
            }
            // One bad one must not turn the others away.
            Err(error) => {
                tracing::warn!(%error, batch.len = deliveries.len(), "deliveries are kept singly");
                for (delivery, answer) in deliveries.into_iter().zip(answers) {
                    let kept = self.keep(&[delivery]).await;
                    let first = |it: Vec<Kept>| it.first().copied();
                    let _ =
                        answer.send(kept.and_then(|it| first(it).ok_or_else(|| away("no answer"))));
                }
            }
        }
        drop(rooms);
    }

    async fn keep(&self, deliveries: &[(Intake, String)]) -> Result<Vec<Kept>, StorageError> {
        let mut work = self.storage.begin().await?;
        let kept = work.intake().receive(deliveries).await?;
        work.commit().await?;
        Ok(kept)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

    use lodge_storage::{Connections, StoreState, UnitOfWork};
    use lodge_testkit::{
        MemoryStorage,
        builders::{an_intake, intake_id, tenant_id},
    };
    use tokio::time::Instant;

    use super::*;

    /// A storage that counts units of work, lets as many through as it is told,
    /// and fails a few times.
    struct WatchedStorage {
        inner: MemoryStorage,
        begun: AtomicUsize,
        failures: AtomicU32,
        failure: fn() -> StorageError,
        open: Semaphore,
    }

    #[async_trait]
    impl Storage for WatchedStorage {
        async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StorageError> {
            self.begun.fetch_add(1, Ordering::SeqCst);
            let turn = self.open.acquire().await;
            turn.map_err(|it| StorageError::Unavailable(it.into()))?.forget();
            let fewer = |left: u32| left.checked_sub(1);
            if self.failures.fetch_update(Ordering::SeqCst, Ordering::SeqCst, fewer).is_ok() {
                return Err((self.failure)());
            }
            self.inner.begin().await
        }

        async fn read(&self) -> Result<Box<dyn UnitOfWork>, StorageError> {
            self.inner.read().await
        }

        async fn access_version(&self) -> Result<u64, StorageError> {
            self.inner.access_version().await
        }

        async fn migrate(&self) -> Result<Vec<String>, StorageError> {
            self.inner.migrate().await
        }

        async fn state(&self) -> Result<StoreState, StorageError> {
            self.inner.state().await
        }

        fn connections(&self) -> Connections {
            self.inner.connections()
        }
    }

    fn a_storage(
        turns: usize,
        failures: u32,
        failure: fn() -> StorageError,
    ) -> Arc<WatchedStorage> {
        Arc::new(WatchedStorage {
            inner: MemoryStorage::default(),
            begun: AtomicUsize::default(),
            failures: AtomicU32::new(failures),
            failure,
            open: Semaphore::new(turns),
        })
    }

    fn start(storage: &Arc<WatchedStorage>) -> (BatchingIntake, IntakeWriter) {
        let storage: Arc<dyn Storage> = storage.clone();
        BatchingIntake::start(&storage)
    }

    fn unavailable() -> StorageError {
        StorageError::Unavailable("made to fail".into())
    }

    async fn received(storage: &WatchedStorage) -> u64 {
        let mut work = storage.inner.read().await.unwrap();
        work.intake().tally(Some(tenant_id(1))).await.unwrap().received
    }

    fn leave(log: &BatchingIntake, n: u32) -> JoinHandle<Result<Kept, StorageError>> {
        let log = log.clone();
        tokio::spawn(async move { log.keep(an_intake(n), "sealed".to_owned()).await })
    }

    #[tokio::test(start_paused = true)]
    async fn what_gathers_while_the_disk_is_busy_becomes_durable_together() {
        let storage = a_storage(0, 0, unavailable);
        let (log, writer) = start(&storage);
        let left: Vec<_> = (1..=100).map(|n| leave(&log, n)).collect();
        tokio::time::sleep(Duration::from_millis(1)).await;
        assert_eq!(received(&storage).await, 0, "nobody is answered before it is durable");
        assert!(left.iter().all(|it| !it.is_finished()));
        storage.open.add_permits(9);
        for it in left {
            assert_eq!(it.await.unwrap().unwrap(), Kept::New);
        }
        assert_eq!(received(&storage).await, 100);
        assert!(storage.begun.load(Ordering::SeqCst) <= 3, "they went one by one");
        writer.finish().await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_repetition_is_told_the_first_id() {
        let storage = a_storage(9, 0, unavailable);
        let (log, writer) = start(&storage);
        assert_eq!(log.keep(an_intake(1), String::new()).await.unwrap(), Kept::New);
        let again = Intake { id: intake_id(2), ..an_intake(1) };
        let kept = log.keep(again, String::new()).await.unwrap();
        assert_eq!(kept, Kept::Repeated(intake_id(1)));
        writer.finish().await;
    }

    #[tokio::test(start_paused = true)]
    async fn while_the_database_is_away_everybody_is_told_at_once_and_later_all_is_well() {
        let storage = a_storage(99, 2, unavailable);
        let (log, writer) = start(&storage);
        let left: Vec<_> = (1..=50).map(|n| leave(&log, n)).collect();
        let (mut told, mut kept) = (0, 0);
        for it in left {
            match it.await.unwrap() {
                Err(StorageError::Unavailable(_)) => told += 1,
                Ok(Kept::New) => kept += 1,
                other => panic!("{other:?}"),
            }
        }
        assert!(told > 0, "nobody was told");
        assert_eq!(received(&storage).await, kept, "who was told has to send again");
        // What was left may have gone together, and met the first failure alone.
        let mut last = log.keep(an_intake(51), String::new()).await;
        if matches!(last, Err(StorageError::Unavailable(_))) {
            last = log.keep(an_intake(51), String::new()).await;
        }
        assert_eq!(last.unwrap(), Kept::New);
        writer.finish().await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_bad_one_does_not_turn_the_others_away() {
        let storage = a_storage(0, 1, || StorageError::Other("one of them is bad".into()));
        let (log, writer) = start(&storage);
        let left: Vec<_> = (1..=10).map(|n| leave(&log, n)).collect();
        tokio::time::sleep(Duration::from_millis(1)).await;
        storage.open.add_permits(99);
        for it in left {
            assert_eq!(it.await.unwrap().unwrap(), Kept::New);
        }
        writer.finish().await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_clean_stop_writes_what_was_left_and_takes_no_more() {
        let storage = a_storage(0, 0, unavailable);
        let (log, writer) = start(&storage);
        let left: Vec<_> = (1..=300).map(|n| leave(&log, n)).collect();
        tokio::time::sleep(Duration::from_millis(1)).await;
        storage.open.add_permits(99);
        writer.finish().await;
        for it in left {
            assert_eq!(it.await.unwrap().unwrap(), Kept::New);
        }
        let late = log.keep(an_intake(301), String::new()).await;
        assert!(matches!(late, Err(StorageError::Unavailable(_))), "{late:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_finds_no_room_is_turned_away_in_time() {
        let storage = a_storage(0, 0, unavailable);
        let (log, _writer) = start(&storage);
        let large = "x".repeat(7 << 20);
        let left: Vec<_> = (1..=12)
            .map(|n| {
                let (log, large) = (log.clone(), large.clone());
                tokio::spawn(async move { log.keep(an_intake(n), large).await })
            })
            .collect();
        let begun = Instant::now();
        tokio::time::sleep(PATIENCE * 2).await;
        let away = left.iter().filter(|it| it.is_finished()).count();
        assert_eq!(away, 3, "64 MiB take nine of them");
        assert!(begun.elapsed() < Duration::from_secs(10));
    }
}
