//! Where repositories lie below the root.

use std::{
    fs,
    path::{Path, PathBuf},
};

use gix::bstr::{BStr, BString, ByteSlice};
use lodge_provider::ProviderError;

use crate::{ids, job::Job};

/// A repository below the root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Its folder relative to the root, `/` between the parts.
    pub(crate) path: BString,
    /// The folder with `HEAD`, `objects` and `refs`, or a linked worktree's.
    pub(crate) git_dir: PathBuf,
}

/// Every repository below `root`, in the order of their paths.
pub(crate) fn all(root: &Path, job: &Job) -> Result<Vec<Place>, ProviderError> {
    under(root, BString::default(), job)
}

/// Every repository in the folder `path`, which is empty for the root, or
/// below it, in the order of their paths.
pub(crate) fn under(root: &Path, path: BString, job: &Job) -> Result<Vec<Place>, ProviderError> {
    let mut places = Vec::new();
    let mut open = vec![path];
    while let Some(path) = open.pop() {
        job.check()?;
        let inner = children(root, path.as_bstr());
        places.extend(inner.repositories);
        open.extend(inner.folders.into_iter().filter(|it| depth(it) < ids::DEPTH));
    }
    places.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(places)
}

fn depth(path: &BString) -> usize {
    path.split_str("/").count()
}

/// What is directly in a folder.
#[derive(Debug, Default)]
pub(crate) struct Children {
    /// Folders that are no repositories.
    pub(crate) folders: Vec<BString>,
    /// Repositories.
    pub(crate) repositories: Vec<Place>,
}

/// What is directly in the folder `path`, which is empty for the root.
///
/// A folder that cannot be listed counts as empty. Links are not followed, and
/// nothing is looked for inside a repository or its working tree.
pub(crate) fn children(root: &Path, path: &BStr) -> Children {
    let mut found = Children::default();
    let Some(folder) = below(root, path) else { return found };
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let name = entry.file_name();
        if !is_folder || name == ".git" {
            continue;
        }
        let Ok(name) = gix::path::into_bstr(PathBuf::from(name)) else { continue };
        let inner = if path.is_empty() {
            name.into_owned()
        } else {
            BString::from([path.as_bytes(), b"/", name.as_ref()].concat())
        };
        // What is too deep, or has too long a path, has no id.
        if ids::encode(inner.as_bstr()).is_none() {
            continue;
        }
        match git_dir_of(root, &entry.path()) {
            Folder::Repository(git_dir) => {
                found.repositories.push(Place { path: inner, git_dir });
            }
            Folder::Plain => found.folders.push(inner),
            Folder::Refused => {}
        }
    }
    found
}

/// The repository at `path`, if [`all`] would find one there.
pub(crate) fn at(root: &Path, path: &BStr) -> Option<Place> {
    match reached(root, path)? {
        Folder::Repository(git_dir) => Some(Place { path: path.to_owned(), git_dir }),
        Folder::Plain | Folder::Refused => None,
    }
}

/// At `path` is a folder that is no repository and that [`all`] would look into.
pub(crate) fn is_folder(root: &Path, path: &BStr) -> bool {
    matches!(reached(root, path), Some(Folder::Plain))
}

/// What is at `path`, if it is a folder and nothing on the way there is a link
/// or a repository.
fn reached(root: &Path, path: &BStr) -> Option<Folder> {
    let folder = below(root, path)?;
    // A link anywhere on the way makes these differ.
    (fs::canonicalize(&folder).ok()? == folder && folder.is_dir()).then_some(())?;
    let outer = folder.ancestors().skip(1).take_while(|outer| *outer != root);
    for outer in outer {
        let plain = matches!(git_dir_of(root, outer), Folder::Plain);
        (plain && outer.file_name().is_some_and(|name| name != ".git")).then_some(())?;
    }
    (folder.file_name()? != ".git").then_some(())?;
    Some(git_dir_of(root, &folder))
}

fn below(root: &Path, path: &BStr) -> Option<PathBuf> {
    Some(root.join(gix::path::from_bstr(path).ok()?))
}

enum Folder {
    Repository(PathBuf),
    /// It says that it is one, and points out of the root.
    Refused,
    Plain,
}

fn git_dir_of(root: &Path, folder: &Path) -> Folder {
    let inner = folder.join(".git");
    let Ok(kind) = fs::symlink_metadata(&inner).map(|it| it.file_type()) else {
        return if looks_like_one(folder) {
            Folder::Repository(folder.to_owned())
        } else {
            Folder::Plain
        };
    };
    let target = if kind.is_file() { linked_git_dir(folder, &inner) } else { Some(inner) };
    let target = target.and_then(|target| fs::canonicalize(target).ok());
    match target {
        Some(target) if !target.starts_with(root) => {
            tracing::debug!(folder = %folder.display(), "its .git lies outside the root");
            Folder::Refused
        }
        Some(target) if looks_like_one(&target) || target.join("commondir").is_file() => {
            Folder::Repository(target)
        }
        _ => Folder::Plain,
    }
}

fn looks_like_one(folder: &Path) -> bool {
    folder.join("HEAD").is_file() && folder.join("objects").is_dir() && folder.join("refs").is_dir()
}

/// What a `.git` file points to: `gitdir: <path>`, relative to its folder.
fn linked_git_dir(folder: &Path, file: &Path) -> Option<PathBuf> {
    const LONGEST: u64 = 4096;
    (fs::metadata(file).ok()?.len() <= LONGEST).then_some(())?;
    let text = fs::read(file).ok()?;
    let target = text.strip_prefix(b"gitdir: ")?.trim_end();
    Some(folder.join(gix::path::from_bstr(target.as_bstr()).ok()?))
}
