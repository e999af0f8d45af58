//! The job that brings one project up to date: asked for when its host has
//! delivered something that leaves questions open.

use async_trait::async_trait;
use lodge_courses::{Course, CourseState};
use lodge_intake::Intake;
use lodge_jobs::{Author, Job, JsonText, KindName, Queue, Request};
use lodge_kernel::{Clock, Entropy, JobId, ProjectId, Timestamp};
use lodge_storage::{IntakeFilter, StorageError, UnitOfWork};
use lodge_teams::{OriginState, Project};

use super::{
    account::{accounts, sources_of},
    order::{GATHER, bug},
    project::{self, Learned, Reading},
};
use crate::jobs::{JobContext, JobError, JobKind};

/// How often it is read again at once when something happens meanwhile.
const ROUNDS: u32 = 3;
/// How many deliveries are looked at. Where there are more, one may be of the
/// project.
const LOOK: usize = 100;

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
        // What no sync has brought in was added by hand: no account is for it.
        let was_synced = work.sources().sync_of(job.tenant, id).await?.is_some();
        drop(work);
        let accounts = accounts(&sources);
        let account = accounts.get(&project.origin.host);
        let Some(account) = account.filter(|_| was_synced && course.as_ref().is_some_and(runs))
        else {
            return Ok(None);
        };
        // Whatever was read before, something has happened since.
        let reading = Reading { account: *account, full: false, asked_at: None };
        let mut learned = Learned::default();
        for _ in 0..ROUNDS {
            let began_at = job.teaching.now();
            match project::sync(job, &project, reading).await {
                Ok(more) => learned += more,
                Err(error) => {
                    return Err(error.of_one().map_or_else(|it| it, JobError::Later));
                }
            }
            // Who asks while this runs is told that it runs: what happened since
            // it began is read now.
            if !delivered(job, &project, began_at).await? {
                break;
            }
        }
        Ok(Some(JsonText::new(format!(
            "{{\"facts\":{{\"changed\":{},\"commits_read\":{}}}}}",
            learned.facts, learned.read,
        ))?))
    }
}

/// Whether something of the project was delivered then or later, by our clock:
/// hosts may be behind, or tell late.
async fn delivered(
    job: &JobContext,
    project: &Project,
    since: Timestamp,
) -> Result<bool, StorageError> {
    let filter = IntakeFilter { since: Some(since), ..IntakeFilter::default() };
    let mut work = job.teaching.storage.read().await?;
    let found = work.intake().newest(project.tenant, &filter, None, LOOK).await?;
    let origin = &project.origin;
    let is_ours =
        |it: &Intake| it.source == origin.host && it.repository.as_ref() == Some(&origin.remote_id);
    Ok(found.len() == LOOK || found.iter().any(is_ours))
}
