//! Opened repositories, kept for the next question.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use gix::{
    Repository, ThreadSafeRepository,
    bstr::{BStr, BString, ByteSlice},
    open::Options,
    sec::Trust,
};
use lodge_forge::RepositoryId;
use lodge_provider::ProviderError;
use moka::sync::Cache;

use crate::{
    guard::{self, Inspected},
    ids,
    job::Job,
    locate::{self, Place},
};

/// How many repositories stay open; each holds maps of its packs' indices.
const MOST_OPEN: u64 = 256;
/// The largest object that is taken into memory, in bytes.
const LARGEST_OBJECT: u64 = 64 << 20;

/// The repositories below the root.
#[derive(Debug)]
pub(crate) struct Shelf {
    root: PathBuf,
    open: Cache<BString, Arc<Opened>>,
}

/// A repository that was looked through and opened.
pub(crate) struct Opened {
    pub(crate) place: Place,
    pub(crate) inspected: Inspected,
    shared: ThreadSafeRepository,
}

impl Opened {
    /// The repository, for one thread.
    pub(crate) fn repository(&self) -> Repository {
        self.shared.to_thread_local()
    }
}

impl Shelf {
    /// `root` is canonical.
    pub(crate) fn new(root: PathBuf) -> Self {
        Self { root, open: Cache::new(MOST_OPEN) }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The repository that `id` stands for.
    pub(crate) fn open(&self, id: &RepositoryId, job: &Job) -> Result<Arc<Opened>, ProviderError> {
        let path = ids::decode(id).ok_or(ProviderError::RepositoryNotFound)?;
        self.open_at(path.as_bstr(), job)
    }

    /// The repository at `path`, looked through again if anything about it has
    /// changed.
    pub(crate) fn open_at(&self, path: &BStr, job: &Job) -> Result<Arc<Opened>, ProviderError> {
        if let Some(opened) = self.open.get(path) {
            let Inspected { common_dir, stamp, .. } = &opened.inspected;
            if guard::stamp(&opened.place.git_dir, common_dir) == *stamp {
                return Ok(opened);
            }
        }
        let opened = Arc::new(self.open_now(path, job)?);
        self.open.insert(path.to_owned(), Arc::clone(&opened));
        Ok(opened)
    }

    fn open_now(&self, path: &BStr, job: &Job) -> Result<Opened, ProviderError> {
        let place = locate::at(&self.root, path).ok_or(ProviderError::RepositoryNotFound)?;
        let inspected = match guard::inspect(&self.root, &place.git_dir, job)? {
            Ok(inspected) => inspected,
            Err(refusal) => {
                tracing::warn!(repository = %path, %refusal, "a repository is not served");
                return Err(ProviderError::Forbidden);
            }
        };
        // Reduced trust: nothing that the repository's own configuration says
        // is acted on, except what is needed to find its objects.
        let options =
            Options::isolated().with(Trust::Reduced).open_path_as_is(true).config_overrides([
                "core.useReplaceRefs=false".to_owned(),
                format!("gitoxide.objects.allocLimit={LARGEST_OBJECT}"),
            ]);
        let opened = ThreadSafeRepository::open_opts(&place.git_dir, options);
        let shared = opened.map_err(|error| job.broken(error))?;
        Ok(Opened { place, inspected, shared })
    }
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Opened").field(&self.place).finish()
    }
}
