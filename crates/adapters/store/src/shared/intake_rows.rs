//! Deliveries and their attempts, as columns hold them.

use diesel::prelude::*;
use lodge_intake::{Attempt, Intake, Kind, Outcome, Reason, State, Tries};
use lodge_kernel::Timestamp;
use lodge_storage::StorageError;

use super::{
    Db, Key,
    schema::{intake, intake_attempts, intake_parcels},
};
use crate::convert;

/// What a delivery is called in errors.
pub(super) const ENTITY: &str = "delivery to courses";

/// One delivery, as both dialects hold it.
#[derive(Queryable, QueryableByName, Selectable, Insertable)]
#[diesel(table_name = intake, check_for_backend(Db))]
pub(in super::super) struct Row {
    pub(in super::super) tenant_id: Key,
    pub(in super::super) id: Key,
    pub(in super::super) hook_id: Option<Key>,
    pub(in super::super) source: String,
    pub(in super::super) kind: String,
    pub(in super::super) event: String,
    pub(in super::super) repository_id: Option<String>,
    pub(in super::super) path: Option<String>,
    pub(in super::super) project_id: Option<Key>,
    pub(in super::super) key: Vec<u8>,
    pub(in super::super) received_at: i64,
    pub(in super::super) state: String,
    pub(in super::super) reason: Option<String>,
    pub(in super::super) ended_at: Option<i64>,
    pub(in super::super) next_at: i64,
    pub(in super::super) attempts: i64,
    pub(in super::super) forgiven: i64,
}

/// One parcel, as both dialects hold it.
#[derive(Insertable)]
#[diesel(table_name = intake_parcels, check_for_backend(Db))]
pub(in super::super) struct ParcelRecord {
    pub(in super::super) tenant_id: Key,
    pub(in super::super) intake_id: Key,
    pub(in super::super) sealed: String,
}

/// One try, as both dialects hold it.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = intake_attempts, check_for_backend(Db))]
pub(super) struct AttemptRow {
    tenant_id: Key,
    intake_id: Key,
    number: i64,
    began_at: i64,
    ended_at: i64,
    outcome: String,
    reason: Option<String>,
}

impl From<&Intake> for Row {
    fn from(it: &Intake) -> Self {
        Self {
            tenant_id: it.tenant.into(),
            id: it.id.into(),
            hook_id: it.door.map(Key::from),
            source: it.source.to_string(),
            kind: it.kind.name().to_owned(),
            event: it.event.clone(),
            repository_id: it.repository.clone(),
            path: it.path.clone(),
            project_id: it.project.map(Key::from),
            key: it.key.0.to_vec(),
            received_at: it.received_at.as_micros(),
            state: it.state.name().to_owned(),
            reason: it.state.reason().map(|it| it.as_str().to_owned()),
            ended_at: convert::micros(it.state.ended_at()),
            // What has ended has no turn: when it came stands there.
            next_at: it.state.next_at().unwrap_or(it.received_at).as_micros(),
            attempts: it.tries.made.into(),
            forgiven: it.tries.forgiven.into(),
        }
    }
}

impl TryFrom<Row> for Intake {
    type Error = StorageError;

    fn try_from(it: Row) -> Result<Self, StorageError> {
        let row = convert::Row(ENTITY);
        let ended = convert::instant(it.ended_at);
        let state = match (it.state.as_str(), ended, it.reason.map(Reason::new)) {
            (State::PENDING, None, None) => {
                State::Pending { next_at: Timestamp::from_micros(it.next_at) }
            }
            (State::PROCESSED, Some(at), None) => State::Processed { at },
            (State::IGNORED, Some(at), Some(reason)) => State::Ignored { at, reason },
            (State::DEAD, Some(at), Some(reason)) => State::Dead { at, reason },
            _ => return Err(row.corrupt("a state that cannot be")),
        };
        Ok(Self {
            id: it.id.into(),
            tenant: it.tenant_id.into(),
            door: it.hook_id.map(Into::into),
            source: row.provider(&it.source)?,
            kind: Kind::parse(&it.kind).ok_or_else(|| row.corrupt("an unknown kind"))?,
            event: it.event,
            repository: it.repository_id,
            path: it.path,
            project: it.project_id.map(Into::into),
            key: row.digest(it.key)?,
            received_at: Timestamp::from_micros(it.received_at),
            state,
            tries: Tries { made: row.number(it.attempts)?, forgiven: row.number(it.forgiven)? },
        })
    }
}

impl AttemptRow {
    pub(super) fn of(intake: &Intake, it: &Attempt) -> Self {
        Self {
            tenant_id: intake.tenant.into(),
            intake_id: intake.id.into(),
            number: it.number.into(),
            began_at: it.began_at.as_micros(),
            ended_at: it.ended_at.as_micros(),
            outcome: it.outcome.name().to_owned(),
            reason: it.outcome.reason().map(|it| it.as_str().to_owned()),
        }
    }
}

impl TryFrom<AttemptRow> for Attempt {
    type Error = StorageError;

    fn try_from(it: AttemptRow) -> Result<Self, StorageError> {
        let row = convert::Row(ENTITY);
        let outcome = Outcome::parse(&it.outcome, it.reason.map(Reason::new));
        Ok(Self {
            number: row.number(it.number)?,
            began_at: Timestamp::from_micros(it.began_at),
            ended_at: Timestamp::from_micros(it.ended_at),
            outcome: outcome.ok_or_else(|| row.corrupt("an unknown outcome"))?,
        })
    }
}
