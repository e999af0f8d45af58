//! Asking for a rehearsal.

use lodge_jobs::{Job, Queue, Request};
use lodge_kernel::CourseId;

use super::{Rehearsal, rehearsal::Script, rights};
use crate::{Caller, Teaching, TeachingError};

impl Teaching {
    /// Begins a job that does nothing but tell of it, for a course or, by who
    /// administers it, for the organisation.
    ///
    /// # Errors
    ///
    /// [`TeachingError::Invalid`] for a script that is too long,
    /// [`TeachingError::NotFound`], [`TeachingError::Denied`],
    /// [`TeachingError::AdminOnly`], [`TeachingError::Scope`].
    #[tracing::instrument(name = "teaching.rehearse_job", skip_all)]
    pub async fn rehearse_job(
        &self,
        caller: &Caller,
        course: Option<CourseId>,
        script: Script,
    ) -> Result<Job, TeachingError> {
        if !(1..=Script::MOST_STEPS).contains(&script.steps) {
            return Err(TeachingError::invalid("steps", "a rehearsal has 1 to 1000 steps"));
        }
        if script.steps.saturating_mul(script.step_ms) > Script::LONGEST {
            return Err(TeachingError::invalid("step_ms", "all steps take at most 120000 ms"));
        }
        let unusable =
            |error: lodge_jobs::TextError| TeachingError::invalid("steps", error.to_string());
        let (kind, payload) =
            (Rehearsal::kind().map_err(unusable)?, script.payload().map_err(unusable)?);
        let mut work = self.storage.begin().await?;
        let tenant = rights::may_begin(&mut *work, caller, course).await?;
        let request = Request {
            course,
            queue: Queue::Low,
            ..Request::new(tenant, kind, payload, caller.author())
        };
        let id = self.enqueue(&mut *work, request).await?;
        self.asked(work, id).await
    }
}
