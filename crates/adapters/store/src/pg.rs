//! Storage on PostgreSQL.
//!
//! A unit of work that may change things is a READ COMMITTED transaction. What
//! the port wants done at most once is one conditional UPDATE, which waits for
//! a rival and then sees what it did; an app or an approval is changed only
//! while it is still the revision that was read. That loses no change, and
//! unlike SERIALIZABLE it never turns away units that have nothing to do with
//! each other. A unit of work that reads is one REPEATABLE READ snapshot.

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use diesel_async::{
    AsyncPgConnection,
    pooled_connection::{
        AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod, deadpool::Pool,
    },
};
use lodge_storage::{Connections, Storage, StorageError, StoreState, UnitOfWork};

/// Adds many rows at once; what is there already is left out.
macro_rules! insert_all {
    ($conn:expr, $table:expr, $rows:expr) => {{
        let mut done = Ok(());
        // A statement has at most 65,535 parameters.
        for rows in $rows.chunks(1_000) {
            let insert = diesel::insert_into($table).values(rows).on_conflict_do_nothing();
            done = insert.execute($conn).await.map(drop);
            if done.is_err() {
                break;
            }
        }
        done
    }};
}

#[macro_use]
mod arrays;

mod address;
mod connect;
mod copy;
mod facts;
mod intake;
mod jobs;
mod journal;
mod key;
mod migrations;
#[path = "shared/mod.rs"]
mod shared;

use connect::Connector;
pub use copy::PostgresSnapshot;
use facts::{keep_actors, keep_facts};
use intake::{keep, keep_parcels};
use jobs::{keep_ended, keep_told};
use journal::append;
use shared::{Held, Unit, ask_pool};

const ABOUT: &str = "SELECT 'PostgreSQL ' || current_setting('server_version') AS product, \
                     CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint) AS now";
const HAS_STEPS: &str = "SELECT count(*) AS count FROM pg_catalog.pg_class \
                         WHERE oid = to_regclass('__diesel_schema_migrations')";
const TABLES: &str = "SELECT CAST(tablename AS text) AS name FROM pg_catalog.pg_tables \
                      WHERE schemaname = current_schema()";
/// Rows that another claims at this moment are passed over.
const SKIP_LOCKED: &str = "FOR UPDATE SKIP LOCKED";
/// Rows are held until the unit of work ends; references to them are not kept
/// waiting.
const HOLD: &str = "FOR NO KEY UPDATE";

type Conn = AsyncPgConnection;
type Db = diesel::pg::Pg;
type Id = diesel::sql_types::Uuid;

/// Where the database is and how it is used.
#[derive(Clone)]
pub struct PostgresConfig {
    /// `postgresql://…`, as libpq writes it. TLS is used with
    /// `sslmode=require`, and the server's certificate is checked then: against
    /// the certificates (PEM) of `sslrootcert`, else against the public ones.
    pub url: String,
    /// The most connections that are open at a time.
    pub connections: usize,
    /// How long a unit of work waits for a free connection.
    pub patience: Duration,
    /// How long one statement may take.
    pub statement_timeout: Duration,
}

impl PostgresConfig {
    /// The database at `url`, with defaults for the rest.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            connections: 16,
            patience: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(10),
        }
    }
}

impl fmt::Debug for PostgresConfig {
    /// Without the URL, which can have a password in it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresConfig")
            .field("connections", &self.connections)
            .field("patience", &self.patience)
            .field("statement_timeout", &self.statement_timeout)
            .finish_non_exhaustive()
    }
}

/// A database on PostgreSQL.
pub struct PostgresStorage {
    pool: Pool<Conn>,
    connector: Arc<Connector>,
}

impl PostgresStorage {
    /// Opens the database and one connection to it.
    ///
    /// # Errors
    ///
    /// [`StorageError::Unavailable`] when the database does not answer, and
    /// [`StorageError::Other`] for a configuration that cannot be used.
    pub async fn connect(config: PostgresConfig) -> Result<Self, StorageError> {
        let connector = Arc::new(Connector::new(&config)?);
        let mut manager = ManagerConfig::default();
        // A connection that was closed is noticed without a query.
        manager.recycling_method = RecyclingMethod::Fast;
        manager.custom_setup = Box::new({
            let connector = Arc::clone(&connector);
            move |_url| {
                let connector = Arc::clone(&connector);
                Box::pin(async move { connector.connect().await })
            }
        });
        let manager = AsyncDieselConnectionManager::new_with_config("", manager);
        let pool = Pool::builder(manager)
            .max_size(config.connections)
            .wait_timeout(Some(config.patience))
            .create_timeout(Some(config.patience))
            .runtime(deadpool::Runtime::Tokio1)
            .build()
            .map_err(|error| StorageError::Other(error.into()))?;
        drop(ask_pool(&pool).await?);
        Ok(Self { pool, connector })
    }
}

#[async_trait]
impl Storage for PostgresStorage {
    #[tracing::instrument(name = "db.begin", level = "debug", skip_all)]
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StorageError> {
        let held = Held::begin(&self.pool, "BEGIN ISOLATION LEVEL READ COMMITTED").await?;
        Ok(Box::new(Unit::new(held)))
    }

    #[tracing::instrument(name = "db.read", level = "debug", skip_all)]
    async fn read(&self) -> Result<Box<dyn UnitOfWork>, StorageError> {
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        Ok(Box::new(Unit::new(Held::begin(&self.pool, begin).await?)))
    }

    async fn access_version(&self) -> Result<u64, StorageError> {
        shared::access_version(&mut *ask_pool(&self.pool).await?).await
    }

    #[tracing::instrument(name = "db.migrate", skip_all)]
    async fn migrate(&self) -> Result<Vec<String>, StorageError> {
        let conn = self.connector.connect_without_limits().await;
        migrations::run(conn.map_err(|error| StorageError::Unavailable(error.into()))?).await
    }

    async fn state(&self) -> Result<StoreState, StorageError> {
        shared::state(&mut *ask_pool(&self.pool).await?).await
    }

    fn connections(&self) -> Connections {
        shared::connections(self.pool.status())
    }
}
