//! Which commits lie on which branch.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use lodge_activity::{ActorId, Commit, MergeRequest, People};
use lodge_kernel::Timestamp;

/// How many commits a branch has at most that was never merged with a commit of
/// its own.
const LONGEST: usize = 100;
/// How far the clock of who merges is ahead of the host's at most.
const SKEW: Duration = Duration::from_mins(1);

/// The commits of a project, and what brought them in.
pub(crate) struct Branches<'a> {
    commits: Vec<&'a Commit<ActorId>>,
    /// Where in them a hash stands.
    places: HashMap<&'a str, usize>,
    /// The places of what each followed, as far as it is known.
    parents: Vec<Vec<usize>>,
    /// By what they brought in, the merge commits, oldest first.
    merges: HashMap<&'a str, Vec<&'a Commit<ActorId>>>,
    heads: HashSet<&'a str>,
    people: &'a People,
}

impl<'a> Branches<'a> {
    /// Of these commits, oldest first.
    pub(crate) fn of(
        commits: &[&'a Commit<ActorId>],
        requests: impl Iterator<Item = &'a MergeRequest<ActorId>>,
        people: &'a People,
    ) -> Self {
        let places: HashMap<_, _> =
            commits.iter().enumerate().map(|(n, it)| (it.sha.as_str(), n)).collect();
        let known = |it: &&Commit<ActorId>| -> Vec<usize> {
            let parents = it.parents.iter().flatten();
            parents.filter_map(|it| places.get(it.as_str()).copied()).collect()
        };
        let mut merges: HashMap<_, Vec<_>> = HashMap::new();
        for it in commits {
            for head in brought(it) {
                merges.entry(head.as_str()).or_default().push(*it);
            }
        }
        Self {
            parents: commits.iter().map(known).collect(),
            commits: commits.to_vec(),
            places,
            merges,
            heads: requests.filter_map(|it| it.head_sha.as_deref()).collect(),
            people,
        }
    }

    /// The commits of a merge request as far as they are known, oldest first.
    pub(crate) fn commits(&self, request: &MergeRequest<ActorId>) -> Vec<&'a Commit<ActorId>> {
        let Some(head) = request.head_sha.as_deref() else { return Vec::new() };
        let mut found = match self.taken_in_by(head, request.merged()) {
            Some(merge) => {
                let mut seen = vec![false; self.commits.len()];
                if let Some(main) = merge.parents.iter().flatten().next() {
                    self.reach(main, &mut seen);
                }
                let own = self.reach(head, &mut seen);
                own.into_iter().filter_map(|it| self.commits.get(it).copied()).collect()
            }
            None => self.line(head, request.author),
        };
        found.sort_by_key(|it| (it.authored_at, &it.sha));
        found
    }

    /// The merge commit that took in what ends with `head`: the last one that
    /// brought it and was there when it was `merged`. One that came later took
    /// the branch in elsewhere, or brought another branch up to date.
    fn taken_in_by(&self, head: &str, merged: Option<Timestamp>) -> Option<&'a Commit<ActorId>> {
        let was_there = |it: &&&Commit<ActorId>| {
            merged.is_none_or(|merged| it.authored_at <= merged.plus(SKEW))
        };
        self.merges.get(head)?.iter().rev().find(was_there).copied()
    }

    fn commit(&self, sha: &str) -> Option<&'a Commit<ActorId>> {
        self.places.get(sha).and_then(|n| self.commits.get(*n)).copied()
    }

    /// The places of every commit that `from` reaches without going through what
    /// was `seen`, which they are from then on.
    fn reach(&self, from: &str, seen: &mut [bool]) -> Vec<usize> {
        let mut waiting: Vec<_> = self.places.get(from).copied().into_iter().collect();
        let mut found = Vec::new();
        while let Some(n) = waiting.pop() {
            let Some(is_seen) = seen.get_mut(n).filter(|it| !**it) else { continue };
            *is_seen = true;
            found.push(n);
            waiting.extend(self.parents.get(n).into_iter().flatten());
        }
        found
    }

    /// What lies in a line up to `head`, by the same person. A merge that brought
    /// the branch up to date is passed over; one that took in a merge request is
    /// of the branch that this one began from.
    fn line(&self, head: &str, author: Option<ActorId>) -> Vec<&'a Commit<ActorId>> {
        let (mut found, mut seen) = (Vec::new(), HashSet::new());
        let mut next = self.commit(head);
        while let Some(it) = next.filter(|it| seen.insert(&it.sha) && seen.len() <= LONGEST) {
            let is_own = author.is_some_and(|author| self.people.is_same(author, it.author));
            let is_elsewhere = it.sha != head && self.is_elsewhere(it);
            if is_elsewhere || !it.is_merge() && !is_own {
                break;
            }
            found.push(it);
            let parent = it.parents.as_ref().and_then(|it| it.first());
            next = parent.and_then(|it| self.commit(it));
        }
        found
    }

    /// It is the newest commit of a merge request, or took one in.
    fn is_elsewhere(&self, it: &Commit<ActorId>) -> bool {
        std::iter::once(&it.sha).chain(brought(it)).any(|it| self.heads.contains(it.as_str()))
    }
}

/// What a merge commit brought in.
fn brought(it: &Commit<ActorId>) -> &[String] {
    it.parents.as_deref().and_then(|it| it.get(1..)).unwrap_or_default()
}
