//! The journal of reads: a bounded queue, written in batches.
//!
//! Rows leave the path of a request at once. The writer takes what has
//! gathered, up to 2,000 rows, at most 200 ms after the first, and tries
//! again, ever more seldom, while the database does not answer. When the queue
//! is full, requests wait: no read goes unrecorded because the database is
//! slow or away. A database that answers, and refuses, is asked for a minute;
//! then the rows that it refuses are lost, counted and logged, so that one bad
//! row does not hold up every read for ever. A clean stop writes everything
//! first.

use std::{
    error::Error as _,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use lodge_access::UsageRow;
use lodge_storage::{Storage, StorageError, UsageJournal};
use tokio::{
    sync::{
        mpsc::{Receiver, Sender, channel},
        oneshot,
    },
    task::JoinHandle,
    time::{sleep, timeout},
};

/// How many rows may wait.
const QUEUE: usize = 65_536;
/// How many rows are written at once.
const BATCH: usize = 2_000;
/// How long a row waits for company.
const PAUSE: Duration = Duration::from_millis(200);
/// How long a clean stop waits for the database to take what is left.
const LAST_PATIENCE: Duration = Duration::from_secs(20);
/// How long to wait before a batch is tried again for the first time; twice as
/// long before each further time.
const RETRY: Duration = Duration::from_millis(500);
/// The longest wait between two attempts.
const LONGEST_RETRY: Duration = Duration::from_secs(30);
/// How often a batch is tried that the database refuses: for about a minute.
const MOST_REFUSALS: u32 = 7;

/// Where requests leave their rows.
#[derive(Clone)]
pub struct BatchingJournal {
    rows: Sender<UsageRow>,
    lost: Arc<AtomicU64>,
}

/// The task that writes.
pub struct JournalWriter {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl BatchingJournal {
    /// Starts to write to `storage`, on the runtime that this is called on.
    pub fn start(storage: Arc<dyn Storage>) -> (Self, JournalWriter) {
        let (sender, receiver) = channel(QUEUE);
        let (stop, stopped) = oneshot::channel();
        let lost = Arc::default();
        let writer = Writer { storage, lost: Arc::clone(&lost) };
        let task = tokio::spawn(writer.run(receiver, stopped));
        (Self { rows: sender, lost }, JournalWriter { stop, task })
    }

    /// How many rows wait to be written.
    pub fn waiting(&self) -> usize {
        self.rows.max_capacity() - self.rows.capacity()
    }

    /// How many rows the database refused for good.
    pub fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }
}

#[async_trait]
impl UsageJournal for BatchingJournal {
    async fn record(&self, row: UsageRow) {
        // The receiver lives as long as a sender does.
        if self.rows.send(row).await.is_err() {
            tracing::error!("the journal's writer is gone");
        }
    }
}

impl JournalWriter {
    /// Takes no more rows, and waits until those that came are written.
    pub async fn finish(self) {
        // An error says that the task has ended, which the next line notices.
        let _ = self.stop.send(());
        match timeout(LAST_PATIENCE, self.task).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "the journal's writer failed"),
            Err(_elapsed) => tracing::error!(
                "the database did not take the journal's last rows in time: they are lost"
            ),
        }
    }
}

/// Where rows are written, and how many could not be.
struct Writer {
    storage: Arc<dyn Storage>,
    lost: Arc<AtomicU64>,
}

impl Writer {
    async fn run(self, mut rows: Receiver<UsageRow>, mut stopped: oneshot::Receiver<()>) {
        let mut batch = Vec::with_capacity(BATCH);
        loop {
            let received = tokio::select! {
                received = rows.recv_many(&mut batch, BATCH) => received,
                // Without its other end, too, nobody will send any more.
                _ = &mut stopped, if !rows.is_closed() => {
                    rows.close();
                    continue;
                }
            };
            if received == 0 {
                return;
            }
            if batch.len() < BATCH && !rows.is_closed() {
                tokio::select! {
                    () = sleep(PAUSE) => {}
                    _ = &mut stopped => rows.close(),
                }
                while batch.len() < BATCH {
                    match rows.try_recv() {
                        Ok(row) => batch.push(row),
                        Err(_empty) => break,
                    }
                }
            }
            self.write(&batch).await;
            batch.clear();
        }
    }

