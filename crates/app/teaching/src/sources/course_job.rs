//! The job that brings a course in, and keeps it up: teams first, then what
//! happened in each project.

use async_trait::async_trait;
use lodge_courses::{Course, CourseState};
use lodge_jobs::JsonText;
use lodge_kernel::Timestamp;
use lodge_storage::{Listing, Place, ProjectFilter, StorageError};
use lodge_teams::{OriginState, Project};

use super::{
    gone,
    listed::{self, Listed},
    order::Order,
    project::{self, Reading},
    reader::SyncError,
    summary::Summary,
    teams,
    tree::{self, People, RemoteTeam},
};
use crate::jobs::{JobContext, JobError, JobKind, TURNS};

/// How many projects are read from the database at once.
const PAGE: usize = 200;

/// Brings a course, or a team of it, up to date with its hosts.
#[derive(Clone, Copy, Debug)]
pub struct CourseSync;

impl CourseSync {
    pub(super) const NAME: &'static str = "courses.sync";
}

#[async_trait]
impl JobKind for CourseSync {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    async fn run(&self, job: &JobContext) -> Result<Option<JsonText>, JobError> {
        let run = Run { job, order: Order::parse(job.payload())?, began_at: job.teaching.now() };
        let mut summary = Summary::default();
        let course = run.course().await?;
        job.progress(0, None, "what the host has").await?;
        let listed = Listed::of(job, &course, &mut summary).await?;
        let outcome = run.bring_in(&course, &listed, &mut summary).await;
        if let Err(JobError::Never(reason) | JobError::Later(reason)) = &outcome {
            let read = listed.read.iter().map(|(it, _)| (it, reason.clone()));
            listed::note_failures(job, &read.collect::<Vec<_>>()).await?;
        }
        outcome?;
        let is_unsettled = run.order.team.is_none() || run.meant(&listed.teams()).await?.is_empty();
        match listed.later {
            // What was read is not read again, and the others are tried once more.
            Some(problem) if is_unsettled => Err(JobError::Later(problem)),
            _ => Ok(Some(summary.json()?)),
        }
    }
}

/// One run of the job.
struct Run<'a> {
    job: &'a JobContext,
    order: Order,
    began_at: Timestamp,
}

