//! Jobs as rows: those that wait or run in one table, those that have ended in
//! another.

use diesel::prelude::*;
use lodge_jobs::{
    Attempts, Author, Job, JobState, JsonText, KindName, Lease, Progress, Queue, Standing,
};
use lodge_kernel::Timestamp;
use lodge_storage::StorageError;
use serde_json::{Value, json};

use super::{
    Db, Key,
    schema::{ended_jobs, jobs},
};
use crate::convert::{Row, column, instant, micros};

const JOB: Row = Row("job");

/// It waits for its time.
pub(super) const WAITING: &str = "waiting";
/// Its time has come, and it waits for a worker.
pub(super) const QUEUED: &str = "queued";
/// A worker does it.
pub(super) const RUNNING: &str = "running";

/// What the table of live jobs calls a state.
pub(super) const fn stored(standing: Standing) -> &'static [&'static str] {
    match standing {
        Standing::Queued => &[WAITING, QUEUED],
        Standing::Running => &[RUNNING],
        Standing::Done | Standing::Failed | Standing::Cancelled | Standing::Dead => &[],
    }
}

/// A job that waits or runs.
#[derive(Queryable, QueryableByName, Selectable, Insertable)]
#[diesel(table_name = jobs, check_for_backend(Db))]
pub(super) struct Live {
    tenant_id: Key,
    id: Key,
    course_id: Option<Key>,
    kind: String,
    payload: String,
    key: Option<String>,
    queue: String,
    state: String,
    run_at: i64,
    attempts: i64,
    attempts_most: i64,
    fence: i64,
    lease_owner: Option<String>,
    lease_until: Option<i64>,
    cancelling: bool,
    progress: Option<String>,
    sequence: i64,
    problem: Option<String>,
    created_by: String,
    created_at: i64,
    started_at: Option<i64>,
}

/// A job that has ended.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = ended_jobs, check_for_backend(Db))]
#[expect(clippy::struct_field_names, reason = "the names of the columns")]
pub(in super::super) struct Ended {
    pub(in super::super) tenant_id: Key,
    pub(in super::super) id: Key,
    pub(in super::super) course_id: Option<Key>,
    pub(in super::super) kind: String,
    pub(in super::super) payload: String,
    pub(in super::super) key: Option<String>,
    pub(in super::super) queue: String,
    pub(in super::super) state: String,
    pub(in super::super) ended_at: i64,
    pub(in super::super) attempts: i64,
    pub(in super::super) attempts_most: i64,
    pub(in super::super) fence: i64,
    pub(in super::super) progress: Option<String>,
    pub(in super::super) sequence: i64,
    pub(in super::super) problem: Option<String>,
    pub(in super::super) result: Option<String>,
    pub(in super::super) created_by: String,
    pub(in super::super) created_at: i64,
    pub(in super::super) started_at: Option<i64>,
}

/// Where a job stands, as columns: state, since when it may run, and who has it.
pub(super) struct Place {
    pub(super) state: &'static str,
    pub(super) run_at: i64,
    pub(super) lease: Option<(String, i64)>,
    pub(super) cancelling: bool,
}

/// `None` for a job that has ended: it has no place among the live ones.
pub(super) fn place(it: &Job) -> Option<Place> {
    match &it.state {
        JobState::Queued { run_at } => Some(Place {
            // What is to run later than it was asked for is called up by a claim.
            state: if *run_at <= it.created_at { QUEUED } else { WAITING },
            run_at: run_at.as_micros(),
            lease: None,
            cancelling: false,
        }),
        JobState::Running { lease, cancelling } => Some(Place {
            state: RUNNING,
            run_at: it.created_at.as_micros(),
            lease: Some((lease.owner.clone(), lease.until.as_micros())),
            cancelling: *cancelling,
        }),
        JobState::Done { .. }
        | JobState::Failed { .. }
        | JobState::Cancelled { .. }
        | JobState::Dead { .. } => None,
    }
}

impl Live {
    /// `None` for a job that has ended.
    pub(super) fn of(it: &Job) -> Option<Self> {
        let place = place(it)?;
        let (lease_owner, lease_until) = place.lease.unzip();
        Some(Self {
            tenant_id: it.tenant.into(),
            id: it.id.into(),
            course_id: it.course.map(Key::from),
            kind: it.kind.as_str().to_owned(),
            payload: it.payload.as_str().to_owned(),
            key: it.key.clone(),
            queue: it.queue.name().to_owned(),
            state: place.state.to_owned(),
            run_at: place.run_at,
            attempts: it.attempts.made.into(),
            attempts_most: it.attempts.most.into(),
            fence: column(it.fence),
            lease_owner,
            lease_until,
            cancelling: place.cancelling,
            progress: it.progress.as_ref().map(progress_json),
            sequence: it.sequence.into(),
            problem: it.problem.clone(),
            created_by: it.created_by.to_string(),
            created_at: it.created_at.as_micros(),
            started_at: micros(it.started_at),
        })
    }
}

