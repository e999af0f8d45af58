//! Courses that are kept up by themselves: webhooks tell most, and what they
//! did not tell is asked for now and then.

use std::time::Duration;

use async_trait::async_trait;
use lodge_jobs::{Author, JsonText, KindName, Queue, Schedule, When};

use super::order::SyncWish;
use crate::jobs::{JobContext, JobError, JobKind, clean_up::PlanError};

/// After how long a course is brought up to date.
const AFTER: Duration = Duration::from_hours(6);
/// How often it is asked which are due.
const EVERY: Duration = Duration::from_mins(15);
/// How many are begun at once. Whose last attempt is longest ago comes first, so
/// that those that fail take nobody's turn.
const MOST: usize = 1_000;
const NAME: &str = "courses.due";

/// Asks for a sync of every course that is due.
#[derive(Clone, Copy, Debug)]
pub struct DueSources;

impl DueSources {
    /// Every quarter of an hour.
    ///
    /// # Errors
    ///
    /// [`PlanError`].
    pub fn often() -> Result<Schedule, PlanError> {
        let (kind, when) = (KindName::parse(NAME)?, When::every(EVERY)?);
        Ok(Schedule { kind, when, queue: Queue::Low })
    }
}

#[async_trait]
impl JobKind for DueSources {
    fn name(&self) -> &'static str {
        NAME
    }

    async fn run(&self, job: &JobContext) -> Result<Option<JsonText>, JobError> {
        let teaching = &job.teaching;
        let mut work = teaching.storage.begin().await?;
        let now = teaching.now();
        let due = work.sources().due(now, AFTER, MOST).await?;
        for source in &due {
            let wish = SyncWish {
                tenant: source.tenant,
                course: source.course,
                team: None,
                full: false,
                queue: Queue::Low,
                by: Author::Schedule,
            };
            // A course of several sources is asked for once: by its key.
            teaching.ask_for_sync(&mut *work, wish).await?;
        }
        work.sources().note_tries(&due, now).await?;
        work.commit().await?;
        teaching.job_waits();
        Ok(Some(JsonText::new(format!("{{\"due\":{}}}", due.len()))?))
    }
}
