//! Which commits lie on which branch.

use std::collections::{HashMap, HashSet};

use lodge_activity::{ActorId, Commit, MergeRequest, People};

/// How many commits a branch has at most that was never merged with a commit of
/// its own.
const LONGEST: usize = 100;

/// The commits of a project by hash, and what brought them in.
pub(crate) struct Branches<'a> {
    commits: HashMap<&'a str, &'a Commit<ActorId>>,
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
        Self {
            commits: commits.iter().map(|it| (it.sha.as_str(), *it)).collect(),
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
                let before = self.reached(main, &HashSet::new());
                let own = self.reached(head, &before);
                own.into_iter().filter_map(|it| self.commits.get(it).copied()).collect()
            }
            None => self.line(head, request.author),
        };
        found.sort_by_key(|it| (it.authored_at, &it.sha));
        found
    }

    /// Every commit that `from` reaches without going through `but`.
    fn reached<'s>(&'s self, from: &'s str, but: &HashSet<&'s str>) -> HashSet<&'s str> {
        let (mut found, mut waiting) = (HashSet::new(), vec![from]);
        while let Some(sha) = waiting.pop() {
            if but.contains(sha) || !found.insert(sha) {
                continue;
            }
            let parents = self.commits.get(sha).and_then(|it| it.parents.as_ref());
            waiting.extend(parents.into_iter().flatten().map(String::as_str));
        }
        found
    }

    /// What lies in a line before `head`, by the same person.
    fn line(&self, head: &str, author: Option<ActorId>) -> Vec<&'a Commit<ActorId>> {
        let (mut found, mut next) = (Vec::new(), self.commits.get(head).copied());
        while let Some(it) = next {
            let is_own = author.is_some_and(|author| self.people.is_same(author, it.author));
            let is_elsewhere = it.sha != head && self.heads.contains(it.sha.as_str());
            if it.is_merge() || !is_own || is_elsewhere || found.len() >= LONGEST {
                break;
            }
            found.push(it);
            let parent = it.parents.as_ref().and_then(|it| it.first());
            next = parent.and_then(|it| self.commits.get(it.as_str()).copied());
        }
        found
    }
}
