//! A gateway that decides as this one does and asks no host: what would become
//! of a request can be told before it is made.

use std::sync::Arc;

use async_trait::async_trait;
use lodge_forge::{
    Branch, Capabilities, Check, Commit, Contributor, Deployment, Diff, Profile, ProviderName,
    PullRequest, Release, Repository, Tag, TreeEntry,
};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{
    Account, AccountKind, Budget, CheckFilter, DeploymentFilter, GitProvider, Host, ProviderError,
    Providers, PullRequestFilter, RepositoryRef, TreeFilter,
};

use crate::{Gateway, GrantCache, Policies};

/// What a host answers in a rehearsal: whoever comes so far was let through.
const REACHED: ProviderError = ProviderError::TimedOut;

impl Gateway {
    /// The same use cases over hosts that are not asked: they answer as if they
    /// were slow. Nothing is written into the journal.
    #[must_use]
    pub fn rehearsal(&self) -> Self {
        let hosts = self.providers.iter().map(|it| Host::plain(Arc::new(Silent(Arc::clone(it)))));
        Self {
            storage: Arc::clone(&self.storage),
            providers: Providers::new(hosts),
            clock: Arc::clone(&self.clock),
            entropy: Arc::clone(&self.entropy),
            keys: Arc::clone(&self.keys),
            rules: self.rules.snapshot(),
            journal: Arc::clone(&self.journal),
            grants: GrantCache::default(),
            accounts: self.accounts.clone(),
            events: self.events.clone(),
            receipts: Arc::clone(&self.receipts),
            people: self.people.clone(),
            policies: Policies { journal: false, ..self.policies },
        }
    }
}

/// A host of which only what it can do is told.
struct Silent(Arc<dyn GitProvider>);

#[async_trait]
impl GitProvider for Silent {
    fn name(&self) -> ProviderName {
        self.0.name()
    }

    fn label(&self) -> String {
        self.0.label()
    }

    fn capabilities(&self) -> Capabilities {
        self.0.capabilities()
    }

    fn account_kind(&self) -> AccountKind {
        self.0.account_kind()
    }

    fn budget(&self, account: Account) -> Option<Budget> {
        self.0.budget(account)
    }

    async fn profile(&self, _: Account) -> Result<Profile, ProviderError> {
        Err(REACHED)
    }

    async fn list_repositories(
        &self,
        _: Account,
        _: PageRequest,
    ) -> Result<Page<Repository>, ProviderError> {
        Err(REACHED)
    }

    async fn find_repository(&self, _: RepositoryRef) -> Result<Repository, ProviderError> {
        Err(REACHED)
    }

    async fn list_branches(
        &self,
        _: RepositoryRef,
        _: PageRequest,
    ) -> Result<Page<Branch>, ProviderError> {
        Err(REACHED)
    }

    async fn list_commits(
        &self,
        _: RepositoryRef,
        _: Option<String>,
        _: PageRequest,
    ) -> Result<Page<Commit>, ProviderError> {
        Err(REACHED)
    }

    async fn commit_diff(&self, _: RepositoryRef, _: String) -> Result<Diff, ProviderError> {
        Err(REACHED)
    }

    async fn list_contributors(
        &self,
        _: RepositoryRef,
        _: PageRequest,
    ) -> Result<Page<Contributor>, ProviderError> {
        Err(REACHED)
    }

    async fn list_tags(
        &self,
        _: RepositoryRef,
        _: PageRequest,
    ) -> Result<Page<Tag>, ProviderError> {
        Err(REACHED)
    }

    async fn list_releases(
        &self,
        _: RepositoryRef,
        _: PageRequest,
    ) -> Result<Page<Release>, ProviderError> {
        Err(REACHED)
    }

    async fn list_tree(
        &self,
        _: RepositoryRef,
        _: TreeFilter,
        _: PageRequest,
    ) -> Result<Page<TreeEntry>, ProviderError> {
        Err(REACHED)
    }

    async fn list_pull_requests(
        &self,
        _: RepositoryRef,
        _: PullRequestFilter,
        _: PageRequest,
    ) -> Result<Page<PullRequest>, ProviderError> {
        Err(REACHED)
    }

    async fn pull_request_diff(&self, _: RepositoryRef, _: u64) -> Result<Diff, ProviderError> {
        Err(REACHED)
    }

    async fn list_checks(
        &self,
        _: RepositoryRef,
        _: CheckFilter,
        _: PageRequest,
    ) -> Result<Page<Check>, ProviderError> {
        Err(REACHED)
    }

    async fn list_deployments(
        &self,
        _: RepositoryRef,
        _: DeploymentFilter,
        _: PageRequest,
    ) -> Result<Page<Deployment>, ProviderError> {
        Err(REACHED)
    }
}
