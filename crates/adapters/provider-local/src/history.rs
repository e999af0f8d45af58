//! The commits that a commit reaches, newest first, found as far as somebody
//! has asked and kept for the next page.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashSet},
    sync::{Arc, Mutex, PoisonError},
};

use gix::{ObjectId, Repository, objs};
use lodge_provider::ProviderError;
use moka::sync::Cache;

use crate::job::Job;

/// How many commits all kept histories may hold: about 100 bytes each.
const MOST_KEPT: u64 = 1_000_000;

/// The histories that were asked for lately, by first commit and boundary.
#[derive(Debug)]
pub(crate) struct Histories(Cache<Key, Arc<History>>);

/// The commit and, for a shallow repository, where its history ends.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    git_dir: std::path::PathBuf,
    head: ObjectId,
    boundary: Vec<ObjectId>,
}

/// A part of a history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub(crate) ids: Vec<ObjectId>,
    /// Where the next stretch begins. `None` at the end.
    pub(crate) next: Option<usize>,
}

impl Histories {
    pub(crate) fn new() -> Self {
        let weigh = |_: &Key, history: &Arc<History>| history.weight();
        Self(Cache::builder().max_capacity(MOST_KEPT).weigher(weigh).build())
    }

    /// `limit` commits of what `head` reaches, after the first `skip`.
    ///
    /// A commit that is missing ends the listing with an error, but only for
    /// the stretch that begins with it.
    pub(crate) fn stretch(
        &self,
        repository: &Repository,
        head: ObjectId,
        skip: usize,
        limit: usize,
        job: &Job,
    ) -> Result<Stretch, ProviderError> {
        let key = Key {
            git_dir: repository.git_dir().to_owned(),
            head,
            boundary: boundary(repository, job)?,
        };
        let history = self.0.get_with_by_ref(&key, || Arc::new(History::new(head)));
        let before = history.weight();
        let stretch = history.stretch(repository, &key.boundary, skip, limit, job);
        if history.weight() != before {
            // The cache weighs only what is put into it.
            self.0.insert(key, history);
        }
        stretch
    }
}

/// The commits whose parents a shallow repository does not have.
pub(crate) fn boundary(repository: &Repository, job: &Job) -> Result<Vec<ObjectId>, ProviderError> {
    let shallow = repository.shallow_commits().map_err(|error| job.broken(error))?;
    Ok(shallow.map(|commits| commits.iter().copied().collect()).unwrap_or_default())
}

#[derive(Debug)]
struct History {
    head: ObjectId,
    walk: Mutex<Walk>,
}

#[derive(Debug, Default)]
struct Walk {
    begun: bool,
    listed: Vec<ObjectId>,
    seen: HashSet<ObjectId>,
    /// Found, not yet listed: the newest on top, of equals the first found.
    waiting: BinaryHeap<Waiting>,
    found: u64,
    /// The commit that should come next, and is not there.
    hole: Option<ObjectId>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Waiting {
    seconds: i64,
    turn: Reverse<u64>,
    id: ObjectId,
    /// `None` when the commit is missing.
    parents: Option<Vec<ObjectId>>,
}

impl History {
    fn new(head: ObjectId) -> Self {
        Self { head, walk: Mutex::default() }
    }

    fn weight(&self) -> u32 {
        let walk = self.walk.lock().unwrap_or_else(PoisonError::into_inner);
        u32::try_from(walk.seen.len()).unwrap_or(u32::MAX).saturating_add(1)
    }

    fn stretch(
        &self,
        repository: &Repository,
        boundary: &[ObjectId],
        skip: usize,
        limit: usize,
        job: &Job,
    ) -> Result<Stretch, ProviderError> {
        let end = skip.saturating_add(limit);
        let mut walk = self.walk.lock().unwrap_or_else(PoisonError::into_inner);
        if !walk.begun {
            walk.find(repository, boundary, self.head, i64::MAX);
            walk.begun = true;
        }
        while walk.listed.len() <= end && walk.step(repository, boundary) {
            if walk.listed.len().is_multiple_of(64) {
                job.check()?;
            }
        }
        let listed = &walk.listed;
        let ids = listed.get(skip..end.min(listed.len())).unwrap_or_default().to_vec();
        match walk.hole {
            Some(hole) if ids.is_empty() => Err(job.missing(hole)),
            Some(_) if ids.len() < limit => Ok(Stretch { next: Some(skip + ids.len()), ids }),
            _ => Ok(Stretch { next: (listed.len() > end).then_some(end), ids }),
        }
    }
}

impl Walk {
    /// Lists one more commit. `false` when there is none.
    fn step(&mut self, repository: &Repository, boundary: &[ObjectId]) -> bool {
        if self.hole.is_some() {
            return false;
        }
        let Some(next) = self.waiting.pop() else { return false };
        let Some(parents) = next.parents else {
            self.hole = Some(next.id);
            return false;
        };
        self.listed.push(next.id);
        for parent in parents {
            self.find(repository, boundary, parent, next.seconds);
        }
        true
    }

    /// Takes note of a commit. One that cannot be read waits at the date of
    /// the child that named it.
    fn find(
        &mut self,
        repository: &Repository,
        boundary: &[ObjectId],
        id: ObjectId,
        child_seconds: i64,
    ) {
        if !self.seen.insert(id) {
            return;
        }
        let (seconds, parents) = match read(repository, id) {
            Some((seconds, _)) if boundary.contains(&id) => (seconds, Some(Vec::new())),
            Some((seconds, parents)) => (seconds, Some(parents)),
            None => (child_seconds, None),
        };
        self.found += 1;
        self.waiting.push(Waiting { seconds, turn: Reverse(self.found), id, parents });
    }
}

/// When the commit `id` was made, in seconds since the epoch, and its parents.
/// `None` when it is not there or not a commit.
pub(crate) fn read(repository: &Repository, id: ObjectId) -> Option<(i64, Vec<ObjectId>)> {
    let object = repository.try_find_object(id).ok()??;
    (object.kind == objs::Kind::Commit).then_some(())?;
    let commit = objs::CommitRefIter::from_bytes(&object.data, id.kind());
    let seconds = commit.committer().map(|it| it.seconds()).unwrap_or_default();
    Some((seconds, commit.parent_ids().collect()))
}
