//! A host that exists here alone.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use lodge_activity::{Actor, Approval, Commit, Issue, MergeRequest, Note, Pipeline, Subject};
use lodge_forge::{Diff, DiffTotals, RepositoryId};
use lodge_kernel::Timestamp;
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{
    Account, Community, CourseHost, Depth, Located, MockGitProvider, ProviderError, RemoteGroup,
    RemoteMember, RemoteProject, RepositoryRef,
};
use lodge_testkit::builders::gitlab;

/// What the host has.
#[derive(Default)]
pub(crate) struct World {
    pub(crate) groups: Vec<RemoteGroup>,
    /// Each with the group that it is in.
    pub(crate) projects: Vec<(String, RemoteProject)>,
    /// Each with the group.
    pub(crate) members: Vec<(String, RemoteMember)>,
    commits: Vec<(String, Commit<Actor>)>,
    /// The project that cannot be read.
    pub(crate) broken: Option<String>,
    /// The project of which nothing is ever answered.
    pub(crate) endless: Option<String>,
    /// The commits of which nobody is told in time what they changed.
    pub(crate) unreadable: Vec<String>,
    /// How often somebody asked what a commit changed.
    pub(crate) diffs: usize,
    /// The projects whose commits were asked for.
    pub(crate) asked: Vec<String>,
}

fn group(id: &str, name: &str) -> RemoteGroup {
    let path = format!("course/{}", name.to_lowercase());
    RemoteGroup { id: id.to_owned(), name: name.to_owned(), path, web_url: None }
}

pub(crate) fn project(group: &str, id: &str, name: &str) -> (String, RemoteProject) {
    let (id, name) = (RepositoryId::parse(id).unwrap(), name.to_owned());
    let path = format!("course/{group}/{name}");
    (group.to_owned(), RemoteProject { id, name, path, web_url: None })
}

fn member(group: &str, id: &str, name: &str) -> (String, RemoteMember) {
    let actor = Actor {
        host_user: Some(id.to_owned()),
        username: Some(name.to_lowercase()),
        name: Some(name.to_owned()),
        email: None,
    };
    (group.to_owned(), RemoteMember { actor, maintains: false, bot: false })
}

impl World {
    /// A course of one group with two projects, and one project by itself, all
    /// written before `at`.
    pub(crate) fn at(at: Timestamp) -> Self {
        let mut members = vec![
            member("1", "17", "Ada"),
            member("1", "18", "Bob"),
            member("1", "19", "Teacher"),
            member("1", "20", "Robot"),
        ];
        members[2].1.maintains = true;
        members[3].1.bot = true;
        let mut world = Self {
            groups: vec![group("1", "Red")],
            projects: vec![
                project("1", "10", "frontend"),
                project("1", "11", "backend"),
                project("0", "12", "solo"),
            ],
            members,
            ..Self::default()
        };
        for project in ["10", "11", "12"] {
            world.commit(project, "one", at);
            world.commit(project, "two", at);
        }
        world
    }

    /// Somebody commits.
    pub(crate) fn commit(&mut self, project: &str, message: &str, at: Timestamp) {
        self.commit_by("ada@example.org", (project, message), at);
    }

    /// Who goes by this address commits to a project, with a message.
    pub(crate) fn commit_by(
        &mut self,
        email: &str,
        (project, message): (&str, &str),
        at: Timestamp,
    ) {
        let n = self.commits.len();
        let commit = Commit {
            sha: format!("{n:040x}"),
            parents: Some(Vec::new()),
            message: message.to_owned(),
            author: Actor { email: Some(email.to_owned()), ..Actor::default() },
            authored_at: at,
            changes: None,
            web_url: None,
        };
        self.commits.push((project.to_owned(), commit));
    }

    fn has(&self, id: &RepositoryId) -> Result<(), ProviderError> {
        let is_there = self.projects.iter().any(|(_, it)| it.id == *id);
        is_there.then_some(()).ok_or(ProviderError::RepositoryNotFound)
    }
}

