//! How deliveries come in, take their steps, and go in the end: many at once,
//! always in the same order, so that nobody waits in a circle.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    time::Duration,
};

use diesel::{prelude::*, sql_types::BigInt};
use diesel_async::RunQueryDsl;
use lodge_intake::{Attempt, Change, Intake, State};
use lodge_kernel::{IntakeId, TenantId, Timestamp};
use lodge_storage::{Kept, StorageError, Turn};

use super::{
    super::SKIP_LOCKED,
    Conn, Key,
    intake_counts::{Changes, is},
    intake_rows::{AttemptRow, ENTITY, ParcelRecord, Row},
    schema::{intake, intake_attempts as attempts, intake_parcels as parcels},
    statement::Statement,
};
use crate::{convert::column, error::about};

/// Keeps those that are new, with their parcels, and counts them.
pub(super) async fn receive(
    conn: &mut Conn,
    deliveries: &[(Intake, String)],
) -> Result<Vec<Kept>, StorageError> {
    let mut new: Vec<Row> = deliveries.iter().map(|(it, _)| Row::from(it)).collect();
    // Two that keep the same ones wait for each other in one direction only.
    new.sort_by(|one, other| (one.tenant_id.0, &one.key).cmp(&(other.tenant_id.0, &other.key)));
    let added = super::super::keep(conn, new).await.map_err(about(ENTITY))?;
    let mut added: HashSet<Key> = added.into_iter().collect();
    let first = if added.len() == deliveries.len() {
        HashMap::new()
    } else {
        first_of(conn, deliveries).await?
    };
    let mut kept = Vec::new();
    let mut counted = Changes::default();
    let mut sealed = Vec::new();
    for (it, parcel) in deliveries {
        if !added.remove(&Key::from(it.id)) {
            let first = first.get(&(it.tenant, it.key.0.to_vec())).ok_or_else(forgotten)?;
            kept.push(Kept::Repeated(*first));
            continue;
        }
        counted.add(it, Change::received());
        sealed.push(ParcelRecord {
            tenant_id: it.tenant.into(),
            intake_id: it.id.into(),
            sealed: parcel.clone(),
        });
        kept.push(Kept::New);
    }
    super::super::keep_parcels(conn, sealed).await.map_err(about(ENTITY))?;
    counted.count(conn).await?;
    Ok(kept)
}

/// What was there a moment ago has been forgotten since.
fn forgotten() -> StorageError {
    StorageError::Conflict("the first delivery of them was forgotten just now".into())
}

/// Under which id each of these is kept.
async fn first_of(
    conn: &mut Conn,
    deliveries: &[(Intake, String)],
) -> Result<HashMap<(TenantId, Vec<u8>), IntakeId>, StorageError> {
    let tenants: HashSet<Key> = deliveries.iter().map(|(it, _)| it.tenant.into()).collect();
    let keys: HashSet<Vec<u8>> = deliveries.iter().map(|(it, _)| it.key.0.to_vec()).collect();
    let rows: Vec<(Key, Vec<u8>, Key)> = intake::table
        .filter(intake::tenant_id.eq_any(tenants))
        .filter(intake::key.eq_any(keys))
        .select((intake::tenant_id, intake::key, intake::id))
        .load(conn)
        .await
        .map_err(about(ENTITY))?;
    Ok(rows.into_iter().map(|(tenant, key, id)| ((tenant.into(), key), id.into())).collect())
}

/// Takes those that wait for this turn and whose time has come, oldest first, and
/// keeps others from them until `lease` is over.
pub(super) fn claim(
    turn: Turn,
    now: Timestamp,
    lease: Duration,
    limit: usize,
) -> Statement<'static> {
    let turn = match turn {
        Turn::First => "attempts = forgiven",
        Turn::Again => "attempts > forgiven",
    };
    let until = now.plus(lease).as_micros();
    let mut claim = Statement::prepared("UPDATE intake SET attempts = attempts + 1, next_at = ");
    claim.value::<BigInt>(until);
    // The state is written out, so that the partial index is used.
    claim.say(
        " WHERE (tenant_id, id) IN (SELECT tenant_id, id FROM intake WHERE state = 'pending' AND \
         next_at <= ",
    );
    claim.value::<BigInt>(now.as_micros());
    claim.number(format!(" AND {turn} ORDER BY next_at LIMIT "), column(limit));
    claim.say(format!(" {SKIP_LOCKED}) RETURNING *"));
    claim
}

