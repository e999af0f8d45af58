//! What a job looks like in JSON.

use actix_web::http::StatusCode;
use lodge_jobs::{Job, JobState, Progress};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use utoipa::ToSchema;

use crate::{
    teaching::{caller::Teacher, problem::Refusal, respond::Reply},
    views::Time,
};

/// The answer of whoever has asked for a job: it waits.
pub(crate) fn waits(teacher: &Teacher, job: Job) -> Result<Reply, Refusal> {
    let place = format!("/api/v1/jobs/{}", job.id);
    Ok(teacher.one(StatusCode::ACCEPTED, JobView::from(job))?.found_at(place))
}

/// A job.
#[derive(Serialize, ToSchema)]
pub(crate) struct JobView {
    /// The id.
    pub(crate) id: String,
    /// What it does.
    kind: String,
    /// `queued`, `running`, `done`, `failed`, `cancelled` or `dead`.
    state: &'static str,
    /// It runs, and will stop soon: somebody does not want it any more.
    cancelling: bool,
    /// `high`, `default` or `low`.
    queue: &'static str,
    /// The course that it is about.
    course_id: Option<String>,
    /// While it waits or runs, there is one of its kind with this key.
    key: Option<String>,
    /// How often it was tried.
    attempts: u32,
    /// How often it may be.
    attempts_most: u32,
    progress: Option<ProgressView>,
    /// Why the last attempt failed.
    problem: Option<String>,
    /// What came of it: JSON, as the kind of job says.
    #[schema(value_type = Object)]
    result: Option<Box<RawValue>>,
    /// The sequence of its last event.
    last_event_id: u32,
    /// The person's id, `bootstrap`, or `schedule`.
    created_by: String,
    created_at: Time,
    /// Not before; null unless it waits.
    run_at: Option<Time>,
    /// When the last attempt began.
    started_at: Option<Time>,
    ended_at: Option<Time>,
}

/// How far a job has come.
#[derive(Serialize, ToSchema)]
pub(crate) struct ProgressView {
    done: u64,
    /// Null while nobody knows.
    total: Option<u64>,
    /// What it is at.
    item: String,
}

impl From<Progress> for ProgressView {
    fn from(it: Progress) -> Self {
        Self { done: it.done, total: it.total, item: it.item }
    }
}

impl From<Job> for JobView {
    fn from(it: Job) -> Self {
        let run_at = match it.state {
            JobState::Queued { run_at } => Some(run_at),
            _ => None,
        };
        Self {
            id: it.id.to_string(),
            kind: it.kind.to_string(),
            state: it.state.standing().name(),
            cancelling: matches!(it.state, JobState::Running { cancelling: true, .. }),
            queue: it.queue.name(),
            course_id: it.course.map(|it| it.to_string()),
            key: it.key,
            attempts: it.attempts.made,
            attempts_most: it.attempts.most,
            progress: it.progress.map(Into::into),
            problem: it.problem,
            result: it.result.and_then(|it| raw(it.as_str())),
            last_event_id: it.sequence,
            created_by: it.created_by.to_string(),
            created_at: it.created_at.into(),
            run_at: run_at.map(Time::from),
            started_at: it.started_at.map(Time::from),
            ended_at: it.state.ended_at().map(Time::from),
        }
    }
}

/// JSON as the job gave it; what is none is shown as text.
fn raw(text: &str) -> Option<Box<RawValue>> {
    RawValue::from_string(text.to_owned()).or_else(|_not_json| to_raw_value(text)).ok()
}
