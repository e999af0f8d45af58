//! GitHub behind the port.

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
use lodge_provider_kit::{Base, BaseError, ClientAuthentication, HostConfig, Kit, OAuthEndpoints};

use crate::{
    api::Api, branches, capabilities::CAPABILITIES, checks, commit_diff, commits, contributors,
    deployments, dialect::GithubDialect, login::Login, profile, pull_request_diff, pull_requests,
    releases, repositories, tags, tree, webhooks::GithubWebhooks,
};

/// Opens github.com, or the Enterprise Server at the configured address.
///
/// # Errors
///
/// [`BaseError`] when the address cannot be a host's.
pub fn open(config: HostConfig, kit: &Kit) -> Result<Host, BaseError> {
    // https://docs.github.com/en/enterprise-server/rest/quickstart
    let (base, login) = match &config.address {
        None => (Base::parse("https://api.github.com")?, Base::parse("https://github.com")?),
        Some(base) => (base.below(["api", "v3"]), base.clone()),
    };
    let api = Arc::new(Api { name: config.name, base, client: kit.client(GithubDialect) });
    let at = |path| login.below(["login", "oauth", path]).url().clone();
    let endpoints =
        OAuthEndpoints { authorize: at("authorize"), token: at("access_token"), revoke: None };
    let login = config.registration.map(|registration| -> Arc<dyn HostLogin> {
        Arc::new(Login {
            api: Arc::clone(&api),
            oauth: kit.oauth(endpoints, &registration, ClientAuthentication::Body),
            client_id: registration.client_id,
            is_app: config.is_app,
        })
    });
    Ok(Host {
        webhooks: Some(Arc::new(GithubWebhooks(Arc::clone(&api)))),
        courses: None,
        provider: Arc::new(Github { api, label: config.label, is_app: config.is_app }),
        login,
    })
}

struct Github {
    api: Arc<Api>,
    label: String,
    is_app: bool,
}

#[async_trait]
impl GitProvider for Github {
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
        if self.is_app {
            return repositories::list_installed(&self.api, account, &page).await;
        }
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
