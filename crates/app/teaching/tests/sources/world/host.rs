//! A host that exists here alone.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use lodge_activity::{Actor, Approval, Commit, Issue, MergeRequest, Note, Pipeline, Subject};
use lodge_forge::{Diff, DiffTotals, RepositoryId};
use lodge_kernel::{ConnectionId, Timestamp};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{
    Account, Community, CourseHost, Depth, Located, MockGitProvider, ProviderError, RemoteGroup,
    RemoteMember, RemoteProject, RepositoryRef,
};
use lodge_testkit::builders::gitlab;

use super::posts::{Mishap, Post};

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
    /// How many questions for the commits of one project are answered; all of
    /// them unless it is said.
    pub(crate) answered: Option<usize>,
    /// The account that sees this project alone.
    pub(crate) blind: Option<(ConnectionId, String)>,
    /// Whoever asks what stands at this address is sent away for an hour.
    pub(crate) busy_at: Option<String>,
    /// Whoever asks for commits is sent away for an hour.
    pub(crate) is_busy: bool,
    /// The project of which nothing is ever answered.
    pub(crate) endless: Option<String>,
    /// The commits of which nobody is told in time what they changed.
    pub(crate) unreadable: Vec<String>,
    /// How often somebody asked what a commit changed.
    pub(crate) diffs: usize,
    /// Its webhooks.
    pub(crate) posts: Vec<Post>,
    /// How many it ever made.
    pub(crate) posts_made: usize,
    /// What goes wrong with them.
    pub(crate) mishap: Option<Mishap>,
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

    /// How often the commits of a project were asked for.
    pub(crate) fn times_asked(&self, project: &str) -> usize {
        self.asked.iter().filter(|it| *it == project).count()
    }

    /// Whether it is there, and the account sees it.
    pub(super) fn has(&self, of: &RepositoryRef) -> Result<(), ProviderError> {
        let is_blind = self.blind.as_ref().is_some_and(|(account, one)| {
            of.account.connection == *account && of.id.as_str() != one
        });
        let is_there = self.projects.iter().any(|(_, it)| it.id == of.id);
        (is_there && !is_blind).then_some(()).ok_or(ProviderError::RepositoryNotFound)
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
        let is_there = world.lock().unwrap().has(&it);
        Err(is_there.err().unwrap_or(ProviderError::TimedOut))
    });
    provider
}

/// What the same host answers courses.
pub(crate) struct Fake(pub(crate) Arc<Mutex<World>>);

/// Longer than a job waits for a host.
fn in_an_hour() -> ProviderError {
    ProviderError::RateLimited { retry_at: Timestamp::from_seconds(4_000_000_000) }
}

fn page<T>(items: Vec<T>) -> Page<T> {
    Page { items, next: None }
}

#[async_trait]
impl CourseHost for Fake {
    async fn locate(&self, _: Account, address: &str) -> Result<Located, ProviderError> {
        if address == "https://git/course" {
            return Ok(Located::Group(group("0", "Course")));
        }
        let world = self.0.lock().unwrap();
        if world.busy_at.as_deref() == Some(address) {
            return Err(in_an_hour());
        }
        let id = address.strip_prefix("https://git/project/");
        let found = world.projects.iter().find(|(_, it)| Some(it.id.as_str()) == id);
        found.map(|(_, it)| Located::Project(it.clone())).ok_or(ProviderError::RepositoryNotFound)
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
        let (is_endless, turn) = {
            let mut world = self.0.lock().unwrap();
            world.has(&repository)?;
            world.asked.push(id.clone());
            (world.endless.as_ref() == Some(&id), world.times_asked(&id))
        };
        if is_endless {
            std::future::pending::<()>().await;
        }
        while self.0.lock().unwrap().answered.is_some_and(|most| turn > most) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let world = self.0.lock().unwrap();
        if world.is_busy {
            return Err(in_an_hour());
        }
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
