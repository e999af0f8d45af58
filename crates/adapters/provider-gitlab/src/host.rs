//! GitLab behind the port.

use std::sync::Arc;

use async_trait::async_trait;
use lodge_forge::{
    Branch, Capabilities, Check, Commit, Contributor, Deployment, Diff, Profile, ProviderName,
    PullRequest, Release, Repository, Tag, TreeEntry,
};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{
    Account, AccountKind, Budget, CheckFilter, DeploymentFilter, GitProvider, Host, HostLogin,
    ProviderError, PullRequestFilter, RepositoryRef, TreeFilter,
};
use lodge_provider_kit::{Base, BaseError, HostConfig, Kit};

use crate::{
    api::Api,
    branches,
    capabilities::CAPABILITIES,
    checks, commit_diff, commits, contributors,
    courses::GitLabCourses,
    deployments,
    dialect::GitLabDialect,
    login::{self, GitLabLogin},
    profile, pull_request_diff, pull_requests, releases, repositories, tags, tree,
    webhooks::GitLabWebhooks,
};

/// The vendor's own instance.
const GITLAB_COM: &str = "https://gitlab.com";

/// The GitLab that `config` names, read through the connections of `kit`.
///
/// # Errors
///
/// [`BaseError`] when its address cannot be a host's.
pub fn open(config: HostConfig, kit: &Kit) -> Result<Host, BaseError> {
    let address = config.address.map_or_else(|| Base::parse(GITLAB_COM), Ok)?;
    let api = Api {
        client: kit.client(GitLabDialect),
        base: address.below(["api", "v4"]),
        name: config.name,
    };
    let login = config.registration.map(|registration| {
        let oauth = login::client(&address, kit, &registration);
        let login: Arc<dyn HostLogin> = Arc::new(GitLabLogin { api: api.clone(), oauth });
        login
    });
    Ok(Host {
        login,
        webhooks: Some(Arc::new(GitLabWebhooks { api: api.clone() })),
        courses: Some(Arc::new(GitLabCourses { api: api.clone(), address })),
        provider: Arc::new(GitLab { label: config.label, api }),
    })
}

struct GitLab {
    label: String,
    api: Api,
}

#[async_trait]
impl GitProvider for GitLab {
    fn name(&self) -> ProviderName {
        self.api.name.clone()
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
        self.api.client.budget(account)
    }

    async fn profile(&self, account: Account) -> Result<Profile, ProviderError> {
        profile::read(&self.api, account).await
    }

    async fn list_repositories(
        &self,
        account: Account,
        page: PageRequest,
    ) -> Result<Page<Repository>, ProviderError> {
        repositories::list(&self.api, account, &page).await
    }

    async fn find_repository(
        &self,
        repository: RepositoryRef,
    ) -> Result<Repository, ProviderError> {
        repositories::find(&self.api, &repository).await
    }

    async fn list_branches(
        &self,
        repository: RepositoryRef,
        page: PageRequest,
    ) -> Result<Page<Branch>, ProviderError> {
        branches::list(&self.api, &repository, &page).await
    }

    async fn list_commits(
        &self,
        repository: RepositoryRef,
        branch: Option<String>,
        page: PageRequest,
    ) -> Result<Page<Commit>, ProviderError> {
        commits::list(&self.api, &repository, branch.as_deref(), &page).await
    }

    async fn commit_diff(
        &self,
        repository: RepositoryRef,
        commit: String,
    ) -> Result<Diff, ProviderError> {
        commit_diff::read(&self.api, &repository, &commit).await
    }

    async fn list_contributors(
        &self,
        repository: RepositoryRef,
        page: PageRequest,
    ) -> Result<Page<Contributor>, ProviderError> {
        contributors::list(&self.api, &repository, &page).await
    }

    async fn list_tags(
        &self,
        repository: RepositoryRef,
        page: PageRequest,
    ) -> Result<Page<Tag>, ProviderError> {
        tags::list(&self.api, &repository, &page).await
    }

    async fn list_releases(
        &self,
        repository: RepositoryRef,
        page: PageRequest,
    ) -> Result<Page<Release>, ProviderError> {
        releases::list(&self.api, &repository, &page).await
    }

    async fn list_tree(
        &self,
        repository: RepositoryRef,
        filter: TreeFilter,
        page: PageRequest,
    ) -> Result<Page<TreeEntry>, ProviderError> {
        tree::list(&self.api, &repository, &filter, &page).await
    }

    async fn list_pull_requests(
        &self,
        repository: RepositoryRef,
        filter: PullRequestFilter,
        page: PageRequest,
    ) -> Result<Page<PullRequest>, ProviderError> {
        pull_requests::list(&self.api, &repository, filter, &page).await
    }

    async fn pull_request_diff(
        &self,
        repository: RepositoryRef,
        number: u64,
    ) -> Result<Diff, ProviderError> {
        pull_request_diff::read(&self.api, &repository, number).await
    }

    async fn list_checks(
        &self,
        repository: RepositoryRef,
        filter: CheckFilter,
        page: PageRequest,
    ) -> Result<Page<Check>, ProviderError> {
        checks::list(&self.api, &repository, &filter, &page).await
    }

    async fn list_deployments(
        &self,
        repository: RepositoryRef,
        filter: DeploymentFilter,
        page: PageRequest,
    ) -> Result<Page<Deployment>, ProviderError> {
        deployments::list(&self.api, &repository, &filter, &page).await
    }
}
