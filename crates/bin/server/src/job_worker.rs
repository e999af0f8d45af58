//! Jobs: the worker of this process.

use std::{sync::Arc, time::Duration};

use lodge_http_api::teaching::zone;
use lodge_kernel::Entropy;
use lodge_teaching::{
    Teaching,
    courses::forget::{DueCourses, ForgetStudents},
    jobs::{Bell, Crew, Rehearsal, WorkerSettings, clean_up::CleanUp},
    reports::MakeReport,
    sources::{CourseSync, DueSources, ProjectJob, Recheck},
};
use tokio::{task::JoinHandle, time::timeout};

use crate::cli::JobOptions;

/// How long jobs have to end when the server stops, before they are put back.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long putting them back may take.
const LAST_WRITES: Duration = Duration::from_secs(3);

/// A worker that can be told to stop.
pub(crate) struct JobWorker {
    stop: Arc<Bell>,
    task: JoinHandle<()>,
}

impl JobWorker {
    pub(crate) fn start(teaching: Arc<Teaching>, options: &JobOptions) -> anyhow::Result<Self> {
        let crew = Crew::default()
            .with(CleanUp)
            .with(Rehearsal)
            .with(CourseSync)
            .with(ProjectJob)
            .with(Recheck)
            .with(DueSources)
            .with(DueCourses)
            .with(ForgetStudents)
            .with(MakeReport { clocks: |zone| Box::new(zone::offset(zone)) })
            .again(CleanUp::nightly()?)
            .again(DueCourses::nightly()?)
            .again(DueSources::often()?);
        let settings = WorkerSettings {
            name: name(&*teaching.entropy),
            at_once: options.jobs_at_once.into(),
            lease: Duration::from_secs(options.job_lease.into()),
            patience: PATIENCE,
        };
        tracing::debug!(worker = settings.name, "the worker begins");
        let stop = Arc::new(Bell::default());
        let task = tokio::spawn(teaching.work(crew, settings, Arc::clone(&stop)));
        Ok(Self { stop, task })
    }

    /// Lets jobs end, and puts back what does not.
    pub(crate) async fn finish(mut self) {
        self.stop.ring();
        if timeout(PATIENCE + LAST_WRITES, &mut self.task).await.is_err() {
            tracing::warn!("jobs could not be put back: others go on when their leases are over");
            self.task.abort();
        }
    }
}

/// No two workers have the same, on whatever machine.
fn name(entropy: &dyn Entropy) -> String {
    let mut chance = [0; 4];
    entropy.fill(&mut chance);
    format!("{}-{:08x}", std::process::id(), u32::from_be_bytes(chance))
}
