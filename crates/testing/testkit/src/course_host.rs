//! A host that courses come from, in memory: whatever a test put into it.

use std::collections::BTreeMap;

use async_trait::async_trait;
use lodge_activity::{Actor, Approval, Commit, Issue, MergeRequest, Note, Pipeline, Subject};
use lodge_forge::RepositoryId;
use lodge_kernel::Timestamp;
use lodge_pagination::{Page, PageRequest, Position};
use lodge_provider::{
    Account, Community, CourseHost, Depth, Located, ProviderError, RemoteGroup, RemoteMember,
    RemoteProject, RepositoryRef,
};

/// A project and what happened in it.
#[derive(Clone, Debug)]
pub struct CourseProject {
    /// The project. The group that it lies in is told by its path.
    pub project: RemoteProject,
    /// Who belongs to it.
    pub members: Vec<RemoteMember>,
    /// Its commits, newest first.
    pub commits: Vec<Commit<Actor>>,
    /// Its merge requests.
    pub merge_requests: Vec<MergeRequest<Actor>>,
    /// What was remarked.
    pub notes: Vec<Note<Actor>>,
    /// Who approves.
    pub approvals: Vec<Approval<Actor>>,
    /// Its issues.
    pub issues: Vec<Issue<Actor>>,
    /// Its runs of CI.
    pub pipelines: Vec<Pipeline<Actor>>,
}

impl CourseProject {
    /// A project where nothing has happened.
    pub const fn new(project: RemoteProject) -> Self {
        Self {
            project,
            members: Vec::new(),
            commits: Vec::new(),
            merge_requests: Vec::new(),
            notes: Vec::new(),
            approvals: Vec::new(),
            issues: Vec::new(),
            pipelines: Vec::new(),
        }
    }
}

/// A host in memory. An address is the path of what stands there.
#[derive(Clone, Debug, Default)]
pub struct MemoryCourses {
    /// Its groups.
    pub groups: Vec<RemoteGroup>,
    /// Who belongs to a group, by its id.
    pub members: BTreeMap<String, Vec<RemoteMember>>,
    /// Its projects.
    pub projects: Vec<CourseProject>,
}

impl MemoryCourses {
    fn group(&self, id: &str) -> Result<&RemoteGroup, ProviderError> {
        self.groups.iter().find(|it| it.id == id).ok_or(ProviderError::RepositoryNotFound)
    }

    fn project(&self, id: &RepositoryId) -> Result<&CourseProject, ProviderError> {
        let mut all = self.projects.iter();
        all.find(|it| it.project.id == *id).ok_or(ProviderError::RepositoryNotFound)
    }
}

/// `path` lies directly in `group`.
fn is_in(path: &str, group: &str) -> bool {
    path.rsplit_once('/').is_some_and(|(above, _)| above == group)
}

/// One page of those of `all` that `wanted` says.
fn page_of<'a, T: Clone + 'a>(
    kind: &str,
    all: impl IntoIterator<Item = &'a T>,
    wanted: impl Fn(&T) -> bool,
    request: &PageRequest,
) -> Result<Page<T>, ProviderError> {
    let skip = match &request.from {
        None => 0,
        Some(from) if from.get("of") == Some(kind) => {
            let skip = from.get("skip").and_then(|it| it.parse().ok());
            skip.ok_or(ProviderError::Position)?
        }
        Some(_) => return Err(ProviderError::Position),
    };
    let mut rest = all.into_iter().filter(|it| wanted(it)).skip(skip);
    let items: Vec<T> = rest.by_ref().take(request.limit.get()).cloned().collect();
    let next = rest.next().map(|_| {
        let skip = (skip + items.len()).to_string();
        Position::new().with("of", kind).and_then(|it| it.with("skip", skip))
    });
    let next = next.transpose().map_err(|_too_long| ProviderError::Position)?;
    Ok(Page { items, next })
}

