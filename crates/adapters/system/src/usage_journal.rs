//! The journal of reads: a bounded queue, written in batches.
//!
//! Rows leave the path of a request at once. The writer takes what has
//! gathered, up to 2,000 rows, at most 200 ms after the first, and tries
//! again while the database does not answer. When the queue is full, requests
//! wait: no read goes unrecorded. A clean stop writes everything first.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use lodge_access::UsageRow;
use lodge_storage::{Storage, StorageError, UsageJournal};
use tokio::{
    sync::{
        mpsc::{Receiver, Sender, channel},
        oneshot,
    },
    task::JoinHandle,
    time::sleep,
};

/// How many rows may wait.
const QUEUE: usize = 65_536;
/// How many rows are written at once.
const BATCH: usize = 2_000;
/// How long a row waits for company.
const PAUSE: Duration = Duration::from_millis(200);
/// How long to wait before a batch is tried again.
const RETRY: Duration = Duration::from_millis(500);

/// Where requests leave their rows.
#[derive(Clone)]
pub struct BatchingJournal(Sender<UsageRow>);

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
        let task = tokio::spawn(write(storage, receiver, stopped));
        (Self(sender), JournalWriter { stop, task })
    }

    /// How many rows wait to be written.
    pub fn waiting(&self) -> usize {
        self.0.max_capacity() - self.0.capacity()
    }
}

#[async_trait]
impl UsageJournal for BatchingJournal {
    async fn record(&self, row: UsageRow) {
        // The receiver lives as long as a sender does.
        if self.0.send(row).await.is_err() {
            tracing::error!("the journal's writer is gone");
        }
    }
}

impl JournalWriter {
    /// Takes no more rows, and waits until those that came are written.
    pub async fn finish(self) {
        // An error says that the task has ended, which the next line notices.
        let _ = self.stop.send(());
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the journal's writer failed");
        }
    }
}

async fn write(
    storage: Arc<dyn Storage>,
    mut rows: Receiver<UsageRow>,
    mut stopped: oneshot::Receiver<()>,
) {
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
        while let Err(error) = append(&*storage, &batch).await {
            tracing::warn!(%error, rows = batch.len(), "the journal cannot be written; trying again");
            sleep(RETRY).await;
        }
        batch.clear();
    }
}

async fn append(storage: &dyn Storage, batch: &[UsageRow]) -> Result<(), StorageError> {
    let mut work = storage.begin().await?;
    work.usage().append(batch).await?;
    work.commit().await
}
