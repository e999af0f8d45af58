//! The truth that all simulated hosts tell: the repositories of a folder, and
//! what a folder has not, invented the same way every time.
//!
//! Reading order: [`World`], [`WorldRepository`], then [`invented`] (pull
//! requests, checks, deployments) and [`compare`] (what a pull request
//! changes).

mod compare;
mod coursework;
mod invented;
mod objects;
mod people;

use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use lodge_forge::{
    Branch, Check, Commit, Deployment, Diff, PullRequest, Release, Repository, Tag, TreeEntry,
};
use lodge_kernel::{Clock, ConnectionId, TenantId};
use lodge_pagination::{Limit, Page, PageRequest};
use lodge_provider::{Account, GitProvider as _, ProviderError, RepositoryRef, TreeFilter};
use lodge_provider_local::{LocalConfig, LocalError, LocalHost};
use uuid::Uuid;

use self::objects::Objects;
pub use self::{
    coursework::{WorldIssue, WorldNote, WorldRun},
    people::person_id,
};

/// The world cannot be told.
#[derive(Debug, thiserror::Error)]
pub enum WorldError {
    /// The folder cannot be served.
    #[error(transparent)]
    Folder(#[from] LocalError),
    /// A repository cannot be read.
    #[error(transparent)]
    Repository(#[from] ProviderError),
}

/// The person whose accounts are simulated.
#[derive(Clone, Debug)]
pub struct WorldUser {
    /// The id at every host.
    pub id: u64,
    /// The login.
    pub login: String,
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
}

/// The repositories of a folder.
pub struct World {
    user: WorldUser,
    repositories: Vec<WorldRepository>,
}

/// One repository.
pub struct WorldRepository {
    /// Its number at every host that counts: 1001, 1002 …
    pub number: u64,
    /// Its UUID at every host that does not.
    pub uuid: Uuid,
    /// What is known of it, in the unified words. Its `id` is that of the
    /// local host: a simulator says its own.
    pub facts: Repository,
    host: Arc<LocalHost>,
    at: RepositoryRef,
    objects: Objects,
    kept: Mutex<HashMap<String, Arc<Vec<Commit>>>>,
}

impl World {
    /// The repositories of `folder`.
    ///
    /// # Errors
    ///
    /// [`WorldError`] when the folder cannot be read.
    pub async fn read(folder: &Path, clock: Arc<dyn Clock>) -> Result<Self, WorldError> {
        let host = Arc::new(LocalHost::open(LocalConfig::new(folder, clock))?);
        let account = Account {
            tenant: TenantId::from_uuid(Uuid::nil()),
            connection: ConnectionId::from_uuid(Uuid::nil()),
        };
        let all = everything(|page| host.list_repositories(account, page)).await?;
        let repositories = (1001..).zip(all).map(|(number, facts)| WorldRepository {
            number,
            uuid: Uuid::from_u128(0x6c6f_6467_6500_4000_8000_0000_0000_0000 | u128::from(number)),
            at: RepositoryRef { account, id: facts.id.clone() },
            objects: Objects::of(folder, &facts.full_name),
            host: Arc::clone(&host),
            facts,
            kept: Mutex::default(),
        });
        let user = WorldUser {
            id: 4242,
            login: "ada".to_owned(),
            name: "Ada Example".to_owned(),
            email: "ada@example.org".to_owned(),
        };
        Ok(Self { user, repositories: repositories.collect() })
    }

    /// Whose accounts these are.
    pub fn user(&self) -> &WorldUser {
        &self.user
    }

    /// Every repository, by number.
    pub fn repositories(&self) -> &[WorldRepository] {
        &self.repositories
    }

    /// The repository with this number.
    pub fn numbered(&self, number: u64) -> Option<&WorldRepository> {
        self.repositories.iter().find(|it| it.number == number)
    }

    /// The repository with this UUID, with or without braces.
    pub fn with_uuid(&self, uuid: &str) -> Option<&WorldRepository> {
        let uuid = Uuid::parse_str(uuid.trim_matches(['{', '}'])).ok()?;
        self.repositories.iter().find(|it| it.uuid == uuid)
    }

    /// The repository called `namespace/name`.
    pub fn named(&self, full_name: &str) -> Option<&WorldRepository> {
        self.repositories.iter().find(|it| it.full_name() == full_name)
    }
}

impl WorldRepository {
    /// `namespace/name`, never without a namespace.
    pub fn full_name(&self) -> String {
        format!("{}/{}", self.namespace(), self.name())
    }

    /// The owner; `lodge` where the folder has none.
    pub fn namespace(&self) -> &str {
        if self.facts.namespace.is_empty() { "lodge" } else { &self.facts.namespace }
    }

    /// The name, without `.git`.
    pub fn name(&self) -> &str {
        self.facts.name.trim_end_matches(".git")
    }

    /// Every branch, by name.
    pub async fn branches(&self) -> Vec<Branch> {
        everything(|page| self.host.list_branches(self.at.clone(), page)).await.unwrap_or_default()
    }

    /// Every tag, by name.
    pub async fn tags(&self) -> Vec<Tag> {
        everything(|page| self.host.list_tags(self.at.clone(), page)).await.unwrap_or_default()
    }

    /// A release for every annotated tag, newest first.
    pub async fn releases(&self) -> Vec<Release> {
        everything(|page| self.host.list_releases(self.at.clone(), page)).await.unwrap_or_default()
    }

    /// The commit that a branch, a tag or a full hash leads to.
    pub async fn resolve(&self, reference: &str) -> Option<String> {
        let branches = self.branches().await;
        if let Some(branch) = branches.iter().find(|it| it.name == reference) {
            return Some(branch.sha.clone());
        }
        let tags = self.tags().await;
        if let Some(tag) = tags.iter().find(|it| it.name == reference) {
            return Some(tag.sha.clone());
        }
        self.objects.is_commit(reference).then(|| reference.to_owned())
    }

    /// The head of the default branch. `None` when there are no commits.
    pub async fn head(&self) -> Option<String> {
        self.resolve(self.facts.default_branch.as_deref()?).await
    }

    /// Every commit that `from`, a full hash, reaches: newest first.
    pub fn history(&self, from: &str) -> Arc<Vec<Commit>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner).get(from).cloned();
        if let Some(kept) = kept {
            return kept;
        }
        let read = Arc::new(self.objects.history(from));
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(from.to_owned(), Arc::clone(&read));
        read
    }

