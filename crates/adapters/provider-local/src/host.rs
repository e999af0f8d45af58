//! The folder behind the port.

use std::{fs, sync::Arc};

use async_trait::async_trait;
use lodge_forge::{
    AccountType, Branch, Capabilities, Check, Commit, Contributor, Deployment, Diff, Profile,
    ProviderName, PullRequest, Release, Repository, Resource, Support, Tag, TreeEntry,
};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{
    Account, AccountKind, CheckFilter, DeploymentFilter, GitProvider, ProviderError,
    PullRequestFilter, RepositoryRef, TreeFilter,
};

use crate::{
    LocalConfig, LocalError, branches,
    catalogue::Catalogue,
    commits,
    contributors::{self, Counts},
    diff,
    history::Histories,
    ids,
    job::{Job, Pool},
    reach::Reaches,
    shelf::{Opened, Shelf},
    tags,
    tree::{self, Memory},
};

/// A folder of repositories as a Git host called `local`.
#[derive(Debug)]
pub struct LocalHost {
    name: ProviderName,
    pub(crate) config: LocalConfig,
    pub(crate) pool: Pool,
    pub(crate) kept: Arc<Kept>,
}

/// What is kept between questions.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) shelf: Shelf,
    catalogue: Catalogue,
    histories: Histories,
    counts: Counts,
    memory: Memory,
    pub(crate) reaches: Reaches,
}

impl LocalHost {
    const CAPABILITIES: Capabilities = Capabilities::new(&[
        (Resource::Profile, Support::Derived),
        (Resource::Repositories, Support::Native),
        (Resource::Branches, Support::Native),
        (Resource::Commits, Support::Native),
        (Resource::CommitDiff, Support::Native),
        (Resource::Contributors, Support::Derived),
        (Resource::Tags, Support::Native),
        (Resource::Releases, Support::Derived),
        (Resource::FileTree, Support::Native),
    ]);

    /// Serves the folder that `config` names.
    ///
    /// # Errors
    ///
    /// [`LocalError`] when there is no such folder, or the system is full.
    pub fn open(config: LocalConfig) -> Result<Self, LocalError> {
        let root = fs::canonicalize(&config.root).and_then(|root| {
            fs::read_dir(&root)?;
            Ok(root)
        });
        let root = match root {
            Ok(root) => root,
            Err(source) if source.kind() == std::io::ErrorKind::NotADirectory => {
                return Err(LocalError::NotAFolder { root: config.root });
            }
            Err(source) => return Err(LocalError::Unreadable { root: config.root, source }),
        };
        let kept = Kept {
            shelf: Shelf::new(root),
            catalogue: Catalogue::new(),
            histories: Histories::new(),
            counts: Counts::new(),
            memory: Memory::new(),
            reaches: Reaches::new(),
        };
        // A name that the type refuses would be a fault of this line alone.
        let name = ProviderName::parse("local")
            .map_err(|_refused| LocalError::NotAFolder { root: config.root.clone() })?;
        let pool = Pool::new(config.time_limit).map_err(LocalError::NoThreads)?;
        Ok(Self { name, pool, config, kept: Arc::new(kept) })
    }

    /// What `work` reads of one repository, on a thread for that.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        resource: Resource,
        repository: RepositoryRef,
        work: impl FnOnce(&Opened, &Kept, &Job) -> Result<T, ProviderError> + Send + 'static,
    ) -> Result<T, ProviderError> {
        let kept = Arc::clone(&self.kept);
        let work = move |job: &Job| {
            let opened = kept.shelf.open(&repository.id, job)?;
            work(&opened, &kept, job)
        };
        self.pool.run(resource, work).await
    }
}

fn unsupported<T>(resource: Resource) -> Result<T, ProviderError> {
    Err(ProviderError::Unsupported { resource })
}

#[async_trait]
impl GitProvider for LocalHost {
    fn name(&self) -> ProviderName {
        self.name.clone()
    }

    fn label(&self) -> String {
        self.config.label.clone()
    }

    fn capabilities(&self) -> Capabilities {
        Self::CAPABILITIES
    }

    fn account_kind(&self) -> AccountKind {
        AccountKind::Configured
    }

    async fn profile(&self, account: Account) -> Result<Profile, ProviderError> {
        Ok(Profile {
            id: self.config.login.clone(),
            provider: self.name(),
            login: self.config.login.clone(),
            name: Some(self.config.display_name.clone()),
            email: None,
            avatar_url: None,
            web_url: None,
            account_type: AccountType::Bot,
            connection_id: account.connection,
        })
    }

