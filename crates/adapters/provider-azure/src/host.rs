//! Azure DevOps behind the port.

use std::sync::Arc;

use async_trait::async_trait;
use lodge_forge::{
    Branch, Capabilities, Check, Commit, Contributor, Deployment, Diff, Profile, ProviderName,
    PullRequest, Release, Repository, Resource, Tag, TreeEntry,
};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{
    Account, AccountKind, Budget, CheckFilter, DeploymentFilter, GitProvider, ProviderError,
    PullRequestFilter, RepositoryRef, TreeFilter,
};

use crate::{azure::Azure, capabilities::CAPABILITIES};

/// Azure DevOps behind the port.
pub(crate) struct AzureHost(pub(crate) Arc<Azure>);

#[async_trait]
impl GitProvider for AzureHost {
    fn name(&self) -> ProviderName {
        self.0.name.clone()
    }

    fn label(&self) -> String {
        self.0.label.clone()
    }

    fn capabilities(&self) -> Capabilities {
        CAPABILITIES
    }

    fn account_kind(&self) -> AccountKind {
        AccountKind::OAuth
    }

    fn budget(&self, account: Account) -> Option<Budget> {
        self.0.client.budget(account)
    }

    async fn profile(&self, account: Account) -> Result<Profile, ProviderError> {
        self.0.profile(account).await
    }

    async fn list_repositories(
        &self,
        account: Account,
        page: PageRequest,
    ) -> Result<Page<Repository>, ProviderError> {
        self.0.list_repositories(account, &page).await
    }

    async fn find_repository(
        &self,
        repository: RepositoryRef,
    ) -> Result<Repository, ProviderError> {
        self.0.find_repository(&repository).await
    }

    async fn list_branches(
        &self,
        repository: RepositoryRef,
        page: PageRequest,
    ) -> Result<Page<Branch>, ProviderError> {
        self.0.list_branches(&repository, &page).await
    }

    async fn list_commits(
        &self,
        repository: RepositoryRef,
        branch: Option<String>,
        page: PageRequest,
    ) -> Result<Page<Commit>, ProviderError> {
        self.0.list_commits(&repository, branch.as_deref(), &page).await
    }

    async fn commit_diff(
        &self,
        repository: RepositoryRef,
        commit: String,
    ) -> Result<Diff, ProviderError> {
        self.0.commit_diff(&repository, &commit).await
    }

    async fn list_contributors(
        &self,
        repository: RepositoryRef,
        page: PageRequest,
    ) -> Result<Page<Contributor>, ProviderError> {
        self.0.list_contributors(&repository, &page).await
    }

    async fn list_tags(
        &self,
        repository: RepositoryRef,
        page: PageRequest,
    ) -> Result<Page<Tag>, ProviderError> {
        self.0.list_tags(&repository, &page).await
    }

    async fn list_releases(
        &self,
        _repository: RepositoryRef,
        _page: PageRequest,
    ) -> Result<Page<Release>, ProviderError> {
        Err(ProviderError::Unsupported { resource: Resource::Releases })
    }

    async fn list_tree(
        &self,
        repository: RepositoryRef,
        filter: TreeFilter,
        page: PageRequest,
    ) -> Result<Page<TreeEntry>, ProviderError> {
        self.0.list_tree(&repository, &filter, &page).await
    }

    async fn list_pull_requests(
        &self,
        repository: RepositoryRef,
        filter: PullRequestFilter,
        page: PageRequest,
    ) -> Result<Page<PullRequest>, ProviderError> {
        self.0.list_pull_requests(&repository, filter, &page).await
    }

    async fn pull_request_diff(
        &self,
        repository: RepositoryRef,
        number: u64,
    ) -> Result<Diff, ProviderError> {
        self.0.pull_request_diff(&repository, number).await
    }

    async fn list_checks(
        &self,
        repository: RepositoryRef,
        filter: CheckFilter,
        page: PageRequest,
    ) -> Result<Page<Check>, ProviderError> {
        self.0.list_checks(&repository, &filter, &page).await
    }

    async fn list_deployments(
        &self,
        repository: RepositoryRef,
        filter: DeploymentFilter,
        page: PageRequest,
    ) -> Result<Page<Deployment>, ProviderError> {
        self.0.list_deployments(&repository, &filter, &page).await
    }
}
