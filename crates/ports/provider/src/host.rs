//! The port that every Git host stands behind.

use async_trait::async_trait;
use lodge_forge::{
    Branch, Capabilities, Check, Commit, Contributor, Deployment, Diff, Profile, ProviderName,
    PullRequest, Release, Repository, Tag, TreeEntry,
};
use lodge_pagination::{Page, PageRequest};

use crate::{
    Account, Budget, CheckFilter, DeploymentFilter, ProviderError, PullRequestFilter,
    RepositoryRef, TreeFilter,
};

/// How an account at a host is connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountKind {
    /// The operator configured it: every vouched customer has it, without a
    /// login.
    Configured,
    /// The customer logs in at the host.
    OAuth,
}

/// One kind of Git host. What it does not list in its capabilities answers
/// [`ProviderError::Unsupported`].
///
/// Every listing MUST come in an order that stays the same while nothing
/// changes, and MUST answer [`ProviderError::Position`] for a position that it
/// did not write. Listings of commits and trees MUST stay pinned to the commit
/// of their first page. An empty repository has empty listings, never an error.
/// A method MUST return [`ProviderError::RateLimited`] rather than wait itself.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait GitProvider: Send + Sync {
    /// The name in URLs.
    fn name(&self) -> ProviderName;

    /// The name for people.
    fn label(&self) -> String;

    /// What it can do. Constant for one adapter.
    fn capabilities(&self) -> Capabilities;

    /// How an account is connected.
    fn account_kind(&self) -> AccountKind;

    /// How much the account may still ask, as far as the host told. `None`
    /// where there is no limit, or nothing was asked yet.
    fn budget(&self, account: Account) -> Option<Budget> {
        let _ = account;
        None
    }

    /// The account itself.
    async fn profile(&self, account: Account) -> Result<Profile, ProviderError>;

    /// One page of the repositories that the account can read.
    async fn list_repositories(
        &self,
        account: Account,
        page: PageRequest,
    ) -> Result<Page<Repository>, ProviderError>;

    /// One repository.
    async fn find_repository(&self, repository: RepositoryRef)
    -> Result<Repository, ProviderError>;

    /// One page of branches.
    async fn list_branches(
        &self,
        repository: RepositoryRef,
        page: PageRequest,
    ) -> Result<Page<Branch>, ProviderError>;

    /// One page of the commits that `branch` (the default branch when `None`)
    /// reaches, newest first.
    async fn list_commits(
        &self,
        repository: RepositoryRef,
        branch: Option<String>,
        page: PageRequest,
    ) -> Result<Page<Commit>, ProviderError>;

    /// What a commit changed, compared with its first parent. `commit` is a
    /// full hash.
    async fn commit_diff(
        &self,
        repository: RepositoryRef,
        commit: String,
    ) -> Result<Diff, ProviderError>;

    /// One page of contributors, the most active first.
    async fn list_contributors(
        &self,
        repository: RepositoryRef,
        page: PageRequest,
    ) -> Result<Page<Contributor>, ProviderError>;

    /// One page of tags.
    async fn list_tags(
        &self,
        repository: RepositoryRef,
        page: PageRequest,
    ) -> Result<Page<Tag>, ProviderError>;

    /// One page of releases, newest first.
    async fn list_releases(
        &self,
        repository: RepositoryRef,
        page: PageRequest,
    ) -> Result<Page<Release>, ProviderError>;

    /// One page of a tree.
    async fn list_tree(
        &self,
        repository: RepositoryRef,
        filter: TreeFilter,
        page: PageRequest,
    ) -> Result<Page<TreeEntry>, ProviderError>;

    /// One page of pull requests.
    async fn list_pull_requests(
        &self,
        repository: RepositoryRef,
        filter: PullRequestFilter,
        page: PageRequest,
    ) -> Result<Page<PullRequest>, ProviderError>;

    /// What a pull request changes.
    async fn pull_request_diff(
        &self,
        repository: RepositoryRef,
        number: u64,
    ) -> Result<Diff, ProviderError>;

    /// One page of results of CI.
    async fn list_checks(
        &self,
        repository: RepositoryRef,
        filter: CheckFilter,
        page: PageRequest,
    ) -> Result<Page<Check>, ProviderError>;

    /// One page of deployments.
    async fn list_deployments(
        &self,
        repository: RepositoryRef,
        filter: DeploymentFilter,
        page: PageRequest,
    ) -> Result<Page<Deployment>, ProviderError>;
}
