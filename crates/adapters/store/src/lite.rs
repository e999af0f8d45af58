//! Storage in one file: the embedded SQLite.
//!
//! One connection writes and several read (WAL). A unit of work that may
//! change things takes the write lock at its beginning, so that it never finds
//! out later that another was faster; the others wait. A commit is on the disk
//! when it returns (`synchronous=FULL`); what it wrote is moved from the log
//! into the file beside it (`checkpoints`).

use std::{path::PathBuf, time::Duration};

use async_trait::async_trait;
use diesel::SqliteConnection;
use diesel_async::{
    pooled_connection::{
        AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod, deadpool::Pool,
    },
    sync_connection_wrapper::SyncConnectionWrapper,
};
use lodge_storage::{Connections, Storage, StorageError, StoreState, UnitOfWork};

/// Adds many rows at once; what is there already is left out. One trip to the
/// connection's thread, one prepared statement.
macro_rules! insert_all {
    ($conn:expr, $table:expr, $rows:expr) => {{
        let rows = $rows;
        $conn
            .spawn_blocking(move |conn| {
                for row in rows {
                    let insert = diesel::insert_into($table).values(row).on_conflict_do_nothing();
                    diesel::RunQueryDsl::execute(insert, conn)?;
                }
                Ok(())
            })
            .await
    }};
}

mod checkpoints;
mod copy;
mod facts;
mod file;
mod intake;
mod jobs;
mod journal;
mod key;
mod migrations;
#[path = "shared/mod.rs"]
mod shared;
mod thread;

use checkpoints::Checkpoints;
use facts::{keep_actors, keep_facts};
use intake::{keep, keep_parcels};
use jobs::{keep_ended, keep_told};
use journal::append;
use shared::{Held, Unit, ask_pool};
use thread::OwnThread;

const ABOUT: &str = "SELECT 'SQLite ' || sqlite_version() AS product, \
                     CAST(unixepoch('subsec') * 1000000 AS INTEGER) AS now";
const HAS_STEPS: &str =
    "SELECT count(*) AS count FROM sqlite_schema WHERE name = '__diesel_schema_migrations'";
const TABLES: &str = "SELECT name FROM sqlite_schema WHERE type = 'table' \
                      AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
/// There is one writer: nobody else claims at this moment.
const SKIP_LOCKED: &str = "";
/// There is one writer: it holds every row.
const HOLD: &str = "";

type Conn = SyncConnectionWrapper<SqliteConnection, OwnThread>;
type Db = diesel::sqlite::Sqlite;
type Id = diesel::sql_types::Binary;

/// Where the file is and how it is used.
#[derive(Clone, Debug)]
pub struct EmbeddedConfig {
    /// The file. It is made when it is not there; its folder is not.
    pub path: PathBuf,
    /// The most connections that read at a time.
    pub readers: usize,
    /// How long a unit of work waits for its turn.
    pub patience: Duration,
}

impl EmbeddedConfig {
    /// The file at `path`, with defaults for the rest.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), readers: 4, patience: Duration::from_secs(5) }
    }
}

/// A database in one file.
pub struct EmbeddedStorage {
    writer: Pool<Conn>,
    readers: Pool<Conn>,
    /// `None` where nothing is written.
    checkpoints: Option<Checkpoints>,
}

impl EmbeddedStorage {
    /// Opens the file, or makes it. Only its owner may read it.
    ///
    /// # Errors
    ///
    /// [`StorageError::Unavailable`] when the file cannot be opened or is no
    /// database.
    pub async fn open(config: EmbeddedConfig) -> Result<Self, StorageError> {
        let url = file::prepare(&config.path)?;
        let writer = pool(&url, &config, 1, file::WRITER)?;
        let readers = pool(&url, &config, config.readers, file::READER)?;
        drop(ask_pool(&writer).await?);
        let checkpoints = Some(Checkpoints::start(url, config.patience));
        Ok(Self { writer, readers, checkpoints })
    }
}

fn pool(
    url: &str,
    config: &EmbeddedConfig,
    size: usize,
    setting: &'static str,
) -> Result<Pool<Conn>, StorageError> {
    let mut manager = ManagerConfig::default();
    manager.recycling_method = RecyclingMethod::Fast;
    let patience = config.patience;
    manager.custom_setup = Box::new(move |url| {
        let url = url.to_owned();
        Box::pin(async move { file::connect(&url, patience, setting).await })
    });
    Pool::builder(AsyncDieselConnectionManager::new_with_config(url, manager))
        .max_size(size)
        .wait_timeout(Some(config.patience))
        .runtime(deadpool::Runtime::Tokio1)
        .build()
        .map_err(|error| StorageError::Other(error.into()))
}

#[async_trait]
impl Storage for EmbeddedStorage {
    #[tracing::instrument(name = "db.begin", level = "debug", skip_all)]
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StorageError> {
        let held = Held::begin(&self.writer, "BEGIN IMMEDIATE").await?;
        if let Some(checkpoints) = &self.checkpoints {
            checkpoints.ask();
        }
        Ok(Box::new(Unit::new(held)))
    }

    #[tracing::instrument(name = "db.read", level = "debug", skip_all)]
    async fn read(&self) -> Result<Box<dyn UnitOfWork>, StorageError> {
        let held = Held::begin(&self.readers, "BEGIN DEFERRED").await?;
        Ok(Box::new(Unit::new(held)))
    }

    async fn access_version(&self) -> Result<u64, StorageError> {
        shared::access_version(&mut *ask_pool(&self.readers).await?).await
    }

    #[tracing::instrument(name = "db.migrate", skip_all)]
    async fn migrate(&self) -> Result<Vec<String>, StorageError> {
        migrations::run(&mut *ask_pool(&self.writer).await?).await
    }

    async fn state(&self) -> Result<StoreState, StorageError> {
        shared::state(&mut *ask_pool(&self.readers).await?).await
    }

    fn connections(&self) -> Connections {
        let [writer, readers] =
            [&self.writer, &self.readers].map(|it| shared::connections(it.status()));
        Connections {
            open: writer.open + readers.open,
            in_use: writer.in_use + readers.in_use,
            most: writer.most + readers.most,
        }
    }
}
