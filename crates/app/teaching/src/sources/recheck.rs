//! The job that works out again what happened in the projects of a team, from
//! the deliveries that are still kept: no host is asked, and no delivery is
//! counted anew.

use async_trait::async_trait;
use lodge_jobs::JsonText;
use lodge_kernel::{IntakeId, ProjectId};
use lodge_storage::{IntakeFilter, Listing, ProjectFilter};
use lodge_teams::Project;

use super::{actors::of_project, order::Order};
use crate::jobs::{JobContext, JobError, JobKind};

/// How many deliveries are taken in in one unit of work.
const BATCH: usize = 50;
/// The most projects of a team.
const MOST: usize = 1_000;

/// Works out again what happened in the projects of a team.
#[derive(Clone, Copy, Debug)]
pub struct Recheck;

impl Recheck {
    pub(super) const NAME: &'static str = "teams.recheck";
}

#[async_trait]
impl JobKind for Recheck {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    async fn run(&self, job: &JobContext) -> Result<Option<JsonText>, JobError> {
        let order = Order::parse(job.payload())?;
        let mut work = job.teaching.storage.read().await?;
        let filter = ProjectFilter { team: order.team, ..ProjectFilter::default() };
        let listing = Listing::first(MOST);
        let projects = work.projects().list(job.tenant, order.course, filter, &listing).await?;
        drop(work);
        let (mut deliveries, mut changed, mut unusable) = (0, 0, 0);
        let total = u64::try_from(projects.len()).ok();
        for (n, project) in (0..).zip(&projects) {
            job.progress(n, total, &project.name).await?;
            for noted in noted_of(job, project).await? {
                let mut before = None;
                while let Some(batch) = batch(job, (project, noted), before).await? {
                    deliveries += batch.deliveries;
                    changed += batch.changed;
                    unusable += batch.unusable;
                    before = Some(batch.oldest);
                }
            }
        }
        Ok(Some(JsonText::new(format!(
            "{{\"projects\":{},\"deliveries\":{deliveries},\"unusable\":{unusable},\
             \"facts\":{{\"changed\":{changed}}}}}",
            projects.len(),
        ))?))
    }
}

/// The projects that deliveries of `project` may be noted with: one repository
/// may be in several courses, and a delivery is noted with one of them.
async fn noted_of(job: &JobContext, project: &Project) -> Result<Vec<ProjectId>, JobError> {
    let origin = &project.origin;
    let mut work = job.teaching.storage.read().await?;
    let same = work.projects().of_origin(project.tenant, &origin.host, &origin.remote_id).await?;
    Ok(same.into_iter().map(|it| it.id).collect())
}

/// What came of some deliveries.
struct Batch {
    oldest: IntakeId,
    deliveries: usize,
    /// Their keys are gone, or they cannot be understood.
    unusable: usize,
    changed: usize,
}

/// Takes in the deliveries before `before`, newest first. `None` when there are
/// no more.
async fn batch(
    job: &JobContext,
    (project, noted): (&Project, ProjectId),
    before: Option<IntakeId>,
) -> Result<Option<Batch>, JobError> {
    job.check()?;
    let teaching = &job.teaching;
    let filter = IntakeFilter { project: Some(noted), ..IntakeFilter::default() };
    let mut work = teaching.storage.begin().await?;
    let found = work.intake().newest(project.tenant, &filter, before, BATCH).await?;
    let Some(oldest) = found.last().map(|it| it.id) else { return Ok(None) };
    let (mut facts, mut unusable) = (Vec::new(), 0);
    for intake in &found {
        match teaching.kept_facts(&mut *work, intake).await? {
            Some(told) => facts.extend(told),
            None => unusable += 1,
        }
    }
    let mut namer = of_project(&*teaching.keys, project);
    let changed = namer.tell(&mut *work, project.id, facts).await?;
    work.commit().await?;
    Ok(Some(Batch { oldest, deliveries: found.len(), unusable, changed }))
}
