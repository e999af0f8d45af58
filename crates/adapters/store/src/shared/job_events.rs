//! What jobs told, as rows.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_jobs::{JobEvent, Told};
use lodge_kernel::{JobId, TenantId, Timestamp};
use lodge_storage::StorageError;

use super::{
    Conn, Db, Key,
    job_rows::{json_text, progress, progress_json},
    schema::job_events,
};
use crate::{
    convert::{Row, column},
    error::about,
};

const EVENT: Row = Row("job event");

/// Something that a job told.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = job_events, check_for_backend(Db))]
pub(in super::super) struct EventRow {
    pub(in super::super) tenant_id: Key,
    pub(in super::super) job_id: Key,
    pub(in super::super) sequence: i64,
    pub(in super::super) at: i64,
    pub(in super::super) kind: String,
    pub(in super::super) told: Option<String>,
}

impl From<&JobEvent> for EventRow {
    fn from(it: &JobEvent) -> Self {
        let told = match &it.told {
            Told::Progress(progress) => Some(progress_json(progress)),
            Told::Log(text) | Told::Failed(text) => Some(text.clone()),
            Told::Done(result) => result.as_ref().map(|it| it.as_str().to_owned()),
            Told::Cancelled => None,
        };
        Self {
            tenant_id: it.tenant.into(),
            job_id: it.job.into(),
            sequence: it.sequence.into(),
            at: it.at.as_micros(),
            kind: it.told.name().to_owned(),
            told,
        }
    }
}

impl TryFrom<EventRow> for JobEvent {
    type Error = StorageError;

    fn try_from(it: EventRow) -> Result<Self, StorageError> {
        let told = match (it.kind.as_str(), it.told) {
            ("progress", Some(text)) => Told::Progress(progress(EVENT, &text)?),
            ("log", Some(text)) => Told::Log(text),
            ("failed", Some(text)) => Told::Failed(text),
            ("done", result) => Told::Done(result.map(|it| json_text(EVENT, it)).transpose()?),
            ("cancelled", None) => Told::Cancelled,
            _ => return Err(EVENT.corrupt("it has no known kind")),
        };
        Ok(Self {
            tenant: it.tenant_id.into(),
            job: it.job_id.into(),
            sequence: EVENT.number(it.sequence)?,
            at: Timestamp::from_micros(it.at),
            told,
        })
    }
}

/// See `JobRepository::events_after`.
pub(super) async fn after(
    conn: &mut Conn,
    (tenant, job): (TenantId, JobId),
    sequence: u32,
    limit: usize,
) -> Result<Vec<JobEvent>, StorageError> {
    let rows: Vec<EventRow> = job_events::table
        .filter(job_events::tenant_id.eq(Key::from(tenant)))
        .filter(job_events::job_id.eq(Key::from(job)))
        .filter(job_events::sequence.gt(i64::from(sequence)))
        .order(job_events::sequence)
        .limit(column(limit))
        .select(EventRow::as_select())
        .load(conn)
        .await
        .map_err(about("job event"))?;
    rows.into_iter().map(JobEvent::try_from).collect()
}
