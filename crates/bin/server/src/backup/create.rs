//! `gitlodge backup create`

use std::path::Path;

use anyhow::Context as _;
use lodge_kernel::Clock as _;
use lodge_store::EmbeddedStorage;
use lodge_system::SystemClock;

use super::{
    contents, files,
    manifest::{self, Kind, Manifest},
    postgres,
};
use crate::{
    cli::DataOptions,
    print,
    wire::{Database, database_file},
};

pub(super) async fn create(out: &Path, options: &DataOptions) -> anyhow::Result<()> {
    let file = database_file(&options.data);
    let is_there = options.database_url.is_some() || file.is_file();
    anyhow::ensure!(is_there, "there is no database at {}: name --data", file.display());
    let database = Database::look_at(options).await?;
    let state = database.storage().state().await?;
    anyhow::ensure!(
        state.unknown.is_empty(),
        "a newer Gitlodge was at this database: make the backup with that version"
    );
    let draft = files::Draft::begin(out)?;
    let made_at = SystemClock.now().to_string();
    let manifest = match &database {
        Database::Embedded(storage) => {
            let part = draft.path(Kind::Embedded.part());
            drop(files::make(&part)?);
            storage.copy_to(&part).await.context("the database cannot be copied")?;
            files::sync(&part)?;
            let copy = EmbeddedStorage::open_copy(&part).await?;
            let rows = contents::whole(&copy).await?;
            Manifest::new((Kind::Embedded, None), made_at, state, rows)
        }
        Database::Postgres(storage) => {
            let url = options.database_url.as_deref().unwrap_or_default();
            let part = draft.path(Kind::Postgresql.part());
            drop(files::make(&part)?);
            let snapshot = storage.snapshot().await?;
            postgres::dump(url, &snapshot, &part).await?;
            files::sync(&part)?;
            let schema = Some(snapshot.schema);
            Manifest::new((Kind::Postgresql, schema), made_at, state, snapshot.rows)
        }
    };
    manifest::write(&manifest, &draft)?;
    draft.finish()?;
    let tables = manifest.rows.len();
    print::line(&format!("{} holds {} rows of {tables} tables", out.display(), manifest.total()))?;
    let keys = match options.master_keys {
        Some(_) => "GITLODGE_MASTER_KEYS".to_owned(),
        None => crate::wire::key_file(options).display().to_string(),
    };
    print::line(&format!(
        "the master keys are NOT in it: keep a copy of {keys} somewhere else; without them what is \
         sealed stays closed for ever"
    ))
}
