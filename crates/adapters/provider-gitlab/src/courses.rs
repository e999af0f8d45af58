//! What courses ask of GitLab.

mod approvals;
mod commits;
mod groups;
mod issues;
mod locate;
mod members;
mod merge_requests;
mod notes;
mod pipelines;
mod projects;

use async_trait::async_trait;
use lodge_activity::{Actor, Approval, Commit, Issue, MergeRequest, Note, Pipeline, Subject};
use lodge_kernel::Timestamp;
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{
    Account, Community, CourseHost, Depth, Located, ProviderError, RemoteGroup, RemoteMember,
    RemoteProject, RepositoryRef,
};
use lodge_provider_kit::{Base, Call};

use crate::api::Api;

/// A GitLab that courses are brought in from.
pub(crate) struct GitLabCourses {
    pub(crate) api: Api,
    /// Where its pages are.
    pub(crate) address: Base,
}

#[async_trait]
impl CourseHost for GitLabCourses {
    async fn locate(&self, account: Account, address: &str) -> Result<Located, ProviderError> {
        locate::find(&self.api, &self.address, account, address).await
    }

    async fn list_groups(
        &self,
        account: Account,
        group: &str,
        page: PageRequest,
    ) -> Result<Page<RemoteGroup>, ProviderError> {
        groups::list(&self.api, account, group, &page).await
    }

    async fn list_projects(
        &self,
        account: Account,
        group: &str,
        depth: Depth,
        page: PageRequest,
    ) -> Result<Page<RemoteProject>, ProviderError> {
        projects::list(&self.api, account, group, depth, &page).await
    }

    async fn list_members(
        &self,
        account: Account,
        of: &Community,
        page: PageRequest,
    ) -> Result<Page<RemoteMember>, ProviderError> {
        members::list(&self.api, account, of, &page).await
    }

    async fn list_all_commits(
        &self,
        repository: RepositoryRef,
        _since: Option<Timestamp>,
        page: PageRequest,
    ) -> Result<Page<Commit<Actor>>, ProviderError> {
        commits::list(&self.api, &repository, &page).await
    }

    async fn list_merge_requests(
        &self,
        repository: RepositoryRef,
        since: Option<Timestamp>,
        page: PageRequest,
    ) -> Result<Page<MergeRequest<Actor>>, ProviderError> {
        merge_requests::list(&self.api, &repository, since, &page).await
    }

    async fn list_notes(
        &self,
        repository: RepositoryRef,
        on: &Subject,
        page: PageRequest,
    ) -> Result<Page<Note<Actor>>, ProviderError> {
        notes::list(&self.api, &repository, on, &page).await
    }

    async fn approvals(
        &self,
        repository: RepositoryRef,
        merge_request: &MergeRequest<Actor>,
    ) -> Result<Vec<Approval<Actor>>, ProviderError> {
        approvals::read(&self.api, &repository, merge_request).await
    }

    async fn list_issues(
        &self,
        repository: RepositoryRef,
        since: Option<Timestamp>,
        page: PageRequest,
    ) -> Result<Page<Issue<Actor>>, ProviderError> {
        issues::list(&self.api, &repository, since, &page).await
    }

    async fn list_pipelines(
        &self,
        repository: RepositoryRef,
        since: Option<Timestamp>,
        page: PageRequest,
    ) -> Result<Page<Pipeline<Actor>>, ProviderError> {
        pipelines::list(&self.api, &repository, since, &page).await
    }
}

/// A question about a group. Its id is a number and nothing else, as a
/// project's is.
fn group(api: &Api, id: &str) -> Result<Call, ProviderError> {
    let is_number = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number {
        return Err(ProviderError::RepositoryNotFound);
    }
    Ok(Call::get(&api.base, ["groups", id]))
}

/// What changed at `since` or later; everything when `None`.
fn changed(call: Call, since: Option<Timestamp>) -> Call {
    call.query_if("updated_after", since.map(|it| it.to_string()))
}

/// A part of a project that is switched off there has nothing in it.
fn unless_off<T>(answer: Result<T, ProviderError>) -> Result<Option<T>, ProviderError> {
    match answer {
        Err(error) if matches!(error.cause(), ProviderError::Forbidden) => Ok(None),
        other => other.map(Some),
    }
}
