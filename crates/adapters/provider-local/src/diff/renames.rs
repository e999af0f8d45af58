//! Files that went to another path: `git diff -M` with its usual limits.

use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
};

use gix::{
    ObjectId, Repository,
    bstr::{BStr, ByteSlice},
};
use lodge_provider::ProviderError;

use super::{
    changes::{Change, Side},
    content,
    deltas::Known,
    similarity::{Chunks, LEAST, LEAST_SAME_NAME},
};
use crate::job::Job;

/// Git's usual `diff.renameLimit`: with more pairs than its square, only equal
/// files and files of one name are joined.
const LIMIT: usize = 1_000;
/// How many of the most alike sources are considered for one file.
const CANDIDATES: usize = 4;
/// How many bytes are read to find renames.
const MOST_BYTES: u64 = 64 << 20;
/// How many chunks are compared, which is some seconds' work.
const MOST_STEPS: usize = 400_000_000;

/// Joins a file that is gone and a file that is new where one became the other.
pub(super) fn join(
    repository: &Repository,
    changes: &[Change],
    job: &Job,
) -> Result<Vec<Change>, ProviderError> {
    let mut search = Search::new(repository, changes, job);
    if !search.gone.is_empty() && !search.new.is_empty() {
        search.equal_files();
        search.files_of_one_name()?;
        search.similar_files()?;
    }
    let joined = search.joined;
    let sources = joined.values().copied().collect::<HashSet<_>>();
    let from = |index: &usize| joined.get(index).and_then(|gone| changes.get(*gone));
    let kept = changes.iter().enumerate().filter(|(index, _)| !sources.contains(index));
    let renamed = kept.map(|(index, change)| match from(&index) {
        None => change.clone(),
        Some(gone) => {
            Change { from: Some(gone.path.clone()), before: gone.before, ..change.clone() }
        }
    });
    Ok(renamed.collect())
}

/// One file that is gone or new.
struct Candidate<'a> {
    index: usize,
    path: &'a BStr,
    side: Side,
}

impl Candidate<'_> {
    fn name(&self) -> &BStr {
        self.path.rsplit_str("/").next().unwrap_or_default().as_bstr()
    }
}

struct Search<'a> {
    repository: &'a Repository,
    job: &'a Job,
    gone: Vec<Candidate<'a>>,
    new: Vec<Candidate<'a>>,
    /// The gone file that each new one was, both by index into the changes.
    joined: HashMap<usize, usize>,
    used: HashSet<usize>,
    chunks: HashMap<ObjectId, Option<Chunks>>,
    bytes_left: u64,
    steps_left: usize,
}

impl<'a> Search<'a> {
    fn new(repository: &'a Repository, changes: &'a [Change], job: &'a Job) -> Self {
        let mut search = Self {
            repository,
            job,
            gone: Vec::new(),
            new: Vec::new(),
            joined: HashMap::new(),
            used: HashSet::new(),
            chunks: HashMap::new(),
            bytes_left: MOST_BYTES,
            steps_left: MOST_STEPS,
        };
        for (index, change) in changes.iter().enumerate() {
            let path = change.path.as_bstr();
            match (change.before, change.after) {
                (Some(side), None) => search.gone.push(Candidate { index, path, side }),
                (None, Some(side)) => search.new.push(Candidate { index, path, side }),
                _ => {}
            }
        }
        search
    }

