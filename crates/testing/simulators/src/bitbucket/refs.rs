//! Branches, tags, and the commits that they reach.

use lodge_forge::{Branch, Commit, Tag};
use serde_json::{Value, json};

use super::{
    errors::{no_commit, refuse},
    objects::{Teller, date},
    pages::{Counting, page},
};
use crate::{Ask, Reply, WorldRepository};

impl Teller<'_> {
    pub(super) async fn branches(&self, ask: &Ask, it: &WorldRepository) -> Reply {
        let all: Vec<_> =
            it.branches().await.iter().map(|branch| self.one_branch(it, branch)).collect();
        page(ask, &all, 100, Counting::Numbers)
    }

    pub(super) async fn branch(&self, it: &WorldRepository, name: &str) -> Reply {
        match it.branches().await.iter().find(|branch| branch.name == name) {
            Some(branch) => Reply::json(200, &self.one_branch(it, branch)),
            None => refuse(404, &format!("Branch {name} not found")),
        }
    }

    fn one_branch(&self, it: &WorldRepository, branch: &Branch) -> Value {
        let below = format!("{}/2.0/repositories/{}", self.address, it.full_name());
        json!({
            "type": "branch",
            "name": branch.name,
            "target": it.commit(&branch.sha).map(|commit| self.commit(it, &commit)),
            "merge_strategies": ["merge_commit", "squash", "fast_forward"],
            "default_merge_strategy": "merge_commit",
            "links": {
                "self": {"href": format!("{below}/refs/branches/{}", branch.name)},
                "commits": {"href": format!("{below}/commits/{}", branch.name)},
            },
        })
    }

    pub(super) async fn tags(&self, ask: &Ask, it: &WorldRepository) -> Reply {
        let all: Vec<_> = it.tags().await.iter().map(|tag| self.one_tag(it, tag)).collect();
        page(ask, &all, 100, Counting::Numbers)
    }

    pub(super) async fn tag(&self, it: &WorldRepository, name: &str) -> Reply {
        match it.tags().await.iter().find(|tag| tag.name == name) {
            Some(tag) => Reply::json(200, &self.one_tag(it, tag)),
            None => refuse(404, &format!("Tag {name} not found")),
        }
    }

    pub(super) fn one_tag(&self, it: &WorldRepository, tag: &Tag) -> Value {
        json!({
            "type": "tag",
            "name": tag.name,
            "date": date(tag.created_at),
            "message": tag.message,
            "tagger": tag.tagger.as_ref().map(|tagger| self.author(tagger)),
            "target": it.commit(&tag.sha).map(|commit| self.commit(it, &commit)),
            "links": {
                "self": {"href": format!("{}/2.0/repositories/{}/refs/tags/{}", self.address, it.full_name(), tag.name)},
            },
        })
    }

    /// What `revision` reaches; what any branch reaches without one.
    pub(super) async fn commits(
        &self,
        ask: &Ask,
        it: &WorldRepository,
        revision: Option<&str>,
    ) -> Reply {
        let mut all: Vec<Commit> = Vec::new();
        match revision {
            Some(revision) => match commit_of(it, revision).await {
                Some(commit) => all.extend(it.history(&commit.sha).iter().cloned()),
                None => return no_commit(revision),
            },
            None => {
                for branch in it.branches().await {
                    let reached = it.history(&branch.sha);
                    let seen: Vec<_> = all.iter().map(|commit| commit.sha.clone()).collect();
                    all.extend(reached.iter().filter(|it| !seen.contains(&it.sha)).cloned());
                }
            }
        }
        let all: Vec<_> = all.iter().map(|commit| self.commit(it, commit)).collect();
        page(ask, &all, 100, Counting::Context)
    }

    pub(super) async fn one_commit(&self, it: &WorldRepository, revision: &str) -> Reply {
        match commit_of(it, revision).await {
            Some(commit) => Reply::json(200, &self.commit(it, &commit)),
            None => no_commit(revision),
        }
    }

    /// The best commit that both of `one..other` reach.
    pub(super) async fn merge_base(&self, it: &WorldRepository, both: &str) -> Reply {
        let Some((one, other)) = both.split_once("..") else {
            return refuse(400, "Invalid revspec");
        };
        let (Some(one), Some(other)) = (commit_of(it, one).await, commit_of(it, other).await)
        else {
            return no_commit(both);
        };
        match it.merge_base(&one.sha, &other.sha).and_then(|sha| it.commit(&sha)) {
            Some(base) => Reply::json(200, &self.commit(it, &base)),
            None => refuse(404, "No common ancestor"),
        }
    }
}

/// A commit by branch, tag, hash, or the beginning of a hash.
pub(super) async fn commit_of(it: &WorldRepository, revision: &str) -> Option<Commit> {
    if let Some(sha) = it.resolve(revision).await {
        return it.commit(&sha);
    }
    if revision.len() < 7 || !revision.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    for branch in it.branches().await {
        let reached = it.history(&branch.sha);
        if let Some(commit) = reached.iter().find(|commit| commit.sha.starts_with(revision)) {
            return Some(commit.clone());
        }
    }
    None
}
