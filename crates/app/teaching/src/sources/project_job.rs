//! The job that brings one project up to date: asked for when its host has
//! delivered something that leaves questions open.

use std::time::Duration;

use async_trait::async_trait;
use lodge_courses::{Course, CourseState};
use lodge_jobs::{Author, Job, JsonText, KindName, Queue, Request};
use lodge_kernel::{Clock, Entropy, JobId, ProjectId, Timestamp};
use lodge_storage::{IntakeFilter, StorageError, UnitOfWork};
use lodge_teams::{OriginState, Project};

use super::{
    account::{source_of, sources_of},
    order::GATHER,
    project::{self, Reading},
};
use crate::{
    intake::facts::LEAVE_QUESTIONS,
    jobs::{JobContext, JobError, JobKind, enqueue::bug},
};

/// How far the clocks of two processes are apart at the most: what came so
/// shortly before a reading began is read once more.
const SKEW: Duration = Duration::from_secs(10);

/// Brings one project up to date with its host.
#[derive(Clone, Copy, Debug)]
pub struct ProjectJob;

impl ProjectJob {
    const NAME: &'static str = "projects.sync";

    /// Asks for it in the unit of work that needs it, in a while: what is
    /// delivered until then is part of it.
    pub(crate) async fn ask(
        work: &mut dyn UnitOfWork,
        (clock, entropy): (&dyn Clock, &dyn Entropy),
        project: &Project,
    ) -> Result<(), StorageError> {
        let kind = KindName::parse(Self::NAME).map_err(bug)?;
        let payload = JsonText::new(format!("\"{}\"", project.id)).map_err(bug)?;
        let now = clock.now();
        let request = Request {
            course: Some(project.course),
            key: Some(project.id.to_string()),
            queue: Queue::Low,
            run_at: Some(now.plus(GATHER)),
            ..Request::new(project.tenant, kind, payload, Author::Schedule)
        };
        let job = Job::asked(request, JobId::fresh(clock, entropy), now);
        work.jobs().enqueue(&job).await.map(drop)
    }
}

#[async_trait]
impl JobKind for ProjectJob {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    async fn run(&self, job: &JobContext) -> Result<Option<JsonText>, JobError> {
        let unreadable = || JobError::Never("what the job was told cannot be read".to_owned());
        let id = job.payload().trim_matches('"').parse::<ProjectId>();
        let id = id.map_err(|_not_an_id| unreadable())?;
        let mut work = job.teaching.storage.read().await?;
        let project = work.projects().find(job.tenant, id).await?;
        let Some(project) = project.filter(|it| it.state == OriginState::Active) else {
            return Ok(None);
        };
        let course = work.courses().find(job.tenant, project.course).await?;
        let runs = |it: &Course| it.state == CourseState::Active;
        let (sources, _) = sources_of(&mut *work, job.tenant, project.course).await?;
        let sync = work.sources().sync_of(job.tenant, id).await?;
        drop(work);
        let source = source_of(&sources, &project.origin.host, sync.as_ref());
        let Some(source) = source.filter(|_| course.as_ref().is_some_and(runs)) else {
            return Ok(None);
        };
        // Whatever was read before, something has happened since.
        let reading = Reading { source, full: false, asked_at: None };
        let began_at = job.teaching.now();
        let learned = project::sync(job, &project, reading).await;
        let learned = learned.map_err(|it| it.of_one().map_or_else(|it| it, JobError::Later))?;
        // Who asked until now was told that this runs, and who asks from now on
        // gets a job of their own. In this order nothing falls between: what was
        // delivered since this began is asked for anew.
        job.give_up_key().await?;
        if delivered(job, &project, began_at).await? {
            let teaching = &job.teaching;
            let mut work = teaching.storage.begin().await?;
            Self::ask(&mut *work, (&*teaching.clock, &*teaching.entropy), &project).await?;
            work.commit().await?;
        }
        Ok(Some(JsonText::new(format!(
            "{{\"facts\":{{\"changed\":{},\"commits_read\":{}}}}}",
            learned.facts, learned.read,
        ))?))
    }
}

/// Whether something of the project was delivered then or later that leaves
/// questions open, by our clock: hosts may be behind, or tell late.
async fn delivered(
    job: &JobContext,
    project: &Project,
    since: Timestamp,
) -> Result<bool, StorageError> {
    let origin = &project.origin;
    let mut work = job.teaching.storage.read().await?;
    for kind in LEAVE_QUESTIONS {
        let filter = IntakeFilter {
            kind: Some(kind),
            repository: Some((origin.host.clone(), origin.remote_id.clone())),
            since: Some(since.minus(SKEW)),
            ..IntakeFilter::default()
        };
        if !work.intake().newest(project.tenant, &filter, None, 1).await?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}
