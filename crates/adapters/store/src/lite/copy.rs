//! Copies of the file, and a look at one.

use std::{collections::BTreeMap, path::Path};

use diesel::{QueryableByName, sql_query, sql_types::Text};
use diesel_async::RunQueryDsl as _;
use lodge_storage::{Storage as _, StorageError};
use url::Url;

use super::{EmbeddedConfig, EmbeddedStorage, ask_pool, file, pool, shared};
use crate::error::about;

const ENTITY: &str = "copy";

#[derive(QueryableByName)]
struct Fault {
    #[diesel(sql_type = Text)]
    told: String,
}

impl EmbeddedStorage {
    /// Opens a file that is there, to look at it while others may write to it:
    /// it is not made, and neither its permissions nor its settings change.
    /// Units of work only read.
    ///
    /// # Errors
    ///
    /// [`StorageError`] when the file is not there or is no database.
    pub async fn open_existing(config: &EmbeddedConfig) -> Result<Self, StorageError> {
        // Whoever reads the log must be allowed to write beside the file.
        let opened = Self::open_to_read(config, "mode=rw")?;
        opened.state().await?;
        Ok(opened)
    }

    /// Opens a file that nobody writes to, such as a copy, and changes nothing:
    /// neither the file nor what is beside it. Units of work only read.
    ///
    /// # Errors
    ///
    /// [`StorageError::Unavailable`] when the file is not there or is no
    /// database.
    pub async fn open_copy(path: &Path) -> Result<Self, StorageError> {
        let opened = Self::open_to_read(&EmbeddedConfig::new(path), "mode=ro&immutable=1")?;
        drop(ask_pool(&opened.readers).await?);
        Ok(opened)
    }

    fn open_to_read(config: &EmbeddedConfig, how: &str) -> Result<Self, StorageError> {
        let path = std::path::absolute(&config.path);
        let path = path.map_err(|error| StorageError::Unavailable(error.into()))?;
        let url = Url::from_file_path(&path)
            .map_err(|()| StorageError::Unavailable("the path is not one of a file".into()))?;
        // <https://www.sqlite.org/uri.html>
        let url = format!("{url}?{how}");
        let writer = pool(&url, config, 1, file::READER)?;
        let readers = pool(&url, config, config.readers, file::READER)?;
        Ok(Self { writer, readers, checkpoints: None })
    }

    /// Writes a copy, which is one state of the database, to `path`, where
    /// there must be nothing or an empty file. Writers are not delayed. It is on
    /// the disk only after the file was synced.
    ///
    /// # Errors
    ///
    /// [`StorageError`]; what is at `path` is of no use then.
    pub async fn copy_to(&self, path: &Path) -> Result<(), StorageError> {
        let path = path.to_str();
        let path = path.ok_or_else(|| StorageError::Other("the path is not Unicode".into()))?;
        // <https://www.sqlite.org/lang_vacuum.html#vacuuminto>
        let copy = sql_query("VACUUM INTO ?").bind::<Text, _>(path.to_owned());
        let mut conn = ask_pool(&self.readers).await?;
        set_query_only(&mut conn, false).await?;
        let copied = copy.execute(&mut *conn).await.map_err(about(ENTITY));
        set_query_only(&mut conn, true).await?;
        copied.map(drop)
    }

    /// What SQLite finds wrong with the file; nothing when it is whole.
    ///
    /// # Errors
    ///
    /// [`StorageError`] when it cannot even be looked at.
    pub async fn faults(&self) -> Result<Vec<String>, StorageError> {
        let mut conn = ask_pool(&self.readers).await?;
        // It tells the first hundred, unless it is asked for more.
        let whole = sql_query("SELECT integrity_check AS told FROM pragma_integrity_check");
        let told: Vec<Fault> = whole.get_results(&mut *conn).await.map_err(about(ENTITY))?;
        let orphans = sql_query(
            "SELECT \"table\" || ' has a row without its ' || parent AS told \
             FROM pragma_foreign_key_check LIMIT 100",
        );
        let orphans: Vec<Fault> = orphans.get_results(&mut *conn).await.map_err(about(ENTITY))?;
        let told = told.into_iter().chain(orphans).map(|it| it.told);
        Ok(told.filter(|it| it != "ok").collect())
    }

    /// How many rows each table has.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    pub async fn count_rows(&self) -> Result<BTreeMap<String, u64>, StorageError> {
        shared::count_rows(&mut *ask_pool(&self.readers).await?).await
    }
}

/// A copy is written by the connection that reads, which otherwise must not.
async fn set_query_only(conn: &mut super::Conn, only: bool) -> Result<(), StorageError> {
    let setting = format!("PRAGMA query_only = {}", if only { "ON" } else { "OFF" });
    sql_query(setting).execute(conn).await.map_err(about(ENTITY)).map(drop)
}