impl Ended {
    /// `None` for a job that has not ended.
    pub(super) fn of(it: &Job) -> Option<Self> {
        Some(Self {
            tenant_id: it.tenant.into(),
            id: it.id.into(),
            course_id: it.course.map(Key::from),
            kind: it.kind.as_str().to_owned(),
            payload: it.payload.as_str().to_owned(),
            key: it.key.clone(),
            queue: it.queue.name().to_owned(),
            state: it.state.standing().name().to_owned(),
            ended_at: it.state.ended_at()?.as_micros(),
            attempts: it.attempts.made.into(),
            attempts_most: it.attempts.most.into(),
            fence: column(it.fence),
            progress: it.progress.as_ref().map(progress_json),
            sequence: it.sequence.into(),
            problem: it.problem.clone(),
            result: it.result.as_ref().map(|it| it.as_str().to_owned()),
            created_by: it.created_by.to_string(),
            created_at: it.created_at.as_micros(),
            started_at: micros(it.started_at),
        })
    }
}

impl TryFrom<Live> for Job {
    type Error = StorageError;

    fn try_from(it: Live) -> Result<Self, StorageError> {
        let state = match it.state.as_str() {
            WAITING | QUEUED => JobState::Queued { run_at: Timestamp::from_micros(it.run_at) },
            RUNNING => {
                let lease = it.lease_owner.zip(instant(it.lease_until));
                let (owner, until) = lease.ok_or_else(|| JOB.corrupt("it runs without a lease"))?;
                JobState::Running { lease: Lease { owner, until }, cancelling: it.cancelling }
            }
            _ => return Err(JOB.corrupt("it has no known state")),
        };
        Ok(Self {
            id: it.id.into(),
            tenant: it.tenant_id.into(),
            course: it.course_id.map(Into::into),
            kind: kind(&it.kind)?,
            payload: json_text(JOB, it.payload)?,
            key: it.key,
            queue: queue(&it.queue)?,
            state,
            attempts: attempts(it.attempts, it.attempts_most)?,
            fence: JOB.number(it.fence)?,
            progress: it.progress.as_deref().map(|it| progress(JOB, it)).transpose()?,
            sequence: JOB.number(it.sequence)?,
            problem: it.problem,
            result: None,
            created_by: author(&it.created_by)?,
            created_at: Timestamp::from_micros(it.created_at),
            started_at: instant(it.started_at),
        })
    }
}

impl TryFrom<Ended> for Job {
    type Error = StorageError;

    fn try_from(it: Ended) -> Result<Self, StorageError> {
        let at = Timestamp::from_micros(it.ended_at);
        let state = match Standing::parse(&it.state) {
            Some(Standing::Done) => JobState::Done { at },
            Some(Standing::Failed) => JobState::Failed { at },
            Some(Standing::Cancelled) => JobState::Cancelled { at },
            Some(Standing::Dead) => JobState::Dead { at },
            Some(Standing::Queued | Standing::Running) | None => {
                return Err(JOB.corrupt("it has no known state"));
            }
        };
        Ok(Self {
            id: it.id.into(),
            tenant: it.tenant_id.into(),
            course: it.course_id.map(Into::into),
            kind: kind(&it.kind)?,
            payload: json_text(JOB, it.payload)?,
            key: it.key,
            queue: queue(&it.queue)?,
            state,
            attempts: attempts(it.attempts, it.attempts_most)?,
            fence: JOB.number(it.fence)?,
            progress: it.progress.as_deref().map(|it| progress(JOB, it)).transpose()?,
            sequence: JOB.number(it.sequence)?,
            problem: it.problem,
            result: it.result.map(|it| json_text(JOB, it)).transpose()?,
            created_by: author(&it.created_by)?,
            created_at: Timestamp::from_micros(it.created_at),
            started_at: instant(it.started_at),
        })
    }
}

pub(super) fn progress_json(it: &Progress) -> String {
    json!({"done": it.done, "total": it.total, "item": it.item}).to_string()
}

pub(super) fn progress(row: Row, text: &str) -> Result<Progress, StorageError> {
    let it: Value = serde_json::from_str(text).map_err(|error| row.corrupt(error))?;
    let done = it.get("done").and_then(Value::as_u64);
    let item = it.get("item").and_then(Value::as_str);
    let (done, item) = done.zip(item).ok_or_else(|| row.corrupt("its progress is not one"))?;
    Ok(Progress::new(done, it.get("total").and_then(Value::as_u64), item))
}

fn kind(name: &str) -> Result<KindName, StorageError> {
    KindName::parse(name).map_err(|error| JOB.corrupt(error))
}

pub(super) fn queue(name: &str) -> Result<Queue, StorageError> {
    Queue::parse(name).ok_or_else(|| JOB.corrupt("it stands in no known line"))
}

fn author(text: &str) -> Result<Author, StorageError> {
    text.parse().map_err(|error: lodge_kernel::ParseIdError| JOB.corrupt(error))
}

pub(super) fn json_text(row: Row, text: String) -> Result<JsonText, StorageError> {
    JsonText::new(text).map_err(|error| row.corrupt(error))
}

fn attempts(made: i64, most: i64) -> Result<Attempts, StorageError> {
    Ok(Attempts { made: JOB.number(made)?, most: JOB.number(most)? })
}
