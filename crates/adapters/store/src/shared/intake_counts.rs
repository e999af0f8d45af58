//! What deliveries come to: kept in the transactions that change it.

use std::collections::BTreeMap;

use diesel::{prelude::*, sql_types::BigInt};
use diesel_async::RunQueryDsl;
use lodge_intake::{Change, Intake, State, Tally};
use lodge_kernel::{IntakeId, TenantId};
use lodge_storage::StorageError;

use super::{
    Conn, Key,
    intake_rows::ENTITY,
    schema::{intake, intake_counts as counts},
};
use crate::{convert, error::about};

/// How many rows an organisation's numbers are spread over.
const SLOTS: u8 = 16;

#[derive(Insertable)]
#[diesel(table_name = counts, check_for_backend(super::Db))]
struct Row {
    tenant_id: Key,
    slot: i64,
    received: i64,
    processed: i64,
    ignored: i64,
    dead: i64,
}

/// What a unit of work changes, which is counted at its end: in one row of each
/// organisation, one organisation after the other. Two units that count in the
/// same rows then wait for each other, and never in a circle.
#[derive(Default)]
pub(super) struct Changes(BTreeMap<TenantId, (IntakeId, Change)>);

impl Changes {
    pub(super) fn add(&mut self, it: &Intake, change: Change) {
        let (_, sum) = self.0.entry(it.tenant).or_insert_with(|| (it.id, Change::default()));
        *sum += change;
    }

    pub(super) async fn count(self, conn: &mut Conn) -> Result<(), StorageError> {
        for (tenant, (by, change)) in self.0 {
            count(conn, tenant, by, change).await?;
        }
        Ok(())
    }
}

/// Counts `change` of `tenant`, in a row that the delivery `by` leads to.
async fn count(
    conn: &mut Conn,
    tenant: TenantId,
    by: IntakeId,
    change: Change,
) -> Result<(), StorageError> {
    if change.is_nothing() {
        return Ok(());
    }
    let [.., last] = by.as_uuid().into_bytes();
    let row = Row {
        tenant_id: tenant.into(),
        slot: (last % SLOTS).into(),
        received: change.received,
        processed: change.processed,
        ignored: change.ignored,
        dead: change.dead,
    };
    diesel::insert_into(counts::table)
        .values(row)
        .on_conflict((counts::tenant_id, counts::slot))
        .do_update()
        .set((
            counts::received.eq(counts::received + change.received),
            counts::processed.eq(counts::processed + change.processed),
            counts::ignored.eq(counts::ignored + change.ignored),
            counts::dead.eq(counts::dead + change.dead),
        ))
        .execute(conn)
        .await
        .map(drop)
        .map_err(about(ENTITY))
}

/// Adds everything up, for one organisation or for all.
pub(super) async fn tally(
    conn: &mut Conn,
    tenant: Option<TenantId>,
) -> Result<Tally, StorageError> {
    let sums = diesel::dsl::sql::<(BigInt, BigInt, BigInt, BigInt)>(
        "CAST(COALESCE(SUM(received), 0) AS BIGINT), \
         CAST(COALESCE(SUM(processed), 0) AS BIGINT), \
         CAST(COALESCE(SUM(ignored), 0) AS BIGINT), \
         CAST(COALESCE(SUM(dead), 0) AS BIGINT)",
    );
    let mut kept = counts::table.select(sums).into_boxed();
    let mut waiting = intake::table.filter(is(State::PENDING)).count().into_boxed();
    if let Some(tenant) = tenant {
        kept = kept.filter(counts::tenant_id.eq(Key::from(tenant)));
        waiting = waiting.filter(intake::tenant_id.eq(Key::from(tenant)));
    }
    let (received, processed, ignored, dead): (i64, i64, i64, i64) =
        kept.get_result(conn).await.map_err(about(ENTITY))?;
    let pending: i64 = waiting.get_result(conn).await.map_err(about(ENTITY))?;
    let row = convert::Row(ENTITY);
    Ok(Tally {
        received: row.number(received)?,
        processed: row.number(processed)?,
        ignored: row.number(ignored)?,
        dead: row.number(dead)?,
        pending: row.number(pending)?,
    })
}

/// The condition that a delivery is in the state of this name, which is ours.
/// It is written out, so that the partial indexes are used.
pub(super) fn is(state: &'static str) -> diesel::expression::SqlLiteral<diesel::sql_types::Bool> {
    diesel::dsl::sql(&format!("intake.state = '{state}'"))
}
