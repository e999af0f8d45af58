//! Looks through what is read of a repository before it is read.
//!
//! A link may stay inside the root; anything that is neither file, folder nor
//! link (a pipe would hold its reader for ever) is refused, and so is a
//! reference or configuration file of a size that only an attack has.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::SystemTime,
};

use gix::bstr::ByteSlice;
use lodge_provider::ProviderError;

use crate::job::Job;

/// The longest reference, `HEAD` or pointer to another folder, in bytes.
const LONGEST_REFERENCE: u64 = 64 << 10;
/// The longest configuration, in bytes.
const LONGEST_CONFIG: u64 = 4 << 20;
/// The longest list of packed references, in bytes.
const LONGEST_PACKED: u64 = 512 << 20;
/// How deep folders of references may lie in each other.
const DEEPEST: usize = 64;

/// Why a repository is not read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("{0} leads out of the root")]
    Outside(PathBuf),
    #[error("{0} is neither a file nor a folder")]
    Special(PathBuf),
    #[error("{0} is longer than Git writes it")]
    TooLong(PathBuf),
    #[error("{0} is nested too deeply")]
    TooDeep(PathBuf),
    #[error("{0} cannot be read")]
    Unreadable(PathBuf, #[source] io::Error),
}

/// What was looked through.
#[derive(Clone, Debug)]
pub(crate) struct Inspected {
    /// The folder that holds objects and references: the Git folder itself,
    /// except for a linked worktree.
    pub(crate) common_dir: PathBuf,
    /// The objects' files, in bytes.
    pub(crate) size: u64,
    /// The same for as long as nothing was added or replaced.
    pub(crate) stamp: Stamp,
}

/// Identity and time of the files and folders that tell of a change.
pub(crate) type Stamp = Vec<Option<(u64, SystemTime)>>;

/// The stamp of a repository at present. Nine looks at the file system.
pub(crate) fn stamp(git_dir: &Path, common_dir: &Path) -> Stamp {
    let names = ["config", "objects", "objects/pack", "objects/info", "refs", "refs/heads"];
    let paths = names.iter().map(|name| common_dir.join(name));
    let paths = [git_dir.to_owned(), common_dir.to_owned()].into_iter().chain(paths);
    paths.map(|path| fs::metadata(path).ok().and_then(|it| identity(&it))).collect()
}

#[cfg(unix)]
fn identity(it: &fs::Metadata) -> Option<(u64, SystemTime)> {
    use std::os::unix::fs::MetadataExt as _;
    Some((it.ino(), it.modified().ok()?))
}

#[cfg(not(unix))]
fn identity(it: &fs::Metadata) -> Option<(u64, SystemTime)> {
    Some((it.len(), it.modified().ok()?))
}

/// Looks through the repository at `git_dir`.
pub(crate) fn inspect(
    root: &Path,
    git_dir: &Path,
    job: &Job,
) -> Result<Result<Inspected, Refusal>, ProviderError> {
    let guard = Guard { root, job };
    guard.repository(git_dir).map_or_else(
        |stop| match stop {
            Stop::Refused(refusal) => Ok(Err(refusal)),
            Stop::Late(error) => Err(error),
        },
        |inspected| Ok(Ok(inspected)),
    )
}

enum Stop {
    Refused(Refusal),
    Late(ProviderError),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

struct Guard<'a> {
    root: &'a Path,
    job: &'a Job,
}

