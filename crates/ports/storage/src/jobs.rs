//! Jobs, what they told, and what comes again.

use std::collections::BTreeMap;

use async_trait::async_trait;
use lodge_jobs::{Job, JobEvent, KindName, Lease, Queue, Standing};
use lodge_kernel::{CourseId, JobId, TenantId, Timestamp};

use crate::StorageError;

/// What became of a wish for a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enqueued {
    /// It waits.
    Added,
    /// One with the same key is there already.
    There(JobId),
}

/// Which jobs a worker wants.
#[derive(Clone, Debug)]
pub struct Claim<'a> {
    /// Only those whose time has come.
    pub now: Timestamp,
    /// How they are held.
    pub lease: Lease,
    /// From which lines, in this order.
    pub queues: &'a [Queue],
    /// The most.
    pub limit: usize,
    /// The organisation of each line that was served last: those after it come
    /// first in that line.
    pub after: BTreeMap<Queue, TenantId>,
}

/// A change of a job that one party alone may make: whoever holds it, or
/// anybody while it waits.
#[derive(Clone, Debug)]
pub struct Change {
    /// Where it stood, [`Standing::Queued`] or [`Standing::Running`]. It must
    /// still stand there, and be held no other time than [`Job::fence`] says.
    pub from: Standing,
    /// The job as it shall be.
    pub job: Job,
    /// What it tells with that.
    pub events: Vec<JobEvent>,
}

/// A lease that was renewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// The job.
    pub job: JobId,
    /// The fence under which it is held.
    pub fence: u64,
    /// Somebody does not want it any more.
    pub cancelling: bool,
}

/// Where a job has come to, for those who watch it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The job.
    pub job: JobId,
    /// The sequence of its last event.
    pub sequence: u32,
}

/// How much is in a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Depth {
    /// The line.
    pub queue: Queue,
    /// How many wait for a worker, or for their time.
    pub queued: u64,
    /// How many are being done.
    pub running: u64,
    /// When the time of the first that waits comes, or came. `None` when none
    /// waits.
    pub first_due: Option<Timestamp>,
}

/// Which jobs are meant.
#[derive(Clone, Debug, Default)]
pub struct JobFilter {
    /// Of these organisations; of all when there is none.
    pub tenants: Vec<TenantId>,
    /// About this course.
    pub course: Option<CourseId>,
    /// Of this kind.
    pub kind: Option<KindName>,
    /// In this state.
    pub standing: Option<Standing>,
}

/// Jobs.
#[async_trait]
pub trait JobRepository: Send {
    /// Adds one that waits, unless one with its key has not ended: among those
    /// of an organisation and kind there MUST be one of each key, however many
    /// ask at the same time.
    async fn enqueue(&mut self, job: &Job) -> Result<Enqueued, StorageError>;
    /// Gives those who wait to a worker. Two that claim at once MUST get
    /// different ones. Within a line, organisations MUST get the same share as
    /// long as they have enough that waits; within an organisation, what has
    /// waited longest comes first.
    async fn claim(&mut self, claim: &Claim<'_>) -> Result<Vec<Job>, StorageError>;
    /// Holds jobs until `until`; answers those that are still held under the
    /// fence that is named. Others MUST stay as they are.
    async fn renew(
        &mut self,
        held: &[(JobId, u64)],
        until: Timestamp,
    ) -> Result<Vec<Held>, StorageError>;
    /// Makes changes, each whole or not at all, and answers whose was made. A
    /// job that stands elsewhere or has another fence MUST stay as it is, and
    /// nothing of it is told. One that goes on running may give up its key: the
    /// next that is asked for with it MUST be another one. One that somebody does not want any more MUST
    /// NOT go back to waiting.
    async fn write(&mut self, changes: &[Change]) -> Result<Vec<JobId>, StorageError>;
    /// Says that a running job is not wanted any more. `false` when it is not
    /// running.
    async fn ask_to_stop(&mut self, id: JobId) -> Result<bool, StorageError>;
    /// Running jobs whose lease was over at `now`, at most `limit`, which nobody
    /// else is given as long as the unit of work lasts.
    async fn expired(&mut self, now: Timestamp, limit: usize) -> Result<Vec<Job>, StorageError>;
    /// Finds one. `None` when there is none.
    async fn find(&mut self, id: JobId) -> Result<Option<Job>, StorageError>;
    /// The newest of those that are meant: at most `limit` before `before`.
    async fn list(
        &mut self,
        filter: &JobFilter,
        before: Option<JobId>,
        limit: usize,
    ) -> Result<Vec<Job>, StorageError>;
    /// What a job told after `sequence`, in its order, at most `limit`.
    async fn events_after(
        &mut self,
        tenant: TenantId,
        job: JobId,
        sequence: u32,
        limit: usize,
    ) -> Result<Vec<JobEvent>, StorageError>;
    /// Where these have come to. What is not there is left out.
    async fn heads(&mut self, jobs: &[JobId]) -> Result<Vec<Head>, StorageError>;
    /// How much is in each line; empty ones are left out.
    async fn depth(&mut self) -> Result<Vec<Depth>, StorageError>;
    /// Removes up to `limit` that ended before `before`, with what they told.
    async fn forget(&mut self, before: Timestamp, limit: usize) -> Result<u64, StorageError>;
    /// Takes the turn `slot` of what comes again under `name`. Of all that ask,
    /// in all processes, one MUST get `true`; an older turn than the last one
    /// nobody gets.
    async fn take_slot(&mut self, name: &str, slot: Timestamp) -> Result<bool, StorageError>;
}
