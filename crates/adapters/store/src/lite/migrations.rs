//! Brings the tables up to date.

use diesel::{
    SqliteConnection,
    migration::{Migration, MigrationSource},
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};
use lodge_storage::{BoxError, StorageError};

use super::{Conn, Db};
use crate::error::about;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../../migrations/embedded");

/// Takes every step that is missing; answers their names. All of it is one
/// transaction, which begins with the write lock.
pub(super) async fn run(conn: &mut Conn) -> Result<Vec<String>, StorageError> {
    let steps = conn.spawn_blocking(|conn| Ok(conn.immediate_transaction(steps)));
    match steps.await.map_err(about("migration"))? {
        Ok(taken) => Ok(taken),
        Err(Failed::Begin(error)) => Err(about("migration")(error)),
        Err(Failed::Step(error)) => Err(StorageError::Other(error)),
    }
}

enum Failed {
    Begin(diesel::result::Error),
    Step(BoxError),
}

impl From<diesel::result::Error> for Failed {
    fn from(error: diesel::result::Error) -> Self {
        Self::Begin(error)
    }
}

fn steps(conn: &mut SqliteConnection) -> Result<Vec<String>, Failed> {
    let missing = conn.pending_migrations(MIGRATIONS).map_err(Failed::Step)?;
    let mut taken = Vec::new();
    for step in missing {
        conn.run_migration(&step).map_err(Failed::Step)?;
        taken.push(Migration::<Db>::name(&step).to_string());
    }
    Ok(taken)
}

/// Every step, oldest first: its version and its name.
pub(super) fn known() -> Result<Vec<(String, String)>, StorageError> {
    let all = MigrationSource::<Db>::migrations(&MIGRATIONS).map_err(StorageError::Other)?;
    let names = all.iter().map(Migration::<Db>::name);
    let mut names: Vec<_> =
        names.map(|it| (it.version().as_owned().to_string(), it.to_string())).collect();
    names.sort();
    Ok(names)
}
