//! Whether what is in a backup is whole, and whether the keys open it.

use std::{collections::BTreeMap, path::Path};

use anyhow::Context as _;
use lodge_gateway::{audit::verify::verify as verify_trail, connections::closed_data_keys};
use lodge_storage::{Storage, StoreState};
use lodge_store::EmbeddedStorage;
use lodge_system::{FileKeyring, MasterKeys};

use super::{
    manifest::{self, Backup, Kind},
    postgres,
};
use crate::{cli::DataOptions, print, wire::key_file};

/// `gitlodge backup verify`
pub(super) async fn verify(
    from: &Path,
    without_keys: bool,
    options: &DataOptions,
) -> anyhow::Result<()> {
    let backup = manifest::read(from)?;
    check(&backup, keys(without_keys, options)?.as_ref()).await?;
    print::line(&format!(
        "{} is whole, and fits its own digests: they do not tell who made it",
        from.display()
    ))
}

/// The master keys, which are read and never made. `None` where the operator
/// does without.
pub(super) fn keys(
    without_keys: bool,
    options: &DataOptions,
) -> anyhow::Result<Option<FileKeyring>> {
    if without_keys {
        return Ok(None);
    }
    let ring = match &options.master_keys {
        Some(text) => MasterKeys::parse(&text.as_str().into())?,
        None => MasterKeys::read(&key_file(options)).context(
            "there are no master keys: put them there, name their folder with --data, or say \
             --without-keys",
        )?,
    };
    Ok(Some(FileKeyring::new(&ring)))
}

/// Looks at everything that can be looked at without a database server.
pub(super) async fn check(backup: &Backup, keys: Option<&FileKeyring>) -> anyhow::Result<()> {
    let manifest = &backup.manifest;
    let (version, made_at) = (&manifest.version, &manifest.made_at);
    print::line(&format!("made at {made_at} by Gitlodge {version} from {}", manifest.database))?;
    if manifest.kind == Kind::Postgresql {
        postgres::read_through(&backup.part).await?;
        return print::line(
            "pg_restore reads it to its end; rows, keys and audit trail are compared when it is \
             restored",
        );
    }
    let copy = EmbeddedStorage::open_copy(&backup.part).await.context("the copy does not open")?;
    manifest.compare(&whole(&copy).await?)?;
    print::line(&format!("{} rows, as many as were copied", manifest.total()))?;
    same_steps(&copy.state().await?)?;
    open(&copy, keys).await
}

/// The rows of each table, if the file is whole.
pub(super) async fn whole(copy: &EmbeddedStorage) -> anyhow::Result<BTreeMap<String, u64>> {
    let faults = copy.faults().await.context("the copy cannot be read")?;
    anyhow::ensure!(faults.is_empty(), "the database is damaged: {}", faults.join("; "));
    Ok(copy.count_rows().await?)
}

/// Refuses what a newer program wrote.
pub(super) fn same_steps(state: &StoreState) -> anyhow::Result<()> {
    let unknown = state.unknown.join(", ");
    anyhow::ensure!(
        unknown.is_empty(),
        "the backup is of a newer Gitlodge, whose steps {unknown} are not known here: update first"
    );
    Ok(())
}

/// Opens every data key, and walks the audit trail.
pub(super) async fn open(storage: &dyn Storage, keys: Option<&FileKeyring>) -> anyhow::Result<()> {
    let Some(keys) = keys else {
        return print::line("without the master keys: it is not known whether they open it");
    };
    let (opened, closed) = closed_data_keys(storage, keys).await?;
    if let Some(one) = closed.first() {
        anyhow::bail!(
            "the master keys are others: {} of {} data keys do not open, which k{} wrapped; find \
             the key file that belongs to this backup",
            closed.len(),
            opened + u64::try_from(closed.len())?,
            one.master
        );
    }
    print::line(&format!("the master keys open all {opened} data keys"))?;
    let verdict = verify_trail(storage, keys, &[]).await?;
    let faults = verdict.faults.iter().map(|(chain, fault)| format!("{chain}: {fault}"));
    let faults: Vec<_> = faults.collect();
    anyhow::ensure!(
        faults.is_empty(),
        "the audit trail is not what was written: {}",
        faults.join("; ")
    );
    let (entries, chains) = (verdict.entries, verdict.chains);
    print::line(&format!("the audit trail is whole: {entries} entries in {chains} chains"))
}
