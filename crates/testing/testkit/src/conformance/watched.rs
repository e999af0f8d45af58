//! A host that tells what a test asked of it.

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
use serde_json::json;

use super::tell;

/// The same host, which tells every resource that it answered.
pub fn watched(host: Arc<dyn GitProvider>) -> Arc<dyn GitProvider> {
    Arc::new(Watched(host))
}

struct Watched(Arc<dyn GitProvider>);

impl Watched {
    fn note<T>(
        &self,
        resource: Resource,
        answer: Result<T, ProviderError>,
    ) -> Result<T, ProviderError> {
        if answer.is_ok() {
            tell("asked", self.0.name().as_str(), json!({"resource": resource.name()}));
        }
        answer
    }
}

#[async_trait]
impl GitProvider for Watched {
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

    async fn profile(&self, account: Account) -> Result<Profile, ProviderError> {
        self.note(Resource::Profile, self.0.profile(account).await)
    }

    async fn list_repositories(
        &self,
        account: Account,
        page: PageRequest,
    ) -> Result<Page<Repository>, ProviderError> {
        self.note(Resource::Repositories, self.0.list_repositories(account, page).await)
    }

    async fn find_repository(
        &self,
        repository: RepositoryRef,
    ) -> Result<Repository, ProviderError> {
        self.note(Resource::Repositories, self.0.find_repository(repository).await)
    }

    async fn list_branches(
        &self,
        repository: RepositoryRef,
        page: PageRequest,
    ) -> Result<Page<Branch>, ProviderError> {
        self.note(Resource::Branches, self.0.list_branches(repository, page).await)
    }

    async fn list_commits(
        &self,
        repository: RepositoryRef,
        branch: Option<String>,
        page: PageRequest,
    ) -> Result<Page<Commit>, ProviderError> {
        self.note(Resource::Commits, self.0.list_commits(repository, branch, page).await)
    }

    async fn commit_diff(
        &self,
        repository: RepositoryRef,
        commit: String,
    ) -> Result<Diff, ProviderError> {
        self.note(Resource::CommitDiff, self.0.commit_diff(repository, commit).await)
    }

    async fn list_contributors(
        &self,
        repository: RepositoryRef,
        page: PageRequest,
    ) -> Result<Page<Contributor>, ProviderError> {
        self.note(Resource::Contributors, self.0.list_contributors(repository, page).await)
    }

    async fn list_tags(
        &self,
        repository: RepositoryRef,
        page: PageRequest,
    ) -> Result<Page<Tag>, ProviderError> {
        self.note(Resource::Tags, self.0.list_tags(repository, page).await)
    }

    async fn list_releases(
        &self,
        repository: RepositoryRef,
        page: PageRequest,
    ) -> Result<Page<Release>, ProviderError> {
        self.note(Resource::Releases, self.0.list_releases(repository, page).await)
    }

    async fn list_tree(
        &self,
        repository: RepositoryRef,
        filter: TreeFilter,
        page: PageRequest,
    ) -> Result<Page<TreeEntry>, ProviderError> {
        self.note(Resource::FileTree, self.0.list_tree(repository, filter, page).await)
    }

    async fn list_pull_requests(
        &self,
        repository: RepositoryRef,
        filter: PullRequestFilter,
        page: PageRequest,
    ) -> Result<Page<PullRequest>, ProviderError> {
        let answer = self.0.list_pull_requests(repository, filter, page).await;
        self.note(Resource::PullRequests, answer)
    }

    async fn pull_request_diff(
        &self,
        repository: RepositoryRef,
        number: u64,
    ) -> Result<Diff, ProviderError> {
        let answer = self.0.pull_request_diff(repository, number).await;
        self.note(Resource::PullRequestDiff, answer)
    }

    async fn list_checks(
        &self,
        repository: RepositoryRef,
        filter: CheckFilter,
        page: PageRequest,
    ) -> Result<Page<Check>, ProviderError> {
        self.note(Resource::Checks, self.0.list_checks(repository, filter, page).await)
    }

    async fn list_deployments(
        &self,
        repository: RepositoryRef,
        filter: DeploymentFilter,
        page: PageRequest,
    ) -> Result<Page<Deployment>, ProviderError> {
        let answer = self.0.list_deployments(repository, filter, page).await;
        self.note(Resource::Deployments, answer)
    }
}
