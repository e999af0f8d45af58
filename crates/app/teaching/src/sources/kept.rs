//! Deliveries that are still kept are taken in once more, for one project: no
//! host is asked, and no delivery is counted anew.

use std::ops::AddAssign;

use lodge_intake::{Intake, State};
use lodge_kernel::{IntakeId, Timestamp};
use lodge_storage::{IntakeFilter, StorageError};
use lodge_teams::Project;

use super::actors::of_project;
use crate::{
    intake::handler::NO_COURSE,
    jobs::{JobContext, JobError},
};

/// How many deliveries are taken in in one unit of work.
const BATCH: usize = 50;

/// What came of some deliveries.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Taken {
    pub(super) deliveries: usize,
    /// Their keys are gone, or they cannot be understood.
    pub(super) unusable: usize,
    /// Facts that are new, or changed.
    pub(super) changed: usize,
}

impl AddAssign for Taken {
    fn add_assign(&mut self, more: Self) {
        self.deliveries += more.deliveries;
        self.unusable += more.unusable;
        self.changed += more.changed;
    }
}

/// Takes in those that were noted with the project. One repository may be in
/// several courses, and a delivery is noted with one of them.
pub(super) async fn noted(job: &JobContext, project: &Project) -> Result<Taken, JobError> {
    let origin = &project.origin;
    let mut work = job.teaching.storage.read().await?;
    let same = work.projects().of_origin(project.tenant, &origin.host, &origin.remote_id).await?;
    drop(work);
    let mut taken = Taken::default();
    for it in same {
        let filter = IntakeFilter { projects: vec![it.id], ..IntakeFilter::default() };
        taken += all(job, project, &filter, |_| true).await?;
    }
    Ok(taken)
}

/// Takes in those that came while no course had the repository: they were
/// noted with no project.
pub(super) async fn from_before(job: &JobContext, project: &Project) -> Result<Taken, JobError> {
    let origin = &project.origin;
    let filter = IntakeFilter {
        state: Some(State::IGNORED),
        repository: Some((origin.host.clone(), origin.remote_id.clone())),
        ..IntakeFilter::default()
    };
    // What was ignored for another reason, or discarded, stays ignored.
    all(job, project, &filter, came_too_early).await
}

fn came_too_early(it: &Intake) -> bool {
    matches!(&it.state, State::Ignored { reason, .. } if reason.as_str() == NO_COURSE)
}

async fn all(
    job: &JobContext,
    project: &Project,
    filter: &IntakeFilter,
    meant: fn(&Intake) -> bool,
) -> Result<Taken, JobError> {
    let (mut taken, mut before) = (Taken::default(), None);
    loop {
        let taking = job.in_turns(|| batch(job, project, (filter, before), meant));
        let Some((oldest, more)) = taking.await?? else { return Ok(taken) };
        taken += more;
        before = Some(oldest);
    }
}

/// Takes in some, newest first; answers the oldest of them. `None` when there
/// are no more.
async fn batch(
    job: &JobContext,
    project: &Project,
    (filter, before): (&IntakeFilter, Option<IntakeId>),
    meant: fn(&Intake) -> bool,
) -> Result<Option<(IntakeId, Taken)>, StorageError> {
    let teaching = &job.teaching;
    let mut work = teaching.storage.begin().await?;
    let found = work.intake().newest(project.tenant, filter, before, BATCH).await?;
    let Some(oldest) = found.last().map(|it| it.id) else { return Ok(None) };
    let (mut taken, mut facts) = (Taken::default(), Vec::new());
    let mut last: Option<Timestamp> = None;
    for intake in found.iter().filter(|it| meant(it)) {
        taken.deliveries += 1;
        match teaching.kept(&mut *work, intake).await? {
            Some(kept) => {
                facts.extend(kept.facts);
                last = last.max(Some(kept.happened_at));
            }
            None => taken.unusable += 1,
        }
    }
    if let Some(at) = last {
        work.intake().note_activity(project.tenant, project.id, at).await?;
    }
    let mut namer = of_project(&*teaching.keys, project);
    taken.changed = namer.tell(&mut *work, project.id, facts).await?;
    work.commit().await?;
    Ok(Some((oldest, taken)))
}
