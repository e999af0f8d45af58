//! A host over a folder that is thrown away.
#![allow(dead_code, clippy::allow_attributes, reason = "each test file uses a part of this")]

use std::{fs, path::Path, sync::Arc};

use lodge_forge::RepositoryId;
use lodge_kernel::{ConnectionId, TenantId};
use lodge_provider::{Account, RepositoryRef};
use lodge_provider_local::{LocalConfig, LocalHost};
use lodge_testkit::FixedClock;

pub(crate) struct Folder {
    pub(crate) dir: tempfile::TempDir,
    pub(crate) clock: Arc<FixedClock>,
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap(), clock: Arc::default() }
    }

    /// Where the repositories are. Beside it lies what must not be read.
    pub(crate) fn root(&self) -> std::path::PathBuf {
        let root = self.dir.path().join("root");
        fs::create_dir_all(&root).unwrap();
        root
    }

    pub(crate) fn host(&self) -> LocalHost {
        LocalHost::open(LocalConfig::new(self.root(), self.clock.clone())).unwrap()
    }
}

pub(crate) fn account() -> Account {
    Account {
        tenant: TenantId::from_uuid(uuid::Uuid::from_u128(1)),
        connection: ConnectionId::from_uuid(uuid::Uuid::from_u128(2)),
    }
}

/// The repository at `path` below the root.
pub(crate) fn at(path: &str) -> RepositoryRef {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let id = RepositoryId::parse(&URL_SAFE_NO_PAD.encode(path)).unwrap();
    RepositoryRef { account: account(), id }
}

pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else if entry.file_type().unwrap().is_file() {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Debian's test repositories of libgit2.
const LIBGIT2_FIXTURES: &str = "/usr/share/doc/libgit2-fixtures/examples";

/// Copies every libgit2 test repository below `root`. Gives their names.
pub(crate) fn libgit2_fixtures(root: &Path) -> Vec<String> {
    let entries = fs::read_dir(LIBGIT2_FIXTURES).unwrap_or_else(|_| absent());
    let folders = entries.flatten().filter(|entry| entry.path().is_dir());
    let names = folders.map(|entry| entry.file_name().into_string().unwrap()).collect::<Vec<_>>();
    assert!(names.len() > 40, "{LIBGIT2_FIXTURES} has only {} folders", names.len());
    for name in &names {
        libgit2_fixture(root, name);
    }
    names
}

fn absent() -> ! {
    panic!("{LIBGIT2_FIXTURES} is not there: install the Debian package libgit2-fixtures")
}

/// Copies one libgit2 test repository below `root`, with its `.gitted` folders
/// named `.git` again.
pub(crate) fn libgit2_fixture(root: &Path, name: &str) {
    let from = Path::new(LIBGIT2_FIXTURES).join(name);
    if !from.is_dir() {
        absent();
    }
    copy(&from, &root.join(name));
    let mut open = vec![root.join(name)];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            let renamed = match name.to_str().unwrap() {
                ".gitted" => path.with_file_name(".git"),
                "gitmodules" => path.with_file_name(".gitmodules"),
                _ => path.clone(),
            };
            fs::rename(&path, &renamed).unwrap();
            if renamed.is_dir() {
                open.push(renamed);
            }
        }
    }
    // The package leaves empty folders out.
    for git_dir in [root.join(name), root.join(name).join(".git")] {
        if git_dir.join("HEAD").is_file() {
            fs::create_dir_all(git_dir.join("refs/heads")).unwrap();
            fs::create_dir_all(git_dir.join("objects")).unwrap();
        }
    }
}
