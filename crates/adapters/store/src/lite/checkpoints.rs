//! The log is emptied beside the writer.
//!
//! SQLite moves what was written from the log into the file when a commit has
//! made the log long, and that commit waits for two more syncs of the disk: one
//! delivery of a hundred waited ten times as long as the others. A connection of
//! its own does it meanwhile, and hinders neither writer nor readers
//! (<https://sqlite.org/wal.html#ckpt>, `PASSIVE`).

use std::{error::Error, sync::Arc, time::Duration};

use diesel_async::SimpleAsyncConnection as _;
use tokio::{sync::Notify, task::JoinHandle, time::sleep};

use super::{Conn, file};

/// How long what was written gathers.
const GATHER: Duration = Duration::from_millis(250);
/// How long it rests when it could not be done.
const PAUSE: Duration = Duration::from_secs(10);
/// Changes nothing in the log that somebody reads or writes at this moment.
const CHECKPOINT: &str = "PRAGMA wal_checkpoint(PASSIVE);";

/// The task that does it; dropping this ends it.
pub(super) struct Checkpoints {
    asked: Arc<Notify>,
    task: JoinHandle<()>,
}

impl Checkpoints {
    /// Begins to wait until it is [asked](Self::ask). The connection is opened
    /// then.
    pub(super) fn start(url: String, patience: Duration) -> Self {
        let asked = Arc::new(Notify::new());
        let task = tokio::spawn(run(Arc::clone(&asked), url, patience));
        Self { asked, task }
    }

    /// Something is written.
    pub(super) fn ask(&self) {
        self.asked.notify_one();
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn run(asked: Arc<Notify>, url: String, patience: Duration) {
    let mut open = None;
    loop {
        asked.notified().await;
        sleep(GATHER).await;
        // Nothing is lost by a failure: the writer does it when the log is long. It
        // begins again with another connection.
        if let Err(error) = checkpoint(&mut open, &url, patience).await {
            tracing::warn!(%error, "the log of the database could not be emptied");
            open = None;
            sleep(PAUSE).await;
        }
    }
}

async fn checkpoint(
    open: &mut Option<Conn>,
    url: &str,
    patience: Duration,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let conn = match open {
        Some(conn) => conn,
        None => open.insert(file::connect(url, patience, file::READER).await?),
    };
    Ok(conn.batch_execute(CHECKPOINT).await?)
}
