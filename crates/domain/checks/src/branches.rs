//! Which commits lie on which branch.

use std::collections::{HashMap, HashSet};

use lodge_activity::{ActorId, Commit, MergeRequest, People};

/// How many commits a branch has at most that was never merged with a commit of
/// its own.
const LONGEST: usize = 100;

/// The commits of a project, and what brought them in.
pub(crate) struct Branches<'a> {
    commits: Vec<&'a Commit<ActorId>>,
    /// Where in them a hash stands.
    places: HashMap<&'a str, usize>,
    /// The places of what each followed, as far as it is known.
    parents: Vec<Vec<usize>>,
    /// By what it brought in, what a merge commit followed.
    merged_into: HashMap<&'a str, &'a str>,
    heads: HashSet<&'a str>,
    people: &'a People,
}

impl<'a> Branches<'a> {
    pub(crate) fn of(
        commits: &[&'a Commit<ActorId>],
        requests: impl Iterator<Item = &'a MergeRequest<ActorId>>,
        people: &'a People,
    ) -> Self {
        let mut merged_into = HashMap::new();
        for it in commits {
            if let Some([main, brought @ ..]) = it.parents.as_deref() {
                merged_into.extend(brought.iter().map(|head| (head.as_str(), main.as_str())));
            }
        }
        let places: HashMap<_, _> =
            commits.iter().enumerate().map(|(n, it)| (it.sha.as_str(), n)).collect();
        let known = |it: &&Commit<ActorId>| -> Vec<usize> {
            let parents = it.parents.iter().flatten();
            parents.filter_map(|it| places.get(it.as_str()).copied()).collect()
        };
        Self {
            parents: commits.iter().map(known).collect(),
            commits: commits.to_vec(),
            places,
            merged_into,
            heads: requests.filter_map(|it| it.head_sha.as_deref()).collect(),
            people,
        }
    }

    /// The commits of a merge request as far as they are known, oldest first.
    pub(crate) fn commits(&self, request: &MergeRequest<ActorId>) -> Vec<&'a Commit<ActorId>> {
        let Some(head) = request.head_sha.as_deref() else { return Vec::new() };
        let mut found = match self.merged_into.get(head) {
            Some(main) => {
                let mut seen = vec![false; self.commits.len()];
                self.reach(main, &mut seen);
                let own = self.reach(head, &mut seen);
                own.into_iter().filter_map(|it| self.commits.get(it).copied()).collect()
            }
            None => self.line(head, request.author),
        };
        found.sort_by_key(|it| (it.authored_at, &it.sha));
        found
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

    /// What lies in a line before `head`, by the same person.
    fn line(&self, head: &str, author: Option<ActorId>) -> Vec<&'a Commit<ActorId>> {
        let (mut found, mut next) = (Vec::new(), self.commit(head));
        while let Some(it) = next {
            let is_own = author.is_some_and(|author| self.people.is_same(author, it.author));
            let is_elsewhere = it.sha != head && self.heads.contains(it.sha.as_str());
            if it.is_merge() || !is_own || is_elsewhere || found.len() >= LONGEST {
                break;
            }
            found.push(it);
            let parent = it.parents.as_ref().and_then(|it| it.first());
            next = parent.and_then(|it| self.commit(it));
        }
        found
    }
}
