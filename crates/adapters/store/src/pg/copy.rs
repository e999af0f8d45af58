//! One state of the database, held while another program copies it.

use std::collections::BTreeMap;

use diesel::{QueryableByName, sql_query, sql_types::Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _, SimpleAsyncConnection as _};
use lodge_storage::StorageError;

use super::{PostgresStorage, shared};
use crate::error::about;

const ENTITY: &str = "snapshot";

#[derive(QueryableByName)]
struct Told {
    #[diesel(sql_type = Text)]
    snapshot: String,
    #[diesel(sql_type = Text)]
    schema: String,
}

/// One state of the database. It can be copied until this is dropped.
pub struct PostgresSnapshot {
    /// What `pg_dump --snapshot` wants.
    pub id: String,
    /// The schema with the tables.
    pub schema: String,
    /// How many rows each table has.
    pub rows: BTreeMap<String, u64>,
    /// The snapshot lives as long as its transaction.
    _conn: AsyncPgConnection,
}

impl PostgresStorage {
    /// Holds the present state.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    pub async fn snapshot(&self) -> Result<PostgresSnapshot, StorageError> {
        let conn = self.connector.connect_without_limits().await;
        let mut conn = conn.map_err(|error| StorageError::Unavailable(error.into()))?;
        conn.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            .await
            .map_err(about(ENTITY))?;
        let ask = sql_query(
            "SELECT pg_export_snapshot() AS snapshot, CAST(current_schema() AS text) AS schema",
        );
        let told: Told = ask.get_result(&mut conn).await.map_err(about(ENTITY))?;
        let rows = shared::count_rows(&mut conn).await?;
        Ok(PostgresSnapshot { id: told.snapshot, schema: told.schema, rows, _conn: conn })
    }

    /// How many rows each table has, however long it takes to count them.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    pub async fn count_rows(&self) -> Result<BTreeMap<String, u64>, StorageError> {
        let conn = self.connector.connect_without_limits().await;
        let mut conn = conn.map_err(|error| StorageError::Unavailable(error.into()))?;
        shared::count_rows(&mut conn).await
    }
}
