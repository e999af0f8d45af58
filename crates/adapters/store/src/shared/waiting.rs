//! What the tables of things that wait have in common.

use std::time::Duration;

use diesel::{prelude::QueryableByName, query_builder::SqlQuery, sql_types::BigInt};
use diesel_async::RunQueryDsl;
use lodge_access::DeliveryState;
use lodge_kernel::Timestamp;
use lodge_storage::StorageError;

use super::{super::SKIP_LOCKED, Conn};
use crate::{convert::Row, error::about};

/// Takes the rows of `table` that are `waiting` and whose time has come, oldest
/// first, and keeps others from them until `lease` is over.
pub(super) fn claim(
    table: &'static str,
    waiting: &'static str,
    now: Timestamp,
    lease: Duration,
    limit: usize,
) -> SqlQuery {
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

/// How many rows of `table` are waiting, and how many were given up: each from
/// its partial index.
pub(super) async fn backlog(
    conn: &mut Conn,
    table: &'static str,
) -> Result<(u64, u64), StorageError> {
    let waiting = count(conn, table, DeliveryState::Waiting).await?;
    let dead = count(conn, table, DeliveryState::Dead).await?;
    Ok((waiting, dead))
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

async fn count(
    conn: &mut Conn,
    table: &'static str,
    state: DeliveryState,
) -> Result<u64, StorageError> {
    let state = state.name();
    let statement = format!("SELECT count(*) AS rows FROM {table} WHERE state = '{state}'");
    let counted: Count =
        diesel::sql_query(statement).get_result(conn).await.map_err(about(table))?;
    Row(table).number(counted.rows)
}

pub(super) fn state(row: Row, name: &str) -> Result<DeliveryState, StorageError> {
    DeliveryState::parse(name).ok_or_else(|| row.corrupt("an unknown state"))
}
