//! Forgets jobs that ended long ago, with what they told, and old reports.

use std::time::Duration;

use async_trait::async_trait;
use lodge_jobs::{JsonText, KindName, Queue, Schedule, ScheduleError, TextError, When};

use super::{JobContext, JobError, JobKind};

/// How long an ended job is kept.
pub const KEPT: Duration = Duration::from_hours(24 * 30);
/// How long a report is kept.
pub const REPORTS_KEPT: Duration = Duration::from_hours(24 * 180);
/// How many jobs go in one unit of work.
const BATCH: usize = 500;
/// How many reports go in one unit of work: their bodies are large.
const FEW: usize = 50;
const NAME: &str = "jobs.clean-up";

/// Forgets jobs that ended more than [`KEPT`] ago, and reports that were made more
/// than [`REPORTS_KEPT`] ago.
#[derive(Clone, Copy, Debug)]
pub struct CleanUp;

/// The clean-up cannot be planned. A bug.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// Its time is none.
    #[error(transparent)]
    When(#[from] ScheduleError),
    /// Its name is none.
    #[error(transparent)]
    Name(#[from] TextError),
}

impl CleanUp {
    /// Each night, when few are there.
    ///
    /// # Errors
    ///
    /// [`PlanError`].
    pub fn nightly() -> Result<Schedule, PlanError> {
        let (kind, when) = (KindName::parse(NAME)?, When::cron("17 3 * * *")?);
        Ok(Schedule { kind, when, queue: Queue::Low })
    }
}

#[async_trait]
impl JobKind for CleanUp {
    fn name(&self) -> &'static str {
        NAME
    }

    async fn run(&self, job: &JobContext) -> Result<Option<JsonText>, JobError> {
        let now = job.teaching.now();
        let (mut forgotten, mut reports) = (0, 0);
        loop {
            job.check()?;
            let mut work = job.teaching.storage.begin().await?;
            let gone = work.jobs().forget(now.minus(KEPT), BATCH).await?;
            let removed = work.reports().remove_before(now.minus(REPORTS_KEPT), FEW).await?;
            work.commit().await?;
            if gone == 0 && removed == 0 {
                break;
            }
            (forgotten, reports) = (forgotten + gone, reports + removed);
            job.progress(forgotten + reports, None, "old jobs and reports").await?;
        }
        let done = format!("{{\"forgotten\":{forgotten},\"reports\":{reports}}}");
        Ok(Some(JsonText::new(done)?))
    }
}
