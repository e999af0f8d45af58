//! How the file is made and opened.

use std::{
    fs::{File, OpenOptions},
    path::Path,
    time::{Duration, Instant},
};

use diesel::{ConnectionError, ConnectionResult};
use diesel_async::{AsyncConnection as _, SimpleAsyncConnection as _};
use lodge_storage::StorageError;

use super::Conn;

/// The settings of the connection that writes. A commit waits for the disk. It
/// empties the log by itself only where `checkpoints` cannot keep up, at 16 MiB.
pub(super) const WRITER: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
    PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 4096;";
/// The settings of a connection that reads.
pub(super) const READER: &str = "PRAGMA query_only = ON;";

/// Makes the file if it is not there, for its owner only; answers its URL.
/// SQLite gives the files beside it the same permissions.
pub(super) fn prepare(path: &Path) -> Result<String, StorageError> {
    let broken = |error: std::io::Error| StorageError::Unavailable(error.into());
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).map_err(broken)?;
    close_to_others(&file).map_err(broken)?;
    // An absolute path cannot be mistaken for a URL with a scheme.
    let path = std::path::absolute(path).map_err(broken)?;
    let text = path.to_str().map(ToOwned::to_owned);
    text.ok_or_else(|| StorageError::Unavailable("the path is not Unicode".into()))
}

/// A file from elsewhere may be open to others: it holds secrets' digests.
#[cfg(unix)]
fn close_to_others(file: &File) -> std::io::Result<()> {
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))
}

/// Elsewhere the folder's permissions decide.
#[cfg(not(unix))]
fn close_to_others(_file: &File) -> std::io::Result<()> {
    Ok(())
}

/// Opens a connection with these settings.
pub(super) async fn connect(
    url: &str,
    patience: Duration,
    settings: &str,
) -> ConnectionResult<Conn> {
    let mut conn = Conn::establish(url).await?;
    let wait = format!("PRAGMA busy_timeout = {};", patience.as_millis());
    conn.batch_execute(&wait).await.map_err(ConnectionError::CouldntSetupConfiguration)?;
    // Turning on WAL does not wait for another process that does the same.
    let until = Instant::now() + patience;
    loop {
        match conn.batch_execute(settings).await {
            Ok(()) => return Ok(conn),
            Err(diesel::result::Error::DatabaseError(_, told))
                if told.message() == "database is locked" && Instant::now() < until =>
            {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            Err(error) => return Err(ConnectionError::CouldntSetupConfiguration(error)),
        }
    }
}
