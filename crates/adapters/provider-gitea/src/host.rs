//! The port, resource by resource.

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

use crate::{
    branches, capabilities::CAPABILITIES, checks, commit_diff, commits, contributors,
    instance::Instance, profile, pull_request_diff, pull_requests, releases, repositories, tags,
    tree,
};

/// An instance of Gitea or Forgejo as a Git host.
pub(crate) struct GiteaHost {
    label: String,
    instance: Arc<Instance>,
}

impl GiteaHost {
    pub(crate) fn new(label: String, instance: Arc<Instance>) -> Self {
        Self { label, instance }
    }
}

#[async_trait]
impl GitProvider for GiteaHost {
    fn name(&self) -> ProviderName {
        self.instance.name.clone()
    }

    fn label(&self) -> String {
        self.label.clone()
    }

    fn capabilities(&self) -> Capabilities {
        CAPABILITIES
    }

    fn account_kind(&self) -> AccountKind {
        AccountKind::OAuth
    }

    fn budget(&self, account: Account) -> Option<Budget> {
        self.instance.client.budget(account)
    }

    async fn profile(&self, account: Account) -> Result<Profile, ProviderError> {
        profile::read(&self.instance, account).await
    }

    async fn list_repositories(
        &self,
        account: Account,
        page: PageRequest,
    ) -> Result<Page<Repository>, ProviderError> {
        repositories::list(&self.instance, account, &page).await
    }

    async fn find_repository(
        &self,
        repository: RepositoryRef,
    ) -> Result<Repository, ProviderError> {
        repositories::find(&self.instance, &repository).await
    }

    async fn list_branches(
        &self,
        repository: RepositoryRef,
        page: PageRequest,
    ) -> Result<Page<Branch>, ProviderError> {
        branches::list(&self.instance, &repository, &page).await
    }

    async fn list_commits(
        &self,
        repository: RepositoryRef,
        branch: Option<String>,
        page: PageRequest,
    ) -> Result<Page<Commit>, ProviderError> {
        commits::list(&self.instance, &repository, branch.as_deref(), &page).await
    }

    async fn commit_diff(
        &self,
        repository: RepositoryRef,
        commit: String,
    ) -> Result<Diff, ProviderError> {
        commit_diff::read(&self.instance, &repository, &commit).await
    }

    async fn list_contributors(
        &self,
        repository: RepositoryRef,
        page: PageRequest,
    ) -> Result<Page<Contributor>, ProviderError> {
        contributors::list(&self.instance, &repository, &page).await
    }

    async fn list_tags(
        &self,
        repository: RepositoryRef,
        page: PageRequest,
    ) -> Result<Page<Tag>, ProviderError> {
        tags::list(&self.instance, &repository, &page).await
    }

    async fn list_releases(
        &self,
        repository: RepositoryRef,
        page: PageRequest,
    ) -> Result<Page<Release>, ProviderError> {
        releases::list(&self.instance, &repository, &page).await
    }

    async fn list_tree(
        &self,
        repository: RepositoryRef,
        filter: TreeFilter,
        page: PageRequest,
    ) -> Result<Page<TreeEntry>, ProviderError> {
        tree::list(&self.instance, &repository, &filter, &page).await
    }

    async fn list_pull_requests(
        &self,
        repository: RepositoryRef,
        filter: PullRequestFilter,
        page: PageRequest,
    ) -> Result<Page<PullRequest>, ProviderError> {
        pull_requests::list(&self.instance, &repository, filter, &page).await
    }

    async fn pull_request_diff(
        &self,
        repository: RepositoryRef,
        number: u64,
    ) -> Result<Diff, ProviderError> {
        pull_request_diff::read(&self.instance, &repository, number).await
    }

    async fn list_checks(
        &self,
        repository: RepositoryRef,
        filter: CheckFilter,
        page: PageRequest,
    ) -> Result<Page<Check>, ProviderError> {
        checks::list(&self.instance, &repository, &filter, &page).await
    }

    async fn list_deployments(
        &self,
        _repository: RepositoryRef,
        _filter: DeploymentFilter,
        _page: PageRequest,
    ) -> Result<Page<Deployment>, ProviderError> {
        Err(ProviderError::Unsupported { resource: Resource::Deployments })
    }
}
