//! What a job does.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use lodge_jobs::{JsonText, Schedule, TextError};
use lodge_storage::StorageError;

use super::JobContext;

/// Why a job does not go on.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// Trying again would not help. The job has failed.
    #[error("{0}")]
    Never(String),
    /// Another time it may go well. The job waits and is tried again.
    #[error("{0}")]
    Later(String),
    /// Nobody wants it any more, the process stops, or somebody else does it by
    /// now. Leave at once.
    #[error("the job was told to stop")]
    Stopped,
    /// The database did not answer. The job is tried again.
    #[error("the database did not answer")]
    Storage(#[from] StorageError),
}

impl From<TextError> for JobError {
    fn from(error: TextError) -> Self {
        Self::Never(error.to_string())
    }
}

/// The code of a kind of job.
///
/// A job may be begun several times: its worker may die, or be taken for dead.
/// Whatever it changes, it changes in units of work that make no difference
/// the second time.
#[async_trait]
pub trait JobKind: Send + Sync {
    /// The name that jobs carry.
    fn name(&self) -> &'static str;

    /// Does it; answers what came of it, as JSON.
    async fn run(&self, job: &JobContext) -> Result<Option<JsonText>, JobError>;
}

/// All that workers can do, and what they do again and again.
#[derive(Clone, Default)]
pub struct Crew {
    kinds: BTreeMap<&'static str, Arc<dyn JobKind>>,
    schedules: Vec<Schedule>,
}

impl Crew {
    /// And one more kind.
    #[must_use]
    pub fn with(mut self, kind: impl JobKind + 'static) -> Self {
        self.kinds.insert(kind.name(), Arc::new(kind));
        self
    }

    /// And one thing again and again.
    #[must_use]
    pub fn again(mut self, schedule: Schedule) -> Self {
        self.schedules.push(schedule);
        self
    }

    pub(super) fn kind(&self, name: &str) -> Option<Arc<dyn JobKind>> {
        self.kinds.get(name).map(Arc::clone)
    }

    pub(super) fn schedules(&self) -> &[Schedule] {
        &self.schedules
    }
}