    /// Writes a batch, with patience.
    async fn write(&self, batch: &[UsageRow]) {
        let mut refusals = 0;
        let mut wait = RETRY;
        while let Err(error) = self.append(batch).await {
            refusals += u32::from(is_final(&error));
            if refusals > MOST_REFUSALS {
                return self.salvage(batch, &error).await;
            }
            tracing::warn!(
                %error, rows = batch.len(), retry.delay_ms = wait.as_millis(),
                "the journal cannot be written; trying again"
            );
            sleep(wait).await;
            wait = wait.saturating_mul(2).min(LONGEST_RETRY);
        }
    }

    /// Writes what the database takes of a batch that it refuses as a whole.
    async fn salvage(&self, batch: &[UsageRow], refusal: &StorageError) {
        let before = self.lost.load(Ordering::Relaxed);
        let mut parts = vec![batch];
        while let Some(part) = parts.pop() {
            match self.append(part).await {
                Ok(()) => {}
                Err(error) if !is_final(&error) => {
                    parts.push(part);
                    sleep(RETRY).await;
                }
                Err(_) if part.len() > 1 => {
                    let (first, second) = part.split_at(part.len() / 2);
                    parts.extend([second, first]);
                }
                Err(_) => {
                    self.lost.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
        let rows = self.lost.load(Ordering::Relaxed) - before;
        tracing::error!(
            error = %refusal, cause = refusal.source().map(tracing::field::display), rows,
            "the database refuses rows of the journal: they are lost"
        );
    }

    async fn append(&self, batch: &[UsageRow]) -> Result<(), StorageError> {
        let mut work = self.storage.begin().await?;
        work.usage().append(batch).await?;
        work.commit().await
    }
}

/// The same rows will be refused again, as far as the database tells.
const fn is_final(error: &StorageError) -> bool {
    !matches!(error, StorageError::Unavailable(_) | StorageError::Conflict(_))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use lodge_storage::{Connections, StoreState, UnitOfWork};
    use lodge_testkit::{
        MemoryStorage,
        builders::{a_usage_row, move_in, tenant_id},
    };
    use tokio::{
        sync::Semaphore,
        time::{Instant, timeout},
    };

    use super::*;

    /// A storage that fails a few times, and that can be held up.
    struct SlowStorage {
        inner: MemoryStorage,
        failures: AtomicU32,
        failure: fn() -> StorageError,
        open: Semaphore,
    }

    #[async_trait]
    impl Storage for SlowStorage {
        async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StorageError> {
            let _turn =
                self.open.acquire().await.map_err(|it| StorageError::Unavailable(it.into()))?;
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

    /// Where the owner of every row has moved in; it fails `failures` times.
    async fn a_storage(failures: u32, turns: usize) -> Arc<SlowStorage> {
        let inner = MemoryStorage::default();
        move_in(&inner).await.unwrap();
        let failures = AtomicU32::new(failures);
        let failure = || StorageError::Unavailable("made to fail".into());
        Arc::new(SlowStorage { inner, failures, failure, open: Semaphore::new(turns) })
    }

    async fn written(storage: &SlowStorage) -> u64 {
        storage.inner.read().await.unwrap().usage().count(tenant_id(1)).await.unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn rows_arrive_in_the_database_by_themselves() {
        let storage = a_storage(0, 1).await;
        let (journal, writer) = BatchingJournal::start(storage.clone());
        for n in 1..=3 {
            journal.record(a_usage_row(n)).await;
        }
        assert_eq!(journal.waiting(), 3);
        sleep(PAUSE * 2).await;
        assert_eq!((written(&storage).await, journal.waiting()), (3, 0));
        let mut work = storage.inner.read().await.unwrap();
        let newest = work.usage().newest(tenant_id(1), None, 1).await.unwrap();
        assert_eq!(newest, [a_usage_row(3)]);
        writer.finish().await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_clean_stop_writes_everything_that_came() {
        let storage = a_storage(0, 1).await;
        let (journal, writer) = BatchingJournal::start(storage.clone());
        for n in 1..=5_000 {
            journal.record(a_usage_row(n)).await;
        }
        // Without being held up by a sender that is still there.
        writer.finish().await;
        assert_eq!(written(&storage).await, 5_000);
        drop(journal);
    }

    #[tokio::test(start_paused = true)]
    async fn a_stop_with_nothing_to_write_is_a_stop() {
        let storage = a_storage(0, 1).await;
        let (journal, writer) = BatchingJournal::start(storage.clone());
        timeout(PAUSE * 2, writer.finish()).await.unwrap();
        drop(journal);
        assert_eq!(written(&storage).await, 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_database_that_fails_twice_loses_nothing_and_doubles_nothing() {
        let storage = a_storage(2, 1).await;
        let begun = Instant::now();
        let (journal, writer) = BatchingJournal::start(storage.clone());
        for n in 1..=10 {
            journal.record(a_usage_row(n)).await;
        }
        writer.finish().await;
        assert_eq!(written(&storage).await, 10);
        assert!(begun.elapsed() >= RETRY * 2, "it did not wait between the attempts");
    }

    #[tokio::test(start_paused = true)]
    async fn a_full_queue_makes_a_request_wait_rather_than_drop_its_row() {
        let storage = a_storage(0, 0).await;
        let (journal, writer) = BatchingJournal::start(storage.clone());
        let mut n = 0;
        let last = loop {
            n += 1;
            let sent = timeout(RETRY, journal.record(a_usage_row(n))).await;
            if sent.is_err() {
                break n;
            }
        };
        // The queue, and the batch that the writer holds.
        assert_eq!(usize::try_from(last).unwrap(), QUEUE + BATCH + 1);
        assert_eq!(journal.waiting(), QUEUE);

        let late = journal.clone();
        let request = tokio::spawn(async move { late.record(a_usage_row(last)).await });
        sleep(RETRY).await;
        assert!(!request.is_finished(), "a row was taken that there was no room for");
        storage.open.add_permits(1);
        request.await.unwrap();
        writer.finish().await;
        assert_eq!(written(&storage).await, u64::from(last));
    }

    #[tokio::test(start_paused = true)]
    async fn a_database_that_is_away_for_an_hour_gets_every_row_in_the_end() {
        let storage = a_storage(125, 1).await;
        let begun = Instant::now();
        let (journal, writer) = BatchingJournal::start(storage.clone());
        journal.record(a_usage_row(1)).await;
        while written(&storage).await == 0 {
            sleep(LONGEST_RETRY).await;
        }
        assert!(begun.elapsed() > Duration::from_hours(1), "{:?}", begun.elapsed());
        assert_eq!((written(&storage).await, journal.lost()), (1, 0));
        writer.finish().await;
    }

    /// A storage that refuses `failures` times, as if rows were bad.
    async fn a_storage_that_refuses(failures: u32) -> Arc<SlowStorage> {
        let storage = Arc::into_inner(a_storage(failures, 1).await).unwrap();
        let failure = || StorageError::Other("made to refuse".into());
        Arc::new(SlowStorage { failure, ..storage })
    }

    #[tokio::test(start_paused = true)]
    async fn a_row_that_the_database_refuses_is_lost_alone_and_counted() {
        // Eight times all four, then all four, the first two, and the first.
        let storage = a_storage_that_refuses(MOST_REFUSALS + 1 + 3).await;
        let (journal, writer) = BatchingJournal::start(storage.clone());
        for n in 1..=4 {
            journal.record(a_usage_row(n)).await;
        }
        sleep(Duration::from_mins(5)).await;
        assert_eq!((written(&storage).await, journal.lost(), journal.waiting()), (3, 1, 0));
        journal.record(a_usage_row(5)).await;
        writer.finish().await;
        assert_eq!((written(&storage).await, journal.lost()), (4, 1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_database_that_refuses_for_half_a_minute_loses_nothing() {
        let storage = a_storage_that_refuses(MOST_REFUSALS - 1).await;
        let begun = Instant::now();
        let (journal, writer) = BatchingJournal::start(storage.clone());
        journal.record(a_usage_row(1)).await;
        while written(&storage).await == 0 {
            sleep(RETRY).await;
        }
        assert!(begun.elapsed() > Duration::from_secs(30), "{:?}", begun.elapsed());
        assert_eq!(journal.lost(), 0);
        writer.finish().await;
    }
}
