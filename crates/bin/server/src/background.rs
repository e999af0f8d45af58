//! The workers of a process that is not there for requests alone.

use std::sync::Arc;

use actix_web::web::Data;
use lodge_http_api::Surface;

use crate::{cli::JobOptions, intake_worker::IntakeWorker, job_worker::JobWorker, worker::Worker};

/// One worker of each kind.
pub(crate) struct Background {
    events: Worker,
    intake: IntakeWorker,
    jobs: JobWorker,
}

impl Background {
    pub(crate) fn start(surface: &Data<Surface>, options: &JobOptions) -> anyhow::Result<Self> {
        Ok(Self {
            events: Worker::start(Arc::clone(&surface.gateway)),
            intake: IntakeWorker::start(Data::clone(surface)),
            jobs: JobWorker::start(Arc::clone(&surface.teaching), options)?,
        })
    }

    /// Lets what is under way end, or puts it back, all at the same time.
    pub(crate) async fn finish(self) {
        tokio::join!(self.events.finish(), self.intake.finish(), self.jobs.finish());
    }
}
