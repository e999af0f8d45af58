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
