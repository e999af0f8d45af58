//! The data folder, its disk, and who may read what is in it.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::Path,
    time::{Duration, SystemTime},
};

use lodge_system::{FileKeyring, MasterKeys};

use super::Findings;
use crate::{
    cli::{DataOptions, ServeOptions},
    wire::{checkpoint_key, database_file, key_file},
};

const MIB: u64 = 1 << 20;
/// Less free room than that, in bytes, and the next burst may fill the disk.
const LITTLE: u64 = 1_024 * MIB;
/// Less, and it is full at any moment.
const NOTHING: u64 = 64 * MIB;
/// A log of the database that is longer, in bytes, was not taken over for long.
const LONG_LOG: u64 = 512 * MIB;
/// Clocks of one machine differ by less.
const AHEAD: Duration = Duration::from_secs(5);

pub(super) fn look(options: &ServeOptions, findings: &mut Findings) {
    let data = &options.data.data;
    let shown = data.display();
    let Ok(about) = fs::metadata(data) else {
        findings.warn(
            format!("the data folder {shown} is not there"),
            "the first `gitlodge serve` makes it; if there was one, name it with --data",
        );
        return;
    };
    if is_private(about.mode()) {
        findings.ok(format!("only its owner reads {shown}"));
    } else {
        let mode = about.mode() & 0o777;
        findings
            .warn(format!("{shown} has mode {mode:03o}: others look into it"), chmod(700, data));
    }
    match try_to_write(data) {
        Ok(()) => findings.ok(format!("{shown} can be written")),
        Err(error) => findings.fail(
            format!("{shown} cannot be written: {error}"),
            "give it to the user of the service, and mount it to be written; if the disk is full, \
             make room",
        ),
    }
    room(data, findings);
    files(options, findings);
}

/// Writes as a database does, and takes it away again.
fn try_to_write(data: &Path) -> io::Result<()> {
    let path = data.join(format!(".doctor.{}", std::process::id()));
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
    let written = made.and_then(|mut it| it.write_all(&[0; 8_192]).and_then(|()| it.sync_all()));
    match fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => written.and(Err(error)),
        _ => written,
    }
}

/// Nobody but its owner may do anything with it.
fn is_private(mode: u32) -> bool {
    mode.trailing_zeros() >= 6
}

fn room(data: &Path, findings: &mut Findings) {
    let Ok(disk) = rustix::fs::statvfs(data) else { return };
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    let what = format!("{} MiB are free on the disk of {}", free / MIB, data.display());
    match free {
        0..NOTHING => findings.fail(what, "make room, before writes are refused"),
        NOTHING..LITTLE => findings.warn(what, "make room"),
        _ => findings.ok(what),
    }
}

fn files(options: &ServeOptions, findings: &mut Findings) {
    let database = database_file(&options.data.data);
    let log = database.with_extension("db-wal");
    if let Ok(about) = fs::metadata(&log)
        && about.len() > LONG_LOG
    {
        findings.warn(
            format!("the log {} has {} MiB", log.display(), about.len() / MIB),
            "something reads for very long, a backup perhaps; a restart takes the log over",
        );
    }
    let changed = [&database, &log].map(|it| fs::metadata(it).and_then(|it| it.modified()));
    let newest = changed.into_iter().filter_map(Result::ok).max();
    if newest.is_some_and(|it| it > SystemTime::now() + AHEAD) {
        findings.fail(
            "the database was written in the future: the clock was ahead, or is behind now",
            "set the clock, with a service such as chrony, before anything is served",
        );
    }
    let checkpoints = checkpoint_key(&options.checkpoints, &options.data);
    for path in [Some(&database), Some(&checkpoints), options.hosts.as_ref()].into_iter().flatten()
    {
        let Ok(about) = fs::metadata(path) else { continue };
        let mode = about.permissions().mode() & 0o777;
        if is_private(mode) {
            findings.ok(format!("only its owner reads {}", path.display()));
        } else {
            let what = format!("{} has mode {mode:03o}: others read secrets", path.display());
            findings.warn(what, chmod(600, path));
        }
    }
}

fn chmod(mode: u16, path: &Path) -> String {
    format!("chmod {mode} {}", path.display())
}

/// The master keys, which are read and never made.
pub(super) fn keys(options: &DataOptions, findings: &mut Findings) -> Option<FileKeyring> {
    let file = key_file(options);
    let read = match &options.master_keys {
        Some(text) => MasterKeys::parse(&text.as_str().into()),
        None if !file.exists() => {
            let what = format!("there are no master keys at {}", file.display());
            let has_data = options.database_url.is_some() || database_file(&options.data).exists();
            if has_data {
                findings.fail(what, "put back the copy that was kept beside the backups");
            } else {
                findings.warn(what, "the first start makes them; keep a copy elsewhere then");
            }
            return None;
        }
        None => MasterKeys::read(&file),
    };
    match read {
        Ok(ring) => {
            findings.ok("the master keys can be read");
            Some(FileKeyring::new(&ring))
        }
        Err(error) => {
            findings.fail(error.to_string(), "put back the copy of the keys, with mode 600");
            None
        }
    }
}
