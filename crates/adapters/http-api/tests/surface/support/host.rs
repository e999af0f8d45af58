//! A Git host that answers from a script, and counts how often it was asked.

use std::{
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use lodge_forge::{
    Branch, Capabilities, Check, Commit, Contributor, Deployment, Diff, Profile, ProviderName,
    PullRequest, Release, Repository, Resource, Support, Tag, TreeEntry,
};
use lodge_kernel::ConnectionId;
use lodge_pagination::{Page, PageRequest, Position};
use lodge_provider::{
    Account, AccountKind, Budget, CheckFilter, Counter, DeploymentFilter, GitProvider,
    ProviderError, PullRequestFilter, RepositoryRef, TreeFilter,
};

use lodge_testkit::builders::NOW;

use super::objects;

/// What the host says.
#[derive(Clone)]
pub(crate) struct Script {
    /// Said instead of anything else.
    pub(crate) failure: Option<fn() -> ProviderError>,
    /// How long it takes to find a repository.
    pub(crate) delay: Duration,
    pub(crate) capabilities: Capabilities,
    pub(crate) repositories: Vec<Repository>,
    pub(crate) branches: Vec<Branch>,
    pub(crate) commits: Vec<Commit>,
    pub(crate) contributors: Vec<Contributor>,
    pub(crate) tags: Vec<Tag>,
    pub(crate) releases: Vec<Release>,
    pub(crate) tree: Vec<TreeEntry>,
    pub(crate) pull_requests: Vec<PullRequest>,
    pub(crate) checks: Vec<Check>,
    pub(crate) deployments: Vec<Deployment>,
    pub(crate) diff: Diff,
}

/// Everything that can be read.
pub(crate) const EVERYTHING: Capabilities = Capabilities::new(&[
    (Resource::Profile, Support::Native),
    (Resource::Repositories, Support::Native),
    (Resource::Branches, Support::Native),
    (Resource::Commits, Support::Native),
    (Resource::CommitDiff, Support::Native),
    (Resource::PullRequests, Support::Native),
    (Resource::PullRequestDiff, Support::Native),
    (Resource::Contributors, Support::Derived),
    (Resource::Tags, Support::Native),
    (Resource::Releases, Support::Native),
    (Resource::Checks, Support::Native),
    (Resource::Deployments, Support::Native),
    (Resource::FileTree, Support::Native),
    (Resource::Subscriptions, Support::Native),
]);

/// A Git host that answers from a script.
pub(crate) struct ScriptedHost {
    name: ProviderName,
    script: Mutex<Script>,
    calls: AtomicUsize,
    /// How many look for a repository at this moment, and the most that did.
    looking: AtomicUsize,
    most_looking: AtomicUsize,
    accounts: Mutex<Vec<ConnectionId>>,
    kind: AccountKind,
}

impl ScriptedHost {
    /// A host that has one of everything.
    pub(crate) fn named(name: ProviderName) -> Self {
        let script = Mutex::new(objects::a_script(&name));
        let zero = AtomicUsize::default;
        let (calls, looking, most_looking) = (zero(), zero(), zero());
        let kind = AccountKind::Configured;
        Self { name, script, calls, looking, most_looking, accounts: Mutex::default(), kind }
    }

    /// The same, where customers connect accounts of their own.
    pub(crate) fn with_accounts(self) -> Self {
        Self { kind: AccountKind::OAuth, ..self }
    }

    /// What it says, to be changed.
    pub(crate) fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How often it was asked for data.
    pub(crate) fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    /// How many looked for a repository at the same time, at most.
    pub(crate) fn most_looking(&self) -> usize {
        self.most_looking.load(Ordering::SeqCst)
    }

    /// Through which accounts it was asked since the last call.
    pub(crate) fn take_accounts(&self) -> Vec<ConnectionId> {
        std::mem::take(&mut *self.accounts.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn say<T>(
        &self,
        account: Account,
        pick: impl FnOnce(&Script) -> Result<T, ProviderError>,
    ) -> Result<T, ProviderError> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        drop(Counter::current().ask());
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner).push(account.connection);
        let script = self.script();
        script.failure.map_or_else(|| pick(&script), |failure| Err(failure()))
    }
}

/// The items from the position's number on.
fn page_of<T: Clone>(all: &[T], page: &PageRequest) -> Result<Page<T>, ProviderError> {
    let from = match &page.from {
        None => 0,
        Some(position) => position
            .get("from")
            .and_then(|it| it.parse::<usize>().ok())
            .ok_or(ProviderError::Position)?,
    };
    let to = from + page.limit.get();
    let items = all.iter().skip(from).take(page.limit.get()).cloned().collect();
    let next = (to < all.len()).then(|| Position::new().with("from", to.to_string()));
    let next = next.transpose().map_err(|_too_long| ProviderError::Position)?;
    Ok(Page { items, next })
}

macro_rules! listings {
    ($($method:ident($($filter:ident: $kind:ty)?) of $field:ident: $item:ty;)+) => {
        #[async_trait]
        impl GitProvider for ScriptedHost {
            fn name(&self) -> ProviderName {
                self.name.clone()
            }

            fn label(&self) -> String {
                format!("The {} host", self.name)
            }

            fn capabilities(&self) -> Capabilities {
                self.script().capabilities
            }

            fn account_kind(&self) -> AccountKind {
                self.kind
            }

            fn budget(&self, _account: Account) -> Option<Budget> {
                Some(Budget {
                    limit: Some(5_000),
                    remaining: Some(4_321),
                    resets_at: Some(NOW.plus(Duration::from_mins(30))),
                    paused_until: None,
                })
            }

            async fn profile(&self, account: Account) -> Result<Profile, ProviderError> {
                let name = self.name.clone();
                self.say(account, |_| Ok(objects::a_profile(name, account.connection)))
            }

            async fn list_repositories(
                &self,
                account: Account,
                page: PageRequest,
            ) -> Result<Page<Repository>, ProviderError> {
                self.say(account, |script| page_of(&script.repositories, &page))
            }

            async fn find_repository(
                &self,
                repository: RepositoryRef,
            ) -> Result<Repository, ProviderError> {
                let looking = self.looking.fetch_add(1, Ordering::SeqCst) + 1;
                self.most_looking.fetch_max(looking, Ordering::SeqCst);
                let delay = self.script().delay;
                tokio::time::sleep(delay).await;
                self.looking.fetch_sub(1, Ordering::SeqCst);
                self.say(repository.account, |script| {
                    let found = script.repositories.iter().find(|it| it.id == repository.id);
                    found.cloned().ok_or(ProviderError::RepositoryNotFound)
                })
            }

            async fn commit_diff(
                &self,
                repository: RepositoryRef,
                _commit: String,
            ) -> Result<Diff, ProviderError> {
                self.say(repository.account, |script| Ok(script.diff.clone()))
            }

            async fn pull_request_diff(
                &self,
                repository: RepositoryRef,
                _number: u64,
            ) -> Result<Diff, ProviderError> {
                self.say(repository.account, |script| Ok(script.diff.clone()))
            }

            $(async fn $method(
                &self,
                repository: RepositoryRef,
                $($filter: $kind,)?
                page: PageRequest,
            ) -> Result<Page<$item>, ProviderError> {
                self.say(repository.account, |script| page_of(&script.$field, &page))
            })+
        }
    };
}

listings! {
    list_branches() of branches: Branch;
    list_commits(_branch: Option<String>) of commits: Commit;
    list_contributors() of contributors: Contributor;
    list_tags() of tags: Tag;
    list_releases() of releases: Release;
    list_tree(_filter: TreeFilter) of tree: TreeEntry;
    list_pull_requests(_filter: PullRequestFilter) of pull_requests: PullRequest;
    list_checks(_filter: CheckFilter) of checks: Check;
    list_deployments(_filter: DeploymentFilter) of deployments: Deployment;
}
