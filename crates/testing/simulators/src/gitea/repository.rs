//! What is asked of one repository.

use std::cmp::Reverse;

use super::{
    GiteaSimulator, bodies, checks, error, hooks, not_found, pages::Pages, patch, pulls, trees,
};
use crate::{Ask, Reply, World, WorldRepository};

/// One question about one repository.
pub(super) struct Question<'a> {
    pub(super) ask: &'a Ask,
    pub(super) world: &'a World,
    pub(super) repository: &'a WorldRepository,
    /// The repository's name by now.
    pub(super) name: &'a str,
    pub(super) pages: Pages<'a>,
}

impl GiteaSimulator {
    pub(super) async fn of_repository(
        &self,
        ask: &Ask,
        world: &World,
        repository: &WorldRepository,
        rest: &[&str],
    ) -> Reply {
        let name = self.name_of(repository);
        let pages = Pages { ask, most: self.0.most_items };
        let question = Question { ask, world, repository, name: &name, pages };
        match (ask.method.as_str(), rest) {
            ("GET", []) => Reply::json(200, &bodies::repository(ask, world, repository, &name)),
            ("GET", ["branches"]) => question.branches().await,
            ("GET", ["branches", branch @ ..]) => question.branch(&branch.join("/")).await,
            ("GET", ["commits"]) => question.commits().await,
            ("GET", ["commits", reference, "statuses"]) => {
                checks::statuses(&question, reference).await
            }
            ("GET", ["git", "commits", sha]) => question.commit(sha).await,
            ("GET", ["git", "trees", sha]) => trees::answer(&question, sha).await,
            ("GET", ["tags"]) => question.tags(!self.0.older).await,
            ("GET", ["tags", tag @ ..]) => question.tag(&tag.join("/")).await,
            ("GET", ["releases"]) => question.releases().await,
            ("GET", ["pulls"]) => pulls::list(&question).await,
            ("GET", ["pulls", number]) => pulls::one(&question, number).await,
            ("GET", ["actions", "runs"]) if !self.0.older => checks::runs(&question),
            (_, ["hooks", rest @ ..]) => hooks::answer(self, &question, rest),
            _ => not_found(ask),
        }
    }
}

impl Question<'_> {
    /// The newest commit first, then by name.
    async fn branches(&self) -> Reply {
        let mut all = self.repository.branches().await;
        all.sort_by_key(|it| (Reverse(it.committed_at), it.name.clone()));
        let all = all.iter().map(|it| {
            let commit = self.repository.commit(&it.sha);
            bodies::branch(self.ask, self.name, it, commit.as_ref())
        });
        self.pages.linked(all)
    }

    async fn branch(&self, name: &str) -> Reply {
        let all = self.repository.branches().await;
        let Some(found) = all.iter().find(|it| it.name == name) else { return not_found(self.ask) };
        let commit = self.repository.commit(&found.sha);
        Reply::json(200, &bodies::branch(self.ask, self.name, found, commit.as_ref()))
    }

    async fn commits(&self) -> Reply {
        let head = match self.ask.query("sha") {
            Some(sha) => self.repository.resolve(sha).await,
            None => self.repository.head().await,
        };
        let Some(head) = head else {
            if self.repository.facts.default_branch.is_none() {
                return error(self.ask, 409, "Git Repository is empty.");
            }
            return not_found(self.ask);
        };
        let all = self.repository.history(&head);
        let all = all.iter().map(|it| bodies::commit(self.ask, self.world, self.name, it));
        self.pages.of_commits(all)
    }

    /// A commit, or its diff.
    async fn commit(&self, sha: &str) -> Reply {
        if let Some(sha) = sha.strip_suffix(".diff") {
            let (diff, commit) = (self.repository.diff(sha).await, self.repository.commit(sha));
            let (Some(diff), Some(commit)) = (diff, commit) else { return not_found(self.ask) };
            return patch::reply(&diff, Some(&commit));
        }
        let commit = match self.repository.resolve(sha).await {
            Some(sha) => self.repository.commit(&sha),
            None => None,
        };
        let Some(commit) = commit else { return not_found(self.ask) };
        Reply::json(200, &bodies::commit(self.ask, self.world, self.name, &commit))
    }

    /// The newest first.
    async fn tags(&self, total: bool) -> Reply {
        let mut all = self.repository.tags().await;
        let made = |tag: &lodge_forge::Tag| {
            let commit = || self.repository.commit(&tag.sha)?.committer?.date;
            tag.created_at.or_else(commit)
        };
        all.sort_by_key(|it| (Reverse(made(it)), it.name.clone()));
        let all = all.iter().map(|it| {
            bodies::tag(self.ask, self.name, it, self.repository.commit(&it.sha).as_ref())
        });
        self.pages.of_tags(all, total)
    }

    async fn tag(&self, name: &str) -> Reply {
        let all = self.repository.tags().await;
        let Some(found) = all.iter().find(|it| it.name == name) else { return not_found(self.ask) };
        let commit = self.repository.commit(&found.sha);
        Reply::json(200, &bodies::tag(self.ask, self.name, found, commit.as_ref()))
    }

    async fn releases(&self) -> Reply {
        let all = self.repository.releases().await;
        let all = (1..)
            .zip(&all)
            .map(|(number, it)| bodies::release(self.ask, self.world, self.name, number, it));
        self.pages.linked(all)
    }
}
