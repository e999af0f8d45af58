//! What the two tables of things that wait have in common.

use std::time::Duration;

use diesel::query_builder::SqlQuery;
use diesel_async::RunQueryDsl;
use lodge_access::DeliveryState;
use lodge_kernel::Timestamp;
use lodge_storage::StorageError;

use super::{super::SKIP_LOCKED, Conn};
use crate::{convert::Row, error::about};

/// Takes the rows of `table` whose time has come, oldest first, and keeps
/// others from them until `lease` is over.
pub(super) fn claim(
    table: &'static str,
    now: Timestamp,
    lease: Duration,
    limit: usize,
) -> SqlQuery {
    let waiting = DeliveryState::Waiting.name();
    // Nothing in it comes from outside: the numbers are ours. The state is
    // written out, so that the partial index is used.
    diesel::sql_query(format!(
        "UPDATE {table} SET attempts = attempts + 1, next_at = {} WHERE (tenant_id, id) IN \
         (SELECT tenant_id, id FROM {table} WHERE state = '{waiting}' AND next_at <= {} \
         ORDER BY next_at LIMIT {limit} {SKIP_LOCKED}) RETURNING *",
        now.plus(lease).as_micros(),
        now.as_micros(),
    ))
}

/// Deletes at most `limit` rows of `table` that came before `before` and of
/// which `ended` holds.
pub(super) async fn forget(
    conn: &mut Conn,
    table: &'static str,
    came: &'static str,
    ended: &str,
    before: Timestamp,
    limit: usize,
) -> Result<u64, StorageError> {
    let statement = format!(
        "DELETE FROM {table} WHERE (tenant_id, id) IN (SELECT tenant_id, id FROM {table} \
         WHERE {ended} AND {came} < {} ORDER BY {came} LIMIT {limit})",
        before.as_micros()
    );
    let rows = diesel::sql_query(statement).execute(conn).await.map_err(about(table))?;
    Ok(u64::try_from(rows).unwrap_or(u64::MAX))
}

pub(super) fn state(row: Row, name: &str) -> Result<DeliveryState, StorageError> {
    DeliveryState::parse(name).ok_or_else(|| row.corrupt("an unknown state"))
}
