//! The list of repositories, kept for a moment.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use gix::bstr::{BStr, BString, ByteSlice};
use lodge_forge::{ProviderName, Repository};
use lodge_kernel::Timestamp;
use lodge_pagination::{Page, PageRequest};
use lodge_provider::ProviderError;
use lodge_provider_kit::{Marks, Read};
use moka::sync::Cache;

use crate::{describe::describe, job::Job, locate, shelf::Shelf};

const KIND: &str = "repositories";
/// How old an answer may be. Reads of a repository itself are never old.
const FRESH: Duration = Duration::from_secs(1);
/// How many descriptions are kept.
const MOST_KEPT: u64 = 10_000;

/// What was found below the root, and when.
#[derive(Debug)]
pub(crate) struct Catalogue {
    paths: RwLock<Option<Aged<Arc<Vec<BString>>>>>,
    described: Cache<BString, Aged<Arc<Described>>>,
}

#[derive(Clone, Debug)]
struct Aged<T> {
    at: Timestamp,
    value: T,
}

impl<T: Clone> Aged<T> {
    /// The value, unless it is old, or from a time that has yet to come.
    fn fresh(&self, now: Timestamp) -> Option<T> {
        (self.at <= now && now.since(self.at) < FRESH).then(|| self.value.clone())
    }
}

/// `None` for a repository that cannot be read.
type Described = Option<Repository>;

impl Catalogue {
    pub(crate) fn new() -> Self {
        Self { paths: RwLock::default(), described: Cache::new(MOST_KEPT) }
    }

    /// One page from memory alone. `None` when something in it is old.
    pub(crate) fn remembered(
        &self,
        request: &PageRequest,
        now: Timestamp,
    ) -> Option<Result<Page<Repository>, ProviderError>> {
        let paths = self.remembered_paths(now)?;
        let (shown, more) = match page_of(&paths, request) {
            Ok(page) => page,
            Err(error) => return Some(Err(error)),
        };
        let mut items = Vec::with_capacity(shown.len());
        for path in shown {
            items.extend((*self.described.get(path)?.fresh(now)?).clone());
        }
        Some(next_of(shown, more).map(|next| Page { items, next }))
    }

    /// One page, found and read as far as it is not remembered.
    pub(crate) fn list(
        &self,
        store: &Shelf,
        provider: &ProviderName,
        request: &PageRequest,
        now: Timestamp,
        job: &Job,
    ) -> Result<Page<Repository>, ProviderError> {
        let paths = match self.remembered_paths(now) {
            Some(paths) => paths,
            None => self.find(store, now, job)?,
        };
        let (shown, more) = page_of(&paths, request)?;
        let mut items = Vec::with_capacity(shown.len());
        for path in shown {
            match self.describe(store, provider, path.as_bstr(), now, job) {
                Ok(repository) => items.push(repository),
                Err(ProviderError::TimedOut) => return Err(ProviderError::TimedOut),
                Err(error) => tracing::debug!(%path, %error, "a repository is not listed"),
            }
        }
        Ok(Page { items, next: next_of(shown, more)? })
    }

    /// One repository.
    pub(crate) fn describe(
        &self,
        store: &Shelf,
        provider: &ProviderName,
        path: &BStr,
        now: Timestamp,
        job: &Job,
    ) -> Result<Repository, ProviderError> {
        let remembered = self.described.get(path).and_then(|aged| aged.fresh(now));
        if let Some(Some(repository)) = remembered.as_deref() {
            return Ok(repository.clone());
        }
        let found = store.open_at(path, job).and_then(|opened| describe(&opened, provider, job));
        if !matches!(found, Err(ProviderError::TimedOut)) {
            let value = Arc::new(found.as_ref().ok().cloned());
            self.described.insert(path.to_owned(), Aged { at: now, value });
        }
        found
    }

    fn remembered_paths(&self, now: Timestamp) -> Option<Arc<Vec<BString>>> {
        self.paths.read().unwrap_or_else(PoisonError::into_inner).as_ref()?.fresh(now)
    }

    fn find(
        &self,
        store: &Shelf,
        now: Timestamp,
        job: &Job,
    ) -> Result<Arc<Vec<BString>>, ProviderError> {
        let places = locate::all(store.root(), job)?;
        let value = Arc::new(places.into_iter().map(|place| place.path).collect::<Vec<_>>());
        let aged = Aged { at: now, value: Arc::clone(&value) };
        *self.paths.write().unwrap_or_else(PoisonError::into_inner) = Some(aged);
        Ok(value)
    }
}

/// The paths of one page, and whether there are more.
fn page_of<'a>(
    paths: &'a [BString],
    request: &PageRequest,
) -> Result<(&'a [BString], bool), ProviderError> {
    let from = match Read::of(KIND, request.from.as_ref())? {
        Some(read) => {
            let after = read.bytes("after")?;
            paths.partition_point(|path| *path <= after)
        }
        None => 0,
    };
    let end = paths.len().min(from + request.limit.get());
    Ok((paths.get(from..end).unwrap_or_default(), end < paths.len()))
}

fn next_of(
    shown: &[BString],
    more: bool,
) -> Result<Option<lodge_pagination::Position>, ProviderError> {
    match shown.last() {
        Some(path) if more => Ok(Some(Marks::of(KIND)?.with_bytes("after", path)?.done())),
        _ => Ok(None),
    }
}
