//! The job that works out again what happened in the projects of a team, from
//! the deliveries that are still kept.

use async_trait::async_trait;
use lodge_jobs::JsonText;
use lodge_storage::{Listing, ProjectFilter};

use super::{
    kept::{self, Taken},
    order::Order,
};
use crate::jobs::{JobContext, JobError, JobKind};

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
        let mut taken = Taken::default();
        let total = u64::try_from(projects.len()).ok();
        for (n, project) in (0..).zip(&projects) {
            job.progress(n, total, &project.name).await?;
            taken += kept::noted(job, project).await?;
            taken += kept::from_before(job, project).await?;
        }
        let Taken { deliveries, unusable, changed } = taken;
        Ok(Some(JsonText::new(format!(
            "{{\"projects\":{},\"deliveries\":{deliveries},\"unusable\":{unusable},\
             \"facts\":{{\"changed\":{changed}}}}}",
            projects.len(),
        ))?))
    }
}