/// What the same host answers the gateway.
pub(crate) fn provider(world: &Arc<Mutex<World>>) -> MockGitProvider {
    let mut provider = MockGitProvider::new();
    provider.expect_name().returning(gitlab);
    let known = Arc::clone(world);
    provider.expect_commit_diff().returning(move |_, sha| {
        let mut known = known.lock().unwrap();
        known.diffs += 1;
        if known.unreadable.contains(&sha) {
            return Err(ProviderError::TimedOut);
        }
        Ok(Diff {
            base_sha: None,
            head_sha: Some(sha),
            files: Vec::new(),
            totals: DiffTotals { files: 0, additions: 0, deletions: 0 },
            truncated: None,
        })
    });
    let world = Arc::clone(world);
    provider.expect_find_repository().returning(move |it| {
        let is_there = world.lock().unwrap().has(&it.id);
        Err(is_there.err().unwrap_or(ProviderError::TimedOut))
    });
    provider
}

/// What the same host answers courses.
pub(crate) struct Fake(pub(crate) Arc<Mutex<World>>);

fn page<T>(items: Vec<T>) -> Page<T> {
    Page { items, next: None }
}

#[async_trait]
impl CourseHost for Fake {
    async fn locate(&self, _: Account, address: &str) -> Result<Located, ProviderError> {
        match address {
            "https://git/course" => Ok(Located::Group(group("0", "Course"))),
            _ => Err(ProviderError::RepositoryNotFound),
        }
    }

    async fn list_groups(
        &self,
        _: Account,
        _: &str,
        _: PageRequest,
    ) -> Result<Page<RemoteGroup>, ProviderError> {
        Ok(page(self.0.lock().unwrap().groups.clone()))
    }

    async fn list_projects(
        &self,
        _: Account,
        group: &str,
        _: Depth,
        _: PageRequest,
    ) -> Result<Page<RemoteProject>, ProviderError> {
        let world = self.0.lock().unwrap();
        let found = world.projects.iter().filter(|(of, _)| of == group);
        Ok(page(found.map(|(_, it)| it.clone()).collect()))
    }

    async fn list_members(
        &self,
        _: Account,
        of: &Community,
        _: PageRequest,
    ) -> Result<Page<RemoteMember>, ProviderError> {
        let Community::Group(group) = of else { return Ok(page(Vec::new())) };
        let world = self.0.lock().unwrap();
        let found = world.members.iter().filter(|(of, _)| of == group);
        Ok(page(found.map(|(_, it)| it.clone()).collect()))
    }

    async fn list_all_commits(
        &self,
        repository: RepositoryRef,
        since: Option<Timestamp>,
        _: PageRequest,
    ) -> Result<Page<Commit<Actor>>, ProviderError> {
        let id = repository.id.to_string();
        let is_endless = {
            let mut world = self.0.lock().unwrap();
            world.has(&repository.id)?;
            world.asked.push(id.clone());
            world.endless.as_ref() == Some(&id)
        };
        if is_endless {
            std::future::pending::<()>().await;
        }
        let world = self.0.lock().unwrap();
        if world.broken.as_ref() == Some(&id) {
            return Err(ProviderError::Forbidden);
        }
        let meant = |it: &Commit<Actor>| since.is_none_or(|since| it.authored_at >= since);
        let found = world.commits.iter().filter(|(of, it)| *of == id && meant(it));
        Ok(page(found.map(|(_, it)| it.clone()).collect()))
    }

    async fn list_merge_requests(
        &self,
        _: RepositoryRef,
        _: Option<Timestamp>,
        _: PageRequest,
    ) -> Result<Page<MergeRequest<Actor>>, ProviderError> {
        Ok(page(Vec::new()))
    }

    async fn list_notes(
        &self,
        _: RepositoryRef,
        _: &Subject,
        _: PageRequest,
    ) -> Result<Page<Note<Actor>>, ProviderError> {
        Ok(page(Vec::new()))
    }

    async fn approvals(
        &self,
        _: RepositoryRef,
        _: &MergeRequest<Actor>,
    ) -> Result<Vec<Approval<Actor>>, ProviderError> {
        Ok(Vec::new())
    }

    async fn list_issues(
        &self,
        _: RepositoryRef,
        _: Option<Timestamp>,
        _: PageRequest,
    ) -> Result<Page<Issue<Actor>>, ProviderError> {
        Ok(page(Vec::new()))
    }

    async fn list_pipelines(
        &self,
        _: RepositoryRef,
        _: Option<Timestamp>,
        _: PageRequest,
    ) -> Result<Page<Pipeline<Actor>>, ProviderError> {
        Ok(page(Vec::new()))
    }
}