/// Writes how the tries of those that were claimed went, and counts; answers
/// which were not theirs any more.
pub(super) async fn settle(
    conn: &mut Conn,
    settled: &[(Intake, Attempt)],
) -> Result<Vec<IntakeId>, StorageError> {
    let mut ordered: Vec<_> = settled.iter().collect();
    ordered.sort_by_key(|(it, _)| (it.tenant, it.id));
    let (mut overtaken, mut counted) = (Vec::new(), Changes::default());
    for (it, attempt) in ordered {
        let row = Row::from(it);
        let rows = diesel::update(intake::table)
            .filter(intake::tenant_id.eq(row.tenant_id))
            .filter(intake::id.eq(row.id))
            .filter(is(State::PENDING))
            .filter(intake::attempts.eq(row.attempts))
            .set((
                intake::project_id.eq(row.project_id),
                intake::state.eq(row.state),
                intake::reason.eq(row.reason),
                intake::ended_at.eq(row.ended_at),
                intake::next_at.eq(row.next_at),
            ))
            .execute(conn)
            .await
            .map_err(about(ENTITY))?;
        if rows == 0 {
            overtaken.push(it.id);
            continue;
        }
        diesel::insert_into(attempts::table)
            .values(AttemptRow::of(it, attempt))
            .execute(conn)
            .await
            .map_err(about(ENTITY))?;
        let was = State::Pending { next_at: it.received_at };
        counted.add(it, Change::between(&was, &it.state));
    }
    counted.count(conn).await?;
    Ok(overtaken)
}

/// Writes what became of those that had ended, and counts; answers which were
/// not as they were.
pub(super) async fn change(
    conn: &mut Conn,
    steps: &[(Intake, Intake)],
) -> Result<Vec<IntakeId>, StorageError> {
    let mut ordered: Vec<_> = steps.iter().collect();
    ordered.sort_by_key(|(from, _)| (from.tenant, from.id));
    let (mut overtaken, mut counted) = (Vec::new(), Changes::default());
    for (from, to) in ordered {
        let (row, known) = (Row::from(to), Row::from(from));
        let rows = diesel::update(intake::table)
            .filter(intake::tenant_id.eq(row.tenant_id))
            .filter(intake::id.eq(row.id))
            .filter(is(from.state.name()))
            .filter(intake::attempts.eq(known.attempts))
            .filter(intake::forgiven.eq(known.forgiven))
            .set((
                intake::state.eq(row.state),
                intake::reason.eq(row.reason),
                intake::ended_at.eq(row.ended_at),
                intake::next_at.eq(row.next_at),
                intake::forgiven.eq(row.forgiven),
            ))
            .execute(conn)
            .await
            .map_err(about(ENTITY))?;
        if rows == 0 {
            overtaken.push(to.id);
            continue;
        }
        counted.add(to, Change::between(&from.state, &to.state));
    }
    counted.count(conn).await?;
    Ok(overtaken)
}

/// Those that may be forgotten. It is written out, so that the partial index is
/// used.
const DONE: &str = "state IN ('processed', 'ignored')";

#[derive(QueryableByName)]
#[diesel(table_name = intake)]
struct Gone {
    tenant_id: Key,
    id: Key,
}

/// Removes the oldest of those that were processed or ignored, with what is
/// beside them.
pub(super) async fn forget(
    conn: &mut Conn,
    before: Timestamp,
    limit: usize,
) -> Result<u64, StorageError> {
    // They go first, and only what goes takes along what is beside it: one that
    // somebody replays meanwhile is passed over.
    let statement = format!(
        "DELETE FROM intake WHERE {DONE} AND (tenant_id, id) IN (SELECT tenant_id, id FROM intake \
         WHERE {DONE} AND received_at < {} ORDER BY received_at LIMIT {limit} {SKIP_LOCKED}) \
         RETURNING tenant_id, id",
        before.as_micros(),
    );
    let gone: Vec<Gone> = diesel::sql_query(statement).load(conn).await.map_err(about(ENTITY))?;
    let forgotten = u64::try_from(gone.len()).unwrap_or(u64::MAX);
    let mut of: BTreeMap<uuid::Uuid, Vec<Key>> = BTreeMap::new();
    for Gone { tenant_id, id } in gone {
        of.entry(tenant_id.0).or_default().push(id);
    }
    for (tenant, ids) in of {
        macro_rules! delete {
            ($table:ident) => {
                diesel::delete($table::table)
                    .filter($table::tenant_id.eq(Key(tenant)))
                    .filter($table::intake_id.eq_any(&ids))
                    .execute(conn)
                    .await
                    .map_err(about(ENTITY))
            };
        }
        delete!(parcels)?;
        delete!(attempts)?;
    }
    Ok(forgotten)
}