    /// The same content: of several sources, one with the same name.
    fn equal_files(&mut self) {
        let mut sources = HashMap::<ObjectId, Vec<&Candidate<'_>>>::new();
        for gone in &self.gone {
            sources.entry(gone.side.id).or_default().push(gone);
        }
        for new in &self.new {
            let alike = |gone: &&&Candidate<'_>| {
                let kind = new.side.is_file() && gone.side.is_file();
                (kind || new.side.kind == gone.side.kind) && !self.used.contains(&gone.index)
            };
            let known = sources.get(&new.side.id).map(Vec::as_slice).unwrap_or_default();
            let best = known.iter().filter(alike).find(|gone| gone.name() == new.name());
            if let Some(gone) = best.or_else(|| known.iter().find(alike)) {
                self.used.insert(gone.index);
                self.joined.insert(new.index, gone.index);
            }
        }
        self.drop_joined();
    }

    /// A name that is gone once and new once.
    fn files_of_one_name(&mut self) -> Result<(), ProviderError> {
        let pairs = {
            let (gone, new) = (by_name(&self.gone), by_name(&self.new));
            let once = self.gone.iter().filter_map(|it| {
                let gone = gone.get(it.name()).copied().flatten()?;
                let new = new.get(it.name()).copied().flatten()?;
                Some((gone, new))
            });
            once.collect::<Vec<_>>()
        };
        for (gone, new) in pairs {
            if self.similarity(gone, new)? >= LEAST_SAME_NAME {
                self.join(gone, new);
            }
        }
        self.drop_joined();
        Ok(())
    }

    /// Whatever is alike enough, the most alike first.
    fn similar_files(&mut self) -> Result<(), ProviderError> {
        if self.gone.len() * self.new.len() > LIMIT * LIMIT {
            return Ok(());
        }
        let mut ranked = Vec::new();
        for new in 0..self.new.len() {
            let mut best = Vec::new();
            for gone in 0..self.gone.len() {
                let score = self.similarity(gone, new)?;
                if score >= LEAST {
                    let same = self.gone.get(gone).map(Candidate::name)
                        == self.new.get(new).map(Candidate::name);
                    best.push((score, same, gone, new));
                }
            }
            best.sort_by_key(|(score, same, ..)| Reverse((*score, *same)));
            best.truncate(CANDIDATES);
            ranked.extend(best);
        }
        if self.steps_left == 0 {
            // Half of an answer would depend on the order of the files.
            return Ok(());
        }
        ranked.sort_by_key(|(score, same, ..)| Reverse((*score, *same)));
        for (_, _, gone, new) in ranked {
            self.join(gone, new);
        }
        Ok(())
    }

    fn join(&mut self, gone: usize, new: usize) {
        let (Some(gone), Some(new)) = (self.gone.get(gone), self.new.get(new)) else { return };
        if !self.joined.contains_key(&new.index) && self.used.insert(gone.index) {
            self.joined.insert(new.index, gone.index);
        }
    }

    fn drop_joined(&mut self) {
        let (used, joined) = (&self.used, &self.joined);
        self.gone.retain(|gone| !used.contains(&gone.index));
        self.new.retain(|new| !joined.contains_key(&new.index));
    }

    fn similarity(&mut self, gone: usize, new: usize) -> Result<u64, ProviderError> {
        self.job.check()?;
        let sides = self.gone.get(gone).zip(self.new.get(new));
        let Some((gone, new)) = sides.map(|(gone, new)| (gone.side, new.side)) else {
            return Ok(0);
        };
        if !gone.is_file() || !new.is_file() {
            return Ok(0);
        }
        self.read(gone.id)?;
        self.read(new.id)?;
        let chunks = |id| self.chunks.get(&id).and_then(Option::as_ref);
        let (Some(gone), Some(new)) = (chunks(gone.id), chunks(new.id)) else { return Ok(0) };
        self.steps_left = self.steps_left.saturating_sub(gone.len() + new.len());
        Ok(if self.steps_left == 0 { 0 } else { gone.similarity(new) })
    }

    fn read(&mut self, id: ObjectId) -> Result<(), ProviderError> {
        if self.chunks.contains_key(&id) {
            return Ok(());
        }
        let bytes = content::bytes(self.repository, &Known::new(), id, self.job)?;
        let size = bytes.as_ref().map_or(0, |bytes| u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        let fits = size <= self.bytes_left;
        self.bytes_left = self.bytes_left.saturating_sub(size);
        let chunks = bytes.filter(|_| fits).map(|bytes| Chunks::of(&bytes));
        self.chunks.insert(id, chunks);
        Ok(())
    }
}

/// Where each name stands; `None` for a name that several files have.
fn by_name<'a>(candidates: &'a [Candidate<'a>]) -> HashMap<&'a BStr, Option<usize>> {
    let mut names = HashMap::new();
    for (index, candidate) in candidates.iter().enumerate() {
        names.entry(candidate.name()).and_modify(|it| *it = None).or_insert(Some(index));
    }
    names
}
