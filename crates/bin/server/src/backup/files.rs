//! Files that are on the disk when we say so, and that only their owner reads.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use lodge_kernel::{Entropy as _, hex};
use lodge_system::OsEntropy;
use sha2::{Digest as _, Sha256};

use crate::print;

/// How much is read at once, in bytes.
const CHUNK: usize = 1 << 20;

/// A folder that becomes visible under its name when it is complete, and is
/// removed when it does not.
pub(super) struct Draft {
    at: PathBuf,
    out: PathBuf,
    is_done: bool,
}

impl Draft {
    /// Begins a folder beside `out`, where there must be nothing.
    pub(super) fn begin(out: &Path) -> anyhow::Result<Self> {
        let shown = out.display();
        let taken = fs::symlink_metadata(out).is_ok();
        anyhow::ensure!(!taken, "{shown} is there already: name a folder that is not");
        let name = out.file_name().with_context(|| format!("{shown} is no name of a folder"))?;
        let name = name.to_string_lossy();
        name_others(parent(out), &name)?;
        let at = parent(out).join(draft_of(&name));
        DirBuilder::new()
            .mode(0o700)
            .create(&at)
            .with_context(|| format!("no folder can be made in {}", parent(out).display()))?;
        Ok(Self { at, out: out.to_owned(), is_done: false })
    }

    /// Where a file of it is.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.at.join(name)
    }

    /// Makes it visible; a power cut cannot undo it then.
    pub(super) fn finish(mut self) -> anyhow::Result<()> {
        sync(&self.at)?;
        fs::rename(&self.at, &self.out)
            .with_context(|| format!("{} cannot be put in its place", self.out.display()))?;
        self.is_done = true;
        sync(parent(&self.out))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.is_done && fs::remove_dir_all(&self.at).is_err() {
            tracing::warn!(folder = %self.at.display(), "what was begun cannot be removed");
        }
    }
}

/// A name that nobody has, for what becomes `name` when it is complete.
pub(super) fn draft_of(name: &str) -> String {
    let mut chance = [0; 8];
    OsEntropy.fill(&mut chance);
    format!(".{name}.{}", hex::encode(&chance))
}

/// Tells of what was begun before and never finished: nobody else does, and it
/// may be large. It is left where it is, since it may be being made.
fn name_others(folder: &Path, name: &str) -> anyhow::Result<()> {
    let prefix = format!(".{name}.");
    for entry in fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
        if entry.file_name().to_string_lossy().starts_with(&prefix) {
            print::line(&format!(
                "{} was not finished: remove it, unless another backup is being made",
                entry.path().display()
            ))?;
        }
    }
    Ok(())
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Waits until the disk has the file, or what a folder lists.
pub(super) fn sync(path: &Path) -> anyhow::Result<()> {
    let synced = File::open(path).and_then(|it| it.sync_all());
    synced.with_context(|| format!("{} cannot be written to the disk", path.display()))
}

/// Makes an empty file that only its owner reads.
pub(super) fn make(path: &Path) -> anyhow::Result<File> {
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    made.with_context(|| format!("{} cannot be made", path.display()))
}

/// Writes a new file.
pub(super) fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let mut file = make(path)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    written.with_context(|| format!("{} cannot be written", path.display()))
}

/// Reads a file that is small, and refuses one that is not.
pub(super) fn read_small(path: &Path) -> anyhow::Result<String> {
    const MOST: u64 = 1 << 20;
    let shown = path.display();
    let file = open(path)?;
    let mut text = String::new();
    let read = file.take(MOST + 1).read_to_string(&mut text);
    let read = read.with_context(|| format!("{shown} cannot be read"))?;
    anyhow::ensure!(u64::try_from(read)? <= MOST, "{shown} is too large to be what it should be");
    Ok(text)
}

/// Opens a file, and nothing else: no link, no pipe.
fn open(path: &Path) -> anyhow::Result<File> {
    let shown = path.display();
    let about = fs::symlink_metadata(path).with_context(|| format!("{shown} is not there"))?;
    anyhow::ensure!(about.is_file(), "{shown} is not a plain file");
    File::open(path).with_context(|| format!("{shown} cannot be read"))
}

/// The SHA-256 of a file.
pub(super) fn digest(path: &Path) -> anyhow::Result<String> {
    pour(open(path)?, &mut io::sink()).with_context(|| format!("{} is broken", path.display()))
}

/// Copies a file into a new one and waits for the disk; the SHA-256 of what was
/// copied.
pub(super) fn copy(from: &Path, to: &Path) -> anyhow::Result<String> {
    let mut made = make(to)?;
    let digest = pour(open(from)?, &mut made).and_then(|it| made.sync_all().map(|()| it));
    digest.with_context(|| format!("{} cannot be copied to {}", from.display(), to.display()))
}

fn pour(mut from: impl Read, to: &mut impl Write) -> io::Result<String> {
    let mut hasher = Sha256::new();
    let mut chunk = vec![0; CHUNK];
    loop {
        let read = from.read(&mut chunk)?;
        let bytes = chunk.get(..read).unwrap_or_default();
        if bytes.is_empty() {
            return Ok(hex::encode(&hasher.finalize()));
        }
        hasher.update(bytes);
        to.write_all(bytes)?;
    }
}