    /// One commit. `None` when there is no such one.
    pub fn commit(&self, sha: &str) -> Option<Commit> {
        self.objects.commit(sha)
    }

    /// What a commit changed. `None` when there is no such one.
    pub async fn diff(&self, sha: &str) -> Option<Diff> {
        self.host.commit_diff(self.at.clone(), sha.to_owned()).await.ok()
    }

    /// Everything below `commit`, a full hash, each path from the root.
    /// Folders come before what is in them.
    pub async fn tree(&self, commit: &str) -> Vec<TreeEntry> {
        let filter = TreeFilter { reference: Some(commit.to_owned()), path: None, recursive: true };
        let ask = |page| self.host.list_tree(self.at.clone(), filter.clone(), page);
        everything(ask).await.unwrap_or_default()
    }

    /// The hash of the tree of a commit.
    pub fn tree_sha(&self, commit: &str) -> Option<String> {
        self.objects.tree_of(commit)
    }

    /// A file's content, by the hash of its blob.
    pub fn blob(&self, sha: &str) -> Option<Bytes> {
        self.objects.blob(sha)
    }

    /// Every pull request, oldest first: numbers 1, 2, 3 …
    pub async fn pull_requests(&self) -> Vec<PullRequest> {
        invented::pull_requests(self).await
    }

    /// What the pull request changes. `None` when there is no such one.
    pub async fn pull_request_diff(&self, number: u64) -> Option<Diff> {
        let all = self.pull_requests().await;
        let found = all.into_iter().find(|it| it.number == number)?;
        let (base, head) = (found.target.sha?, found.source.sha?);
        Some(compare::between(self, &base, &head).await)
    }

    /// The commit that both reach, and that what `head` changes is counted
    /// from.
    pub fn merge_base(&self, base: &str, head: &str) -> Option<String> {
        let reached = self.history(base);
        let mine = self.history(head);
        mine.iter()
            .find(|it| reached.iter().any(|other| other.sha == it.sha))
            .map(|it| it.sha.clone())
    }

    /// Results of CI on a commit: two statuses, then two runs.
    pub fn checks(&self, sha: &str) -> Vec<Check> {
        invented::checks(self, sha)
    }

    /// Every deployment, newest first: one for each release to `production`
    /// and one to `staging`.
    pub async fn deployments(&self) -> Vec<Deployment> {
        invented::deployments(self).await
    }
}

/// Everything of a listing.
async fn everything<T, A>(ask: impl Fn(PageRequest) -> A) -> Result<Vec<T>, ProviderError>
where
    A: Future<Output = Result<Page<T>, ProviderError>>,
{
    let mut items = Vec::new();
    let mut from = None;
    loop {
        let page = ask(PageRequest { from, limit: Limit::MAX }).await?;
        items.extend(page.items);
        match page.next {
            None => return Ok(items),
            next => from = next,
        }
    }
}