impl Guard<'_> {
    fn repository(&self, git_dir: &Path) -> Result<Inspected, Stop> {
        let common_dir = self.common_dir(git_dir)?;
        // Taken first: what changes meanwhile is looked at again.
        let stamp = stamp(git_dir, &common_dir);
        for folder in [git_dir, &common_dir] {
            self.file(&folder.join("HEAD"), LONGEST_REFERENCE)?;
            self.file(&folder.join("config"), LONGEST_CONFIG)?;
            self.file(&folder.join("config.worktree"), LONGEST_CONFIG)?;
            self.file(&folder.join("packed-refs"), LONGEST_PACKED)?;
            self.file(&folder.join("shallow"), LONGEST_PACKED)?;
            self.folder(&folder.join("refs"), LONGEST_REFERENCE)?;
        }
        let mut size = 0;
        let mut stores = vec![common_dir.join("objects")];
        stores.extend(self.alternates(&common_dir)?);
        for store in stores {
            size += self.folder(&store, u64::MAX)?;
        }
        Ok(Inspected { common_dir, size, stamp })
    }

    fn common_dir(&self, git_dir: &Path) -> Result<PathBuf, Stop> {
        let pointer = git_dir.join("commondir");
        if !self.file(&pointer, LONGEST_REFERENCE)? {
            return Ok(git_dir.to_owned());
        }
        let text = fs::read(&pointer).map_err(|error| unreadable(&pointer, error))?;
        let target = gix::path::from_bstr(text.trim_end().as_bstr());
        let target = target.map_err(|_not_a_path| Refusal::Outside(pointer))?;
        Ok(self.inside(&git_dir.join(target))?)
    }

    /// The object folders that this repository borrows from, all inside.
    fn alternates(&self, common_dir: &Path) -> Result<Vec<PathBuf>, Stop> {
        let objects = common_dir.join("objects");
        let list = objects.join("info").join("alternates");
        if !self.file(&list, LONGEST_CONFIG)? {
            return Ok(Vec::new());
        }
        let outside = || Refusal::Outside(list.clone());
        let borrowed = gix::odb::alternate::resolve(objects, self.root);
        let borrowed = borrowed.map_err(|_unreadable| outside())?;
        borrowed
            .iter()
            .map(|folder| self.inside(folder).map_err(|_elsewhere| outside().into()))
            .collect()
    }

    /// Whether there is a file at `path`, which must be one that may be read.
    fn file(&self, path: &Path, longest: u64) -> Result<bool, Refusal> {
        let Ok(found) = fs::symlink_metadata(path) else { return Ok(false) };
        let found = if found.is_symlink() {
            fs::metadata(self.inside(path)?).map_err(|error| unreadable(path, error))?
        } else {
            found
        };
        if found.is_file() && found.len() > longest {
            return Err(Refusal::TooLong(path.to_owned()));
        }
        if found.is_file() { Ok(true) } else { Err(Refusal::Special(path.to_owned())) }
    }

    /// The bytes of all files below `top`, each of which must be one that may
    /// be read.
    fn folder(&self, top: &Path, longest: u64) -> Result<u64, Stop> {
        let mut size = 0;
        let mut open = match fs::canonicalize(top) {
            Ok(real) if !real.starts_with(self.root) => {
                return Err(Refusal::Outside(top.to_owned()).into());
            }
            Ok(real) => vec![(real, 0)],
            Err(_absent) => return Ok(0),
        };
        while let Some((folder, depth)) = open.pop() {
            self.job.check().map_err(Stop::Late)?;
            let entries = fs::read_dir(&folder).map_err(|error| unreadable(&folder, error))?;
            for entry in entries {
                let entry = entry.map_err(|error| unreadable(&folder, error))?;
                let path = entry.path();
                // Not `entry.metadata`: a link is looked at through its target.
                let Ok(found) = fs::symlink_metadata(&path) else { continue };
                if found.is_dir() && depth >= DEEPEST {
                    return Err(Refusal::TooDeep(path).into());
                } else if found.is_dir() {
                    open.push((path, depth + 1));
                } else if found.is_symlink() {
                    let real = self.inside(&path)?;
                    if real.is_dir() {
                        open.push((real, depth + 1));
                    } else {
                        self.file(&real, longest)?;
                    }
                } else {
                    self.file(&path, longest)?;
                    size += found.len();
                }
            }
        }
        Ok(size)
    }

    /// Where `path` really lies, if that is inside the root. A link that leads
    /// nowhere cannot be judged and counts as outside.
    fn inside(&self, path: &Path) -> Result<PathBuf, Refusal> {
        match fs::canonicalize(path) {
            Ok(real) if real.starts_with(self.root) => Ok(real),
            _ => Err(Refusal::Outside(path.to_owned())),
        }
    }
}

fn unreadable(path: &Path, error: io::Error) -> Refusal {
    Refusal::Unreadable(path.to_owned(), error)
}
