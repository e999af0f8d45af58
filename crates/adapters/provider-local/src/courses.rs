//! What courses ask of a folder: folders are groups, repositories are projects,
//! and who wrote commits belongs to them. There are no merge requests, remarks,
//! issues and runs of CI in a folder, and so the lists of them are empty.

mod commits;
mod groups;
mod locate;
mod members;
mod projects;

use std::sync::Arc;

use async_trait::async_trait;
use gix::bstr::BString;
use lodge_activity::{
    Actor, Approval, Commit, FactKind, Issue, MergeRequest, Note, Pipeline, Subject,
};
use lodge_forge::{RepositoryId, Resource};
use lodge_kernel::Timestamp;
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{
    Account, Community, CourseHost, Depth, Located, ProviderError, RemoteGroup, RemoteMember,
    RemoteProject, RepositoryRef,
};

use crate::{
    LocalHost,
    host::Kept,
    ids,
    job::Job,
    locate as places,
    shelf::{Opened, Shelf},
};

/// The id of the root, which is no path below it.
const ROOT: &str = "~";

#[async_trait]
impl CourseHost for LocalHost {
    fn silent_on(&self) -> &'static [FactKind] {
        &[
            FactKind::MergeRequest,
            FactKind::Approval,
            FactKind::Note,
            FactKind::Issue,
            FactKind::Pipeline,
            FactKind::CiJob,
            FactKind::Milestone,
        ]
    }

    async fn locate(&self, _account: Account, address: &str) -> Result<Located, ProviderError> {
        let roots = [self.kept.shelf.root().to_owned(), self.config.root.clone()];
        let path = locate::path(&roots, address)?;
        let label = self.config.label.clone();
        self.look(move |shelf, _| locate::find(shelf, &path, label)).await
    }

    async fn list_groups(
        &self,
        _account: Account,
        group: &str,
        page: PageRequest,
    ) -> Result<Page<RemoteGroup>, ProviderError> {
        let group = group.to_owned();
        self.look(move |shelf, _| groups::list(shelf, &folder(shelf, &group)?, &page)).await
    }

    async fn list_projects(
        &self,
        _account: Account,
        group: &str,
        depth: Depth,
        page: PageRequest,
    ) -> Result<Page<RemoteProject>, ProviderError> {
        let group = group.to_owned();
        let work = move |shelf: &Shelf, job: &Job| {
            projects::list(shelf, folder(shelf, &group)?, depth, &page, job)
        };
        self.look(work).await
    }

    async fn list_members(
        &self,
        account: Account,
        of: &Community,
        page: PageRequest,
    ) -> Result<Page<RemoteMember>, ProviderError> {
        match of {
            Community::Group(group) => {
                let group = group.clone();
                // Nobody belongs to a folder as such.
                self.look(move |shelf, _| folder(shelf, &group).map(|_| Page::empty())).await
            }
            Community::Project(id) => {
                let repository = RepositoryRef { account, id: id.clone() };
                let work = move |opened: &Opened, kept: &Kept, job: &Job| {
                    members::list(opened, &kept.reaches, &page, job)
                };
                self.read(Resource::Contributors, repository, work).await
            }
        }
    }

    async fn list_all_commits(
        &self,
        repository: RepositoryRef,
        _since: Option<Timestamp>,
        page: PageRequest,
    ) -> Result<Page<Commit<Actor>>, ProviderError> {
        // When a commit came into the folder, nothing says.
        let work = move |opened: &Opened, kept: &Kept, job: &Job| {
            commits::list(opened, &kept.reaches, &page, job)
        };
        self.read(Resource::Commits, repository, work).await
    }

    async fn list_merge_requests(
        &self,
        repository: RepositoryRef,
        _since: Option<Timestamp>,
        page: PageRequest,
    ) -> Result<Page<MergeRequest<Actor>>, ProviderError> {
        self.nothing(repository, page).await
    }

    async fn list_notes(
        &self,
        repository: RepositoryRef,
        _on: &Subject,
        page: PageRequest,
    ) -> Result<Page<Note<Actor>>, ProviderError> {
        self.nothing(repository, page).await
    }

    async fn approvals(
        &self,
        _repository: RepositoryRef,
        _merge_request: &MergeRequest<Actor>,
    ) -> Result<Vec<Approval<Actor>>, ProviderError> {
        Ok(Vec::new())
    }

    async fn list_issues(
        &self,
        repository: RepositoryRef,
        _since: Option<Timestamp>,
        page: PageRequest,
    ) -> Result<Page<Issue<Actor>>, ProviderError> {
        self.nothing(repository, page).await
    }

    async fn list_pipelines(
        &self,
        repository: RepositoryRef,
        _since: Option<Timestamp>,
        page: PageRequest,
    ) -> Result<Page<Pipeline<Actor>>, ProviderError> {
        self.nothing(repository, page).await
    }
}

impl LocalHost {
    /// What `work` finds below the root, on a blocking thread.
    async fn look<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Shelf, &Job) -> Result<T, ProviderError> + Send + 'static,
    ) -> Result<T, ProviderError> {
        let kept = Arc::clone(&self.kept);
        self.pool.run(Resource::Repositories, move |job| work(&kept.shelf, job)).await
    }

    /// The empty list of what a folder has not, of a repository that is there.
    async fn nothing<T: Send + 'static>(
        &self,
        repository: RepositoryRef,
        page: PageRequest,
    ) -> Result<Page<T>, ProviderError> {
        if page.from.is_some() {
            return Err(ProviderError::Position);
        }
        let work = move |shelf: &Shelf, _: &Job| {
            let path = ids::decode(&repository.id).ok_or(ProviderError::RepositoryNotFound)?;
            let found = places::at(shelf.root(), path.as_ref());
            found.map(|_| Page::empty()).ok_or(ProviderError::RepositoryNotFound)
        };
        self.look(work).await
    }
}

/// The path of the group `id`; empty for the root.
fn folder(shelf: &Shelf, id: &str) -> Result<BString, ProviderError> {
    if id == ROOT {
        return Ok(BString::default());
    }
    let id = RepositoryId::parse(id).ok();
    let path = id.and_then(|id| ids::decode(&id));
    let path = path.filter(|path| places::is_folder(shelf.root(), path.as_ref()));
    path.ok_or(ProviderError::RepositoryNotFound)
}
