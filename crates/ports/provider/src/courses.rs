//! What courses ask of a Git host beyond what the gateway reads.

use async_trait::async_trait;
use lodge_activity::{
    Actor, Approval, Commit, FactKind, Issue, MergeRequest, Note, Pipeline, Subject,
};
use lodge_forge::RepositoryId;
use lodge_kernel::Timestamp;
use lodge_pagination::{Page, PageRequest};

use crate::{Account, ProviderError, RepositoryRef};

/// A group of repositories: GitLab's group, a folder of folders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteGroup {
    /// The host's id of it, which a new name leaves as it is.
    pub id: String,
    /// The name for people.
    pub name: String,
    /// Where it stands among the others, `/` between the parts.
    pub path: String,
    /// Its page.
    pub web_url: Option<String>,
}

/// A repository, as courses know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteProject {
    /// The id.
    pub id: RepositoryId,
    /// The name for people.
    pub name: String,
    /// Where it stands among the others, `/` between the parts.
    pub path: String,
    /// Its page.
    pub web_url: Option<String>,
}

/// What stands at an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Located {
    /// A group.
    Group(RemoteGroup),
    /// A repository.
    Project(RemoteProject),
}

/// Who belongs to what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Community {
    /// To the group of this id, not counting what it lies in.
    Group(String),
    /// To this repository, not counting the groups that it lies in.
    Project(RepositoryId),
}

/// Somebody who belongs to a group or a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteMember {
    /// The account; `email` only where the host has verified it.
    pub actor: Actor,
    /// Runs it, rather than works in it: GitLab's maintainers and owners.
    pub maintains: bool,
    /// A program, not a person.
    pub bot: bool,
}

/// How deep below a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Directly in it.
    Direct,
    /// Anywhere below.
    All,
}

/// A host that courses can be brought in from. What its kind of host has not
/// (remarks in a plain folder) is an empty list.
///
/// Listings as with [`GitProvider`](crate::GitProvider). With `since`, what has
/// not changed since that instant MAY be left out, and nothing else.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait CourseHost: Send + Sync {
    /// Of what this kind of host never tells, because it has no such thing: its
    /// lists are empty, and nobody is judged by them.
    fn silent_on(&self) -> &'static [FactKind] {
        &[]
    }

    /// What stands at `address`: what people copy from a browser's address
    /// line, or a path. [`ProviderError::RepositoryNotFound`] when there is
    /// nothing that the account can see.
    async fn locate(&self, account: Account, address: &str) -> Result<Located, ProviderError>;

    /// The groups directly in the group `group`.
    async fn list_groups(
        &self,
        account: Account,
        group: &str,
        page: PageRequest,
    ) -> Result<Page<RemoteGroup>, ProviderError>;

    /// The repositories in the group `group`.
    async fn list_projects(
        &self,
        account: Account,
        group: &str,
        depth: Depth,
        page: PageRequest,
    ) -> Result<Page<RemoteProject>, ProviderError>;

    /// Who belongs to a group or a repository.
    async fn list_members(
        &self,
        account: Account,
        of: &Community,
        page: PageRequest,
    ) -> Result<Page<RemoteMember>, ProviderError>;

    /// The commits of every branch, without what they changed.
    async fn list_all_commits(
        &self,
        repository: RepositoryRef,
        since: Option<Timestamp>,
        page: PageRequest,
    ) -> Result<Page<Commit<Actor>>, ProviderError>;

    /// Merge requests in any state.
    async fn list_merge_requests(
        &self,
        repository: RepositoryRef,
        since: Option<Timestamp>,
        page: PageRequest,
    ) -> Result<Page<MergeRequest<Actor>>, ProviderError>;

    /// What people remarked on a merge request or an issue.
    async fn list_notes(
        &self,
        repository: RepositoryRef,
        on: &Subject,
        page: PageRequest,
    ) -> Result<Page<Note<Actor>>, ProviderError>;

    /// Who approves of a merge request at present. Where the host does not say
    /// since when, `at` is when the merge request was opened.
    async fn approvals(
        &self,
        repository: RepositoryRef,
        merge_request: &MergeRequest<Actor>,
    ) -> Result<Vec<Approval<Actor>>, ProviderError>;

    /// Issues in any state.
    async fn list_issues(
        &self,
        repository: RepositoryRef,
        since: Option<Timestamp>,
        page: PageRequest,
    ) -> Result<Page<Issue<Actor>>, ProviderError>;

    /// Runs of continuous integration.
    async fn list_pipelines(
        &self,
        repository: RepositoryRef,
        since: Option<Timestamp>,
        page: PageRequest,
    ) -> Result<Page<Pipeline<Actor>>, ProviderError>;
}
