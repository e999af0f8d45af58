//! Every commit that some branch reaches, the newest first.
//!
//! The order is by time and then by hash, whatever led there, so that a
//! position is a place in it, and holds while branches come, move and go.

use std::{cmp::Reverse, collections::HashSet, path::PathBuf, sync::Arc};

use gix::{ObjectId, Repository};
use lodge_provider::ProviderError;
use moka::sync::Cache;

use crate::{history, job::Job, refs};

/// How many commits a repository may have here: about 100 bytes each.
const MOST: usize = 500_000;
/// How many commits all kept lists may hold.
const MOST_KEPT: u64 = 1_000_000;

/// A commit's place: when it was made, the newest first, and its hash.
pub(crate) type Spot = (Reverse<i64>, ObjectId);

/// The lists that were asked for lately, by what the branches lead to.
#[derive(Debug)]
pub(crate) struct Reaches(Cache<Key, Arc<Vec<Spot>>>);

/// The repository, its branches' commits and, for a shallow one, where its
/// history ends.
type Key = (PathBuf, Vec<ObjectId>, Vec<ObjectId>);

impl Reaches {
    pub(crate) fn new() -> Self {
        let weigh = |_: &Key, spots: &Arc<Vec<Spot>>| {
            u32::try_from(spots.len()).unwrap_or(u32::MAX).saturating_add(1)
        };
        Self(Cache::builder().max_capacity(MOST_KEPT).weigher(weigh).build())
    }

    /// Every commit that a branch of `repository` reaches, in order.
    pub(crate) fn of(
        &self,
        repository: &Repository,
        job: &Job,
    ) -> Result<Arc<Vec<Spot>>, ProviderError> {
        let branches = refs::listed(repository, "refs/heads/", None, usize::MAX, job)?;
        let mut heads: Vec<_> = branches.into_iter().map(|(_, id)| id).collect();
        heads.extend(refs::head(repository, job)?.map(|head| head.id));
        heads.sort_unstable();
        heads.dedup();
        let boundary = history::boundary(repository, job)?;
        let key = (repository.git_dir().to_owned(), heads, boundary);
        if let Some(spots) = self.0.get(&key) {
            return Ok(spots);
        }
        let spots = Arc::new(walk(repository, &key.1, &key.2, job)?);
        self.0.insert(key, Arc::clone(&spots));
        Ok(spots)
    }
}

fn walk(
    repository: &Repository,
    heads: &[ObjectId],
    boundary: &[ObjectId],
    job: &Job,
) -> Result<Vec<Spot>, ProviderError> {
    let mut seen: HashSet<ObjectId> = heads.iter().copied().collect();
    let mut open = heads.to_vec();
    let mut spots = Vec::new();
    while let Some(id) = open.pop() {
        if spots.len().is_multiple_of(64) {
            job.check()?;
        }
        if spots.len() == MOST {
            return Err(job.broken(format!("it has more than {MOST} commits")));
        }
        // A list that leaves some out would look like a true one.
        let (seconds, parents) = history::read(repository, id).ok_or_else(|| job.missing(id))?;
        spots.push((Reverse(seconds), id));
        if !boundary.contains(&id) {
            open.extend(parents.into_iter().filter(|it| seen.insert(*it)));
        }
    }
    spots.sort_unstable();
    Ok(spots)
}