#[async_trait]
impl CourseHost for MemoryCourses {
    async fn locate(&self, _account: Account, address: &str) -> Result<Located, ProviderError> {
        if address.is_empty() || address.contains("://") {
            return Err(ProviderError::Invalid { problem: "it is no path".to_owned() });
        }
        if let Some(found) = self.groups.iter().find(|it| it.path == address) {
            return Ok(Located::Group(found.clone()));
        }
        let found = self.projects.iter().find(|it| it.project.path == address);
        let found = found.ok_or(ProviderError::RepositoryNotFound)?;
        Ok(Located::Project(found.project.clone()))
    }

    async fn list_groups(
        &self,
        _account: Account,
        group: &str,
        page: PageRequest,
    ) -> Result<Page<RemoteGroup>, ProviderError> {
        let above = &self.group(group)?.path;
        page_of("groups", &self.groups, |it| is_in(&it.path, above), &page)
    }

    async fn list_projects(
        &self,
        _account: Account,
        group: &str,
        depth: Depth,
        page: PageRequest,
    ) -> Result<Page<RemoteProject>, ProviderError> {
        let above = &self.group(group)?.path;
        let below = format!("{above}/");
        let wanted = |it: &RemoteProject| match depth {
            Depth::Direct => is_in(&it.path, above),
            Depth::All => it.path.starts_with(&below),
        };
        page_of("projects", self.projects.iter().map(|it| &it.project), wanted, &page)
    }

    async fn list_members(
        &self,
        _account: Account,
        of: &Community,
        page: PageRequest,
    ) -> Result<Page<RemoteMember>, ProviderError> {
        let members = match of {
            Community::Project(id) => self.project(id)?.members.as_slice(),
            Community::Group(id) => {
                self.members.get(&self.group(id)?.id).map_or(&[][..], Vec::as_slice)
            }
        };
        page_of("members", members, |_| true, &page)
    }

    async fn list_all_commits(
        &self,
        repository: RepositoryRef,
        _since: Option<Timestamp>,
        page: PageRequest,
    ) -> Result<Page<Commit<Actor>>, ProviderError> {
        page_of("commits", &self.project(&repository.id)?.commits, |_| true, &page)
    }

    async fn list_merge_requests(
        &self,
        repository: RepositoryRef,
        since: Option<Timestamp>,
        page: PageRequest,
    ) -> Result<Page<MergeRequest<Actor>>, ProviderError> {
        let all = &self.project(&repository.id)?.merge_requests;
        page_of("merge_requests", all, |it| Some(it.updated_at) >= since, &page)
    }

    async fn list_notes(
        &self,
        repository: RepositoryRef,
        on: &Subject,
        page: PageRequest,
    ) -> Result<Page<Note<Actor>>, ProviderError> {
        page_of("notes", &self.project(&repository.id)?.notes, |it| it.on == *on, &page)
    }

    async fn approvals(
        &self,
        repository: RepositoryRef,
        merge_request: &MergeRequest<Actor>,
    ) -> Result<Vec<Approval<Actor>>, ProviderError> {
        let all = self.project(&repository.id)?.approvals.iter();
        Ok(all.filter(|it| it.merge_request == merge_request.number).cloned().collect())
    }

    async fn list_issues(
        &self,
        repository: RepositoryRef,
        since: Option<Timestamp>,
        page: PageRequest,
    ) -> Result<Page<Issue<Actor>>, ProviderError> {
        let all = &self.project(&repository.id)?.issues;
        page_of("issues", all, |it| Some(it.updated_at) >= since, &page)
    }

    async fn list_pipelines(
        &self,
        repository: RepositoryRef,
        since: Option<Timestamp>,
        page: PageRequest,
    ) -> Result<Page<Pipeline<Actor>>, ProviderError> {
        let all = &self.project(&repository.id)?.pipelines;
        page_of("pipelines", all, |it| Some(it.updated_at) >= since, &page)
    }
}