    async fn list_repositories(
        &self,
        _account: Account,
        page: PageRequest,
    ) -> Result<Page<Repository>, ProviderError> {
        let now = self.config.clock.now();
        if let Some(remembered) = self.kept.catalogue.remembered(&page, now) {
            return remembered;
        }
        let (kept, name) = (Arc::clone(&self.kept), self.name());
        let work = move |job: &Job| kept.catalogue.list(&kept.shelf, &name, &page, now, job);
        self.pool.run(Resource::Repositories, work).await
    }

    async fn find_repository(
        &self,
        repository: RepositoryRef,
    ) -> Result<Repository, ProviderError> {
        let path = ids::decode(&repository.id).ok_or(ProviderError::RepositoryNotFound)?;
        let now = self.config.clock.now();
        let (kept, name) = (Arc::clone(&self.kept), self.name());
        let work =
            move |job: &Job| kept.catalogue.describe(&kept.shelf, &name, path.as_ref(), now, job);
        self.pool.run(Resource::Repositories, work).await
    }

    async fn list_branches(
        &self,
        repository: RepositoryRef,
        page: PageRequest,
    ) -> Result<Page<Branch>, ProviderError> {
        let work = move |opened: &Opened, _: &Kept, job: &Job| branches::list(opened, &page, job);
        self.read(Resource::Branches, repository, work).await
    }

    async fn list_commits(
        &self,
        repository: RepositoryRef,
        branch: Option<String>,
        page: PageRequest,
    ) -> Result<Page<Commit>, ProviderError> {
        let work = move |opened: &Opened, kept: &Kept, job: &Job| {
            commits::list(opened, &kept.histories, branch.as_deref(), &page, job)
        };
        self.read(Resource::Commits, repository, work).await
    }

    async fn commit_diff(
        &self,
        repository: RepositoryRef,
        commit: String,
    ) -> Result<Diff, ProviderError> {
        let work =
            move |opened: &Opened, _: &Kept, job: &Job| diff::of_commit(opened, &commit, job);
        self.read(Resource::CommitDiff, repository, work).await
    }

    async fn list_contributors(
        &self,
        repository: RepositoryRef,
        page: PageRequest,
    ) -> Result<Page<Contributor>, ProviderError> {
        let work = move |opened: &Opened, kept: &Kept, job: &Job| {
            contributors::list(opened, &kept.histories, &kept.counts, &page, job)
        };
        self.read(Resource::Contributors, repository, work).await
    }

    async fn list_tags(
        &self,
        repository: RepositoryRef,
        page: PageRequest,
    ) -> Result<Page<Tag>, ProviderError> {
        let work = move |opened: &Opened, _: &Kept, job: &Job| tags::list(opened, &page, job);
        self.read(Resource::Tags, repository, work).await
    }

    async fn list_releases(
        &self,
        repository: RepositoryRef,
        page: PageRequest,
    ) -> Result<Page<Release>, ProviderError> {
        let work = move |opened: &Opened, _: &Kept, job: &Job| tags::releases(opened, &page, job);
        self.read(Resource::Releases, repository, work).await
    }

    async fn list_tree(
        &self,
        repository: RepositoryRef,
        filter: TreeFilter,
        page: PageRequest,
    ) -> Result<Page<TreeEntry>, ProviderError> {
        let work = move |opened: &Opened, kept: &Kept, job: &Job| {
            tree::list(opened, &kept.memory, &filter, &page, job)
        };
        self.read(Resource::FileTree, repository, work).await
    }

    async fn list_pull_requests(
        &self,
        _repository: RepositoryRef,
        _filter: PullRequestFilter,
        _page: PageRequest,
    ) -> Result<Page<PullRequest>, ProviderError> {
        unsupported(Resource::PullRequests)
    }

    async fn pull_request_diff(
        &self,
        _repository: RepositoryRef,
        _number: u64,
    ) -> Result<Diff, ProviderError> {
        unsupported(Resource::PullRequestDiff)
    }

    async fn list_checks(
        &self,
        _repository: RepositoryRef,
        _filter: CheckFilter,
        _page: PageRequest,
    ) -> Result<Page<Check>, ProviderError> {
        unsupported(Resource::Checks)
    }

    async fn list_deployments(
        &self,
        _repository: RepositoryRef,
        _filter: DeploymentFilter,
        _page: PageRequest,
    ) -> Result<Page<Deployment>, ProviderError> {
        unsupported(Resource::Deployments)
    }
}
