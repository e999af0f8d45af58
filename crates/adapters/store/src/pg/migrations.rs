//! Brings the tables up to date.

use diesel::migration::MigrationSource;
use diesel_async::{AsyncMigrationHarness, AsyncPgConnection, SimpleAsyncConnection as _};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};
use lodge_storage::StorageError;

use super::Db;
use crate::error::about;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../../migrations/postgres");

/// Held by whoever migrates. Any number that nothing else in the database uses:
/// this one is "gitlodge" in ASCII.
const LOCK: &str = "SELECT pg_advisory_lock(7451615067535337317)";

/// Takes every step that is missing; answers their names. The lock ends with
/// the connection.
pub(super) async fn run(mut conn: AsyncPgConnection) -> Result<Vec<String>, StorageError> {
    conn.batch_execute(LOCK).await.map_err(about("migration"))?;
    // The harness blocks, which a thread of the runtime must not.
    let steps = tokio::task::spawn_blocking(move || {
        let mut harness = AsyncMigrationHarness::new(conn);
        let missing = harness.pending_migrations(MIGRATIONS)?;
        let mut taken = Vec::new();
        for step in missing {
            harness.run_migration(&step)?;
            taken.push(diesel::migration::Migration::<Db>::name(&step).to_string());
        }
        Ok(taken)
    });
    let steps = steps.await.map_err(|error| StorageError::Other(error.into()))?;
    steps.map_err(StorageError::Other)
}

/// Every step, oldest first: its version and its name.
pub(super) fn known() -> Result<Vec<(String, String)>, StorageError> {
    let all = MigrationSource::<Db>::migrations(&MIGRATIONS).map_err(StorageError::Other)?;
    let names = all.iter().map(|it| it.name());
    let mut names: Vec<_> =
        names.map(|it| (it.version().as_owned().to_string(), it.to_string())).collect();
    names.sort();
    Ok(names)
}
