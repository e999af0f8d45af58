//! What a backup says of itself, and whether it is so.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use super::files;

const MANIFEST: &str = "manifest.json";
const SUMS: &str = "SHA256SUMS";
/// How backups are laid out. A newer Gitlodge may lay them out otherwise.
const FORMAT: u32 = 1;

/// Which database was copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    /// A file of SQLite.
    Embedded,
    /// What `pg_dump` wrote, in its own format.
    Postgresql,
}

impl Kind {
    /// The file with the copy.
    pub(super) const fn part(self) -> &'static str {
        match self {
            Self::Embedded => "gitlodge.db",
            Self::Postgresql => "gitlodge.dump",
        }
    }
}

/// What a backup says of itself.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Manifest {
    format: u32,
    /// The version of Gitlodge that made it.
    pub(super) version: String,
    pub(super) made_at: String,
    pub(super) kind: Kind,
    /// The database server, for people.
    pub(super) database: String,
    /// The schema with the tables, on PostgreSQL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) schema: Option<String>,
    /// The newest step of the schema.
    pub(super) newest_step: Option<String>,
    /// How many rows each table has.
    pub(super) rows: BTreeMap<String, u64>,
}

impl Manifest {
    pub(super) fn new(
        (kind, schema): (Kind, Option<String>),
        made_at: String,
        state: lodge_storage::StoreState,
        rows: BTreeMap<String, u64>,
    ) -> Self {
        Self {
            format: FORMAT,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            made_at,
            kind,
            database: state.product,
            schema,
            newest_step: state.newest,
            rows,
        }
    }

    pub(super) fn total(&self) -> u64 {
        self.rows.values().sum()
    }

    /// Says where the tables have other numbers of rows.
    pub(super) fn compare(&self, found: &BTreeMap<String, u64>) -> anyhow::Result<()> {
        let names = self.rows.keys().chain(found.keys());
        let other = names.filter(|it| self.rows.get(*it) != found.get(*it)).map(|it| {
            let [then, now] = [&self.rows, found].map(|rows| rows.get(it).copied().unwrap_or(0));
            format!("{it}: {now} rows in the place of {then}")
        });
        let other: Vec<_> = other.collect();
        anyhow::ensure!(other.is_empty(), "the copy is not what was copied: {}", other.join("; "));
        Ok(())
    }
}

/// Writes manifest and digests beside the copy.
pub(super) fn write(manifest: &Manifest, draft: &files::Draft) -> anyhow::Result<()> {
    files::write(&draft.path(MANIFEST), &serde_json::to_string_pretty(manifest)?)?;
    let mut sums = String::new();
    for name in [MANIFEST, manifest.kind.part()] {
        // As coreutils write it.
        writeln!(sums, "{}  {name}", files::digest(&draft.path(name))?)?;
    }
    files::write(&draft.path(SUMS), &sums)
}

/// A backup whose files are those that were written.
#[derive(Debug)]
pub(super) struct Backup {
    pub(super) manifest: Manifest,
    /// The copy of the database.
    pub(super) part: PathBuf,
    /// Its SHA-256.
    pub(super) digest: String,
}

/// Reads a backup; changes nothing. No name of a file is taken from it.
pub(super) fn read(folder: &Path) -> anyhow::Result<Backup> {
    let shown = folder.display();
    anyhow::ensure!(folder.is_dir(), "{shown} is not a folder: a backup is one");
    let sums = files::read_small(&folder.join(SUMS))
        .with_context(|| format!("{shown} is not a complete backup"))?;
    let sums = sums.lines().map(|line| {
        let (sum, name) = line.split_once("  ").context("SHA256SUMS is not what was written")?;
        anyhow::Ok((name, sum))
    });
    let sums: BTreeMap<_, _> = sums.collect::<anyhow::Result<_>>()?;
    let parts = [Kind::Embedded, Kind::Postgresql].map(Kind::part);
    if let Some(name) = sums.keys().find(|it| **it != MANIFEST && !parts.contains(it)) {
        anyhow::bail!("SHA256SUMS names `{}`, which no backup has", name.escape_debug());
    }
    let fits = |name: &str| {
        let sum = sums.get(name).with_context(|| format!("SHA256SUMS does not name `{name}`"))?;
        let found = files::digest(&folder.join(name))?;
        anyhow::ensure!(
            found == *sum,
            "{shown}/{name} is not what was written: its SHA-256 is {found}; take another backup"
        );
        Ok(found)
    };
    fits(MANIFEST)?;
    let text = files::read_small(&folder.join(MANIFEST))?;
    let manifest: serde_json::Value = serde_json::from_str(&text)
        .with_context(|| format!("{MANIFEST} is not what was written"))?;
    let format = manifest.get("format").and_then(serde_json::Value::as_u64);
    anyhow::ensure!(
        format == Some(FORMAT.into()),
        "the backup was made by Gitlodge {}, in another format: use that version, or a later one",
        manifest.get("version").and_then(serde_json::Value::as_str).unwrap_or("of unknown version")
    );
    let manifest: Manifest = serde_json::from_value(manifest)
        .with_context(|| format!("{MANIFEST} is not what was written"))?;
    let name = manifest.kind.part();
    let digest = fits(name)?;
    Ok(Backup { part: folder.join(name), manifest, digest })
}
