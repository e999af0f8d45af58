//! A schema of its own for each test, in the database that
//! `GITLODGE_TEST_DATABASE_URL` names.

use std::{fmt::Write as _, thread};

use lodge_store::PostgresConfig;
use uuid::Uuid;

const VARIABLE: &str = "GITLODGE_TEST_DATABASE_URL";

/// A schema that is dropped with everything in it.
pub(crate) struct Schema {
    name: String,
    database: String,
}

impl Schema {
    pub(crate) fn create() -> Self {
        let database = std::env::var(VARIABLE).unwrap_or_else(|_unset| {
            panic!(
                "{VARIABLE} is not set: it names a PostgreSQL database in which tests may \
                 create schemas, for example postgresql:///postgres?host=/run/postgresql"
            )
        });
        let name = format!("test_{}", Uuid::new_v7(uuid::Timestamp::now(uuid::NoContext)).simple());
        execute(&database, format!("CREATE SCHEMA {name}"));
        Self { name, database }
    }

    /// The database, seen from this schema.
    pub(crate) fn url(&self) -> String {
        let mut url = self.database.clone();
        url.push(if url.contains('?') { '&' } else { '?' });
        write!(url, "options=-c%20search_path%3D{}", self.name).unwrap();
        url
    }

    pub(crate) fn config(&self) -> PostgresConfig {
        PostgresConfig { connections: 8, ..PostgresConfig::new(self.url()) }
    }

    /// Changes the tables behind the store's back.
    pub(crate) fn execute(&self, statements: String) {
        execute(&self.url(), statements);
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        // Waits for transactions that are still being rolled back.
        execute(&self.database, format!("DROP SCHEMA {} CASCADE", self.name));
    }
}

/// Runs a statement on a thread of its own, because `drop` cannot wait for the
/// runtime that it is on.
fn execute(database: &str, statement: String) {
    let database = database.to_owned();
    let done = thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async move {
            let (client, connection) =
                tokio_postgres::connect(&database, tokio_postgres::NoTls).await?;
            let driver = tokio::spawn(connection);
            client.batch_execute(&statement).await?;
            drop(client);
            driver.await.unwrap()
        })
    });
    done.join().unwrap().unwrap_or_else(|error| panic!("{VARIABLE} cannot be used: {error:?}"));
}
