//! Bitbucket Cloud behind the port of every Git host.

use std::sync::Arc;

use async_trait::async_trait;
use lodge_forge::{
    Branch, Capabilities, Check, Commit, Contributor, Deployment, Diff, Profile, ProviderName,
    PullRequest, Release, Repository, Resource, Support, Tag, TreeEntry,
};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{
    Account, AccountKind, Budget, CheckFilter, DeploymentFilter, GitProvider, Host, HostLogin,
    ProviderError, PullRequestFilter, RepositoryRef, TreeFilter,
};
use lodge_provider_kit::{Base, BaseError, HostClient, HostConfig, Kit, People};

use crate::{dialect::BitbucketDialect, login::BitbucketLogin};

/// Where the vendor's API is.
const API: &str = "https://api.bitbucket.org/2.0";
/// Where the vendor's OAuth server is.
const OAUTH: &str = "https://bitbucket.org/site/oauth2";

/// Bitbucket's column of the capability matrix. Releases it has not: its
/// downloads stand on no tag.
const CAPABILITIES: Capabilities = Capabilities::new(&[
    (Resource::Profile, Support::Native),
    (Resource::Repositories, Support::Native),
    (Resource::Branches, Support::Native),
    (Resource::Commits, Support::Native),
    (Resource::CommitDiff, Support::Native),
    (Resource::PullRequests, Support::Native),
    (Resource::PullRequestDiff, Support::Native),
    (Resource::Contributors, Support::Derived),
    (Resource::Tags, Support::Native),
    (Resource::Checks, Support::Native),
    (Resource::Deployments, Support::Native),
    (Resource::FileTree, Support::Native),
    (Resource::Subscriptions, Support::Native),
]);

/// Bitbucket Cloud, or what speaks like it.
pub(crate) struct Bitbucket {
    pub(crate) name: ProviderName,
    pub(crate) label: String,
    pub(crate) api: Base,
    pub(crate) client: HostClient,
    pub(crate) people: People,
}

/// Bitbucket Cloud as `config` has it. With an address, the API and the OAuth
/// server are both below it.
///
/// # Errors
///
/// [`BaseError`] when the address cannot be a host's.
pub fn open(config: HostConfig, kit: &Kit) -> Result<Host, BaseError> {
    let HostConfig { name, label, address, registration, .. } = config;
    let below = |vendor: &str, path: &str| match &address {
        None => Base::parse(vendor),
        Some(address) => {
            Base::parse(&format!("{}{path}", address.url().as_str().trim_end_matches('/')))
        }
    };
    let api = below(API, "/2.0")?;
    let client = kit.client(BitbucketDialect);
    let login: Option<Arc<dyn HostLogin>> = match registration {
        Some(registration) => {
            let oauth = below(OAUTH, "/site/oauth2")?;
            let login =
                BitbucketLogin::new(kit, &oauth, &registration, api.clone(), client.clone())?;
            Some(Arc::new(login))
        }
        None => None,
    };
    let host = Arc::new(Bitbucket { name, label, api, client, people: People::default() });
    Ok(Host { provider: host.clone(), login, webhooks: Some(host), courses: None })
}

#[async_trait]
impl GitProvider for Bitbucket {
    fn name(&self) -> ProviderName {
        self.name.clone()
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
        self.client.budget(account)
    }

    async fn profile(&self, account: Account) -> Result<Profile, ProviderError> {
        self.whoami(account).await
    }

    async fn list_repositories(
        &self,
        account: Account,
        page: PageRequest,
    ) -> Result<Page<Repository>, ProviderError> {
        self.repositories(account, &page).await
    }

    async fn find_repository(
        &self,
        repository: RepositoryRef,
    ) -> Result<Repository, ProviderError> {
        self.repository(&repository).await
    }

    async fn list_branches(
        &self,
        repository: RepositoryRef,
        page: PageRequest,
    ) -> Result<Page<Branch>, ProviderError> {
        self.branches(&repository, &page).await
    }

    async fn list_commits(
        &self,
        repository: RepositoryRef,
        branch: Option<String>,
        page: PageRequest,
    ) -> Result<Page<Commit>, ProviderError> {
        self.commits(&repository, branch.as_deref(), &page).await
    }

    async fn commit_diff(
        &self,
        repository: RepositoryRef,
        commit: String,
    ) -> Result<Diff, ProviderError> {
        self.diff_of_commit(&repository, commit).await
    }

    async fn list_contributors(
        &self,
        repository: RepositoryRef,
        page: PageRequest,
    ) -> Result<Page<Contributor>, ProviderError> {
        self.contributors(&repository, &page).await
    }

    async fn list_tags(
        &self,
        repository: RepositoryRef,
        page: PageRequest,
    ) -> Result<Page<Tag>, ProviderError> {
        self.tags(&repository, &page).await
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
        self.tree(&repository, &filter, &page).await
    }

    async fn list_pull_requests(
        &self,
        repository: RepositoryRef,
        filter: PullRequestFilter,
        page: PageRequest,
    ) -> Result<Page<PullRequest>, ProviderError> {
        self.pull_requests(&repository, filter, &page).await
    }

    async fn pull_request_diff(
        &self,
        repository: RepositoryRef,
        number: u64,
    ) -> Result<Diff, ProviderError> {
        self.diff_of_pull_request(&repository, number).await
    }

    async fn list_checks(
        &self,
        repository: RepositoryRef,
        filter: CheckFilter,
        page: PageRequest,
    ) -> Result<Page<Check>, ProviderError> {
        self.checks(&repository, filter.reference.as_deref(), &page).await
    }

    async fn list_deployments(
        &self,
        repository: RepositoryRef,
        filter: DeploymentFilter,
        page: PageRequest,
    ) -> Result<Page<Deployment>, ProviderError> {
        self.deployments(&repository, &filter, &page).await
    }
}
