//! `gitlodge backup`: a copy of everything that is kept, and the way back.
//!
//! A backup is a folder with three files: a copy of the database, what it
//! should hold (`manifest.json`), and the digests of both (`SHA256SUMS`, which
//! `sha256sum --check` reads, too). The master keys are never in it: whoever
//! finds a backup cannot open what is sealed.

mod contents;
mod create;
mod files;
mod manifest;
mod postgres;
mod restore;

use crate::{admin::runtime, cli::BackupCommand};

/// `gitlodge backup …`
pub(crate) fn run(command: BackupCommand) -> anyhow::Result<()> {
    runtime()?.block_on(async {
        match command {
            BackupCommand::Create { out, data } => create::create(&out, &data).await,
            BackupCommand::Verify { from, without_keys, data } => {
                contents::verify(&from, without_keys, &data).await
            }
            BackupCommand::Restore { from, without_keys, data } => {
                restore::restore(&from, without_keys, &data).await
            }
        }
    })
}