impl Run<'_> {
    /// Brings in what was listed.
    async fn bring_in(
        &self,
        course: &Course,
        listed: &Listed,
        summary: &mut Summary,
    ) -> Result<(), JobError> {
        let meant = self.meant(&listed.teams()).await?;
        let before = number(meant.len());
        let total = before + number(self.projects().await?.len());
        for (n, it) in (0..).zip(&meant) {
            self.job.progress(n, Some(total), &it.path).await?;
            self.team(it, summary).await?;
        }
        if self.order.team.is_none() {
            gone::mark(self.job, course, listed, summary).await?;
        }
        self.all_projects(listed, before, summary).await?;
        self.finish(listed).await
    }

    /// The course, as long as it may be changed.
    async fn course(&self) -> Result<Course, JobError> {
        let mut work = self.job.teaching.storage.read().await?;
        let course = work.courses().find(self.job.tenant, self.order.course).await?;
        open(course)
    }

    /// The teams that the job is about.
    async fn meant(&self, remote: &[RemoteTeam]) -> Result<Vec<RemoteTeam>, JobError> {
        let Some(team) = self.order.team else { return Ok(remote.to_vec()) };
        let mut work = self.job.teaching.storage.read().await?;
        let team = work.teams().find(self.job.tenant, team).await?;
        let origin = team.and_then(|it| it.origin);
        let same = |it: &&RemoteTeam| {
            origin.as_ref().is_some_and(|of| of.host == it.host && of.remote_id == it.remote_id)
        };
        Ok(remote.iter().filter(same).cloned().collect())
    }

    /// Brings one team in line; what is wrong with it is told, and the others go
    /// on.
    async fn team(&self, remote: &RemoteTeam, summary: &mut Summary) -> Result<(), JobError> {
        let host = self.job.teaching.workshop.hosts.courses(&remote.host);
        let people = match host {
            Some(host) => tree::people(self.job, &**host, remote).await,
            None => Ok(People::default()),
        };
        let kept = match people {
            Ok(people) => self.keep(remote, &people, summary).await,
            Err(error) => Err(error),
        };
        if let Err(error) = kept {
            let reason = error.of_one()?;
            self.job.log(&format!("{}: {reason}", remote.path)).await?;
            summary.teams.failed.push((remote.path.clone(), reason));
        }
        Ok(())
    }

    async fn keep(
        &self,
        remote: &RemoteTeam,
        people: &People,
        summary: &mut Summary,
    ) -> Result<(), SyncError> {
        let teaching = &*self.job.teaching;
        let mut turn = 1;
        loop {
            self.job.check()?;
            let mut work = teaching.storage.begin().await?;
            let course = work.courses().find(self.job.tenant, self.order.course).await?;
            let course = open(course)?;
            let mut added = Summary::default();
            let kept = teams::keep(teaching, &mut *work, &course, remote, people, &mut added).await;
            let kept = match kept {
                Ok(()) => work.commit().await,
                Err(error) => Err(error),
            };
            match kept {
                Ok(()) => {
                    summary.add(added);
                    return Ok(());
                }
                Err(StorageError::Conflict(_)) if turn < TURNS => turn += 1,
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// The projects that the job is about, oldest first.
    async fn projects(&self) -> Result<Vec<Project>, JobError> {
        let mut work = self.job.teaching.storage.read().await?;
        let (team, state) = (self.order.team, Some(OriginState::Active));
        let filter = ProjectFilter { team, state, ..ProjectFilter::default() };
        let mut found: Vec<Project> = Vec::new();
        loop {
            let after = found.last().map(|it| Place { name: String::new(), id: it.id });
            let listing = Listing { after, ..Listing::first(PAGE) };
            let (tenant, course) = (self.job.tenant, self.order.course);
            let page = work.projects().list(tenant, course, filter, &listing).await?;
            let is_last = page.len() < PAGE;
            found.extend(page);
            if is_last {
                return Ok(found);
            }
        }
    }

    async fn all_projects(
        &self,
        listed: &Listed,
        before: u64,
        summary: &mut Summary,
    ) -> Result<(), JobError> {
        let projects = self.projects().await?;
        // Everything is read again, but not again in each attempt.
        let is_first = self.job.attempt().await == 1;
        let asked_at = Some(self.order.at).filter(|_| !(self.order.full && is_first));
        let total = before + number(projects.len());
        for (n, project) in (before..).zip(&projects) {
            self.job.progress(n, Some(total), &project.name).await?;
            // What no source has was added by hand, and is left to webhooks.
            let Some(source) = listed.source_of(project) else { continue };
            let reading = Reading { source, full: self.order.full, asked_at };
            match project::sync(self.job, project, reading).await {
                Ok(learned) => {
                    summary.facts += number(learned.facts);
                    summary.commits_read += number(learned.read);
                }
                Err(error) => {
                    let reason = error.of_one()?;
                    self.job.log(&format!("{}: {reason}", project.name)).await?;
                    summary.projects.failed.push((project.name.clone(), reason));
                }
            }
        }
        self.job.progress(total, Some(total), "done").await
    }

    /// Notes that the sources were brought in to their end.
    async fn finish(&self, listed: &Listed) -> Result<(), JobError> {
        if self.order.team.is_some() {
            return Ok(());
        }
        let mut work = self.job.teaching.storage.begin().await?;
        let now = work.sources().of_course(self.job.tenant, self.order.course).await?;
        for source in now.into_iter().filter(|it| {
            listed.read.iter().any(|(old, _)| old.host == it.host && old.remote_id == it.remote_id)
        }) {
            work.sources().note_outcome(&source.brought_in(self.began_at)).await?;
        }
        Ok(work.commit().await?)
    }
}

fn open(course: Option<Course>) -> Result<Course, JobError> {
    match course {
        Some(course) if course.state == CourseState::Active => Ok(course),
        Some(_) => {
            let problem = "the course is archived, and can only be read: unarchive it first";
            Err(JobError::Never(problem.to_owned()))
        }
        None => Err(JobError::Never("the course is not there any more".to_owned())),
    }
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
