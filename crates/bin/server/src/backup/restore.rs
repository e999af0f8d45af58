//! `gitlodge backup restore`

use std::{fs, io, path::Path, sync::Arc};

use anyhow::Context as _;
use lodge_storage::Storage as _;
use lodge_store::{EmbeddedStorage, PostgresStorage};
use lodge_system::FileKeyring;
use rustix::fs::{CWD, RenameFlags, renameat_with};

use super::{
    contents, files,
    manifest::{self, Backup, Kind},
    postgres,
};
use crate::{
    cli::DataOptions,
    print,
    wire::{Database, database_file, key_file, make_private_folder},
};

/// What may be in the data folder before: it is no part of a backup.
const KEPT_APART: [&str; 2] = ["keys", "checkpoint-key"];

pub(super) async fn restore(
    from: &Path,
    without_keys: bool,
    options: &DataOptions,
) -> anyhow::Result<()> {
    let backup = manifest::read(from)?;
    let keys = contents::keys(without_keys, options)?;
    match (backup.manifest.kind, &options.database_url) {
        (Kind::Embedded, None) => into_folder(&backup, keys.as_ref(), options).await?,
        (Kind::Postgresql, Some(url)) => into_server(&backup, keys.as_ref(), url, options).await?,
        (Kind::Embedded, Some(_)) => anyhow::bail!(
            "the backup is of an embedded database: leave --database-url (GITLODGE_DATABASE_URL) out"
        ),
        (Kind::Postgresql, None) => {
            anyhow::bail!("the backup is of PostgreSQL: name an empty database with --database-url")
        }
    }
    let data = options.data.display();
    print::line(
        "next: what was revoked after the backup was made is valid again (sessions, tokens, \
         approvals): end it with gitlodge admin reset-password --forget-authenticator and gitlodge \
         admin revoke, as docs/operating.md says",
    )?;
    if keys.is_none() && options.master_keys.is_none() {
        let file = key_file(options);
        print::line(&format!(
            "next: put the master keys at {} (mode 600) BEFORE the first start, which makes new \
             ones otherwise",
            file.display()
        ))?;
    }
    print::line(&format!("next: gitlodge doctor --data {data}, then gitlodge serve --data {data}"))
}

async fn into_folder(
    backup: &Backup,
    keys: Option<&FileKeyring>,
    options: &DataOptions,
) -> anyhow::Result<()> {
    empty(&options.data)?;
    contents::check(backup, keys).await?;
    make_private_folder(&options.data)
        .with_context(|| format!("{} cannot be made", options.data.display()))?;
    let file = database_file(&options.data);
    let draft = options.data.join(files::draft_of("gitlodge.db"));
    let placed = place(backup, &draft, &file).await;
    if placed.is_err() && draft.exists() {
        fs::remove_file(&draft)?;
    }
    placed?;
    files::sync(&options.data)?;
    print::line(&format!("{} holds what the backup holds", file.display()))
}

async fn place(backup: &Backup, draft: &Path, file: &Path) -> anyhow::Result<()> {
    let copied = files::copy(&backup.part, draft)?;
    anyhow::ensure!(copied == backup.digest, "the backup changed while it was copied");
    let copy = EmbeddedStorage::open_copy(draft).await?;
    backup.manifest.compare(&contents::whole(&copy).await?)?;
    drop(copy);
    put(draft, file).with_context(|| format!("{} cannot be put in its place", file.display()))
}

/// Gives a file its name. Nothing is replaced, not even what came in the
/// meantime.
fn put(draft: &Path, file: &Path) -> io::Result<()> {
    match fs::hard_link(draft, file) {
        Ok(()) => fs::remove_file(draft),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
        // Not every file system has links.
        Err(_) => Ok(renameat_with(CWD, draft, CWD, file, RenameFlags::NOREPLACE)?),
    }
}

/// Refuses a folder with anything in it but what is kept apart from backups.
fn empty(folder: &Path) -> anyhow::Result<()> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        other => other.with_context(|| format!("{} cannot be looked into", folder.display()))?,
    };
    for entry in entries {
        let name = entry?.file_name();
        anyhow::ensure!(
            !name.to_string_lossy().starts_with(".gitlodge.db."),
            "{} is of a restore that was not finished: remove it, unless it is going on",
            folder.join(&name).display()
        );
        anyhow::ensure!(
            KEPT_APART.iter().any(|it| name == **it),
            "{} is not empty, it has `{}`: nothing is overwritten; name another folder, or move \
             it away",
            folder.display(),
            name.to_string_lossy()
        );
    }
    Ok(())
}

async fn into_server(
    backup: &Backup,
    keys: Option<&FileKeyring>,
    url: &str,
    options: &DataOptions,
) -> anyhow::Result<()> {
    contents::check(backup, keys).await?;
    let storage = match Database::open(options).await? {
        Database::Postgres(storage) => storage,
        Database::Embedded(_) => anyhow::bail!("--database-url names no PostgreSQL"),
    };
    let found = storage.snapshot().await?;
    anyhow::ensure!(
        found.rows.is_empty(),
        "the database is not empty, its schema {} has {} tables: nothing is overwritten; name \
         another database",
        found.schema,
        found.rows.len()
    );
    let wanted = backup.manifest.schema.as_deref().unwrap_or_default();
    anyhow::ensure!(
        found.schema == wanted,
        "the tables were in the schema {wanted}, and this user's are made in {}: make {wanted}, and \
         set its search_path",
        found.schema
    );
    drop(found);
    postgres::restore(url, &backup.part).await?;
    let restored = compare(backup, keys, &storage).await;
    restored.context("the database was restored, and is not what was copied: do not use it")?;
    print::line("the database holds what the backup holds")
}

async fn compare(
    backup: &Backup,
    keys: Option<&FileKeyring>,
    storage: &Arc<PostgresStorage>,
) -> anyhow::Result<()> {
    backup.manifest.compare(&storage.count_rows().await?)?;
    contents::same_steps(&storage.state().await?)?;
    contents::open(&**storage, keys).await
}
