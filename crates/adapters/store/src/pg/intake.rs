//! Deliveries that come together, as arrays.

use diesel::{
    QueryResult, QueryableByName,
    sql_types::{Array, BigInt, Binary, Nullable, Text},
};
use diesel_async::RunQueryDsl as _;

use super::{
    Conn, Id,
    shared::{IntakeRecord, Key, ParcelRecord, Statement},
};

#[derive(QueryableByName)]
struct Added {
    #[diesel(sql_type = Id)]
    id: Key,
}

/// Adds deliveries; answers which were not there.
pub(super) async fn keep(conn: &mut Conn, rows: Vec<IntakeRecord>) -> QueryResult<Vec<Key>> {
    let insert = insert_arrays!(rows, "intake", {
        tenant_id = Id,
        id = Id,
        hook_id = Nullable<Id>,
        source & Text,
        kind & Text,
        event & Text,
        repository_id ? Nullable<Text>,
        path ? Nullable<Text>,
        project_id = Nullable<Id>,
        key # Binary,
        received_at = BigInt,
        state & Text,
        reason ? Nullable<Text>,
        ended_at = Nullable<BigInt>,
        next_at = BigInt,
        attempts = BigInt,
        forgiven = BigInt,
    }, "ON CONFLICT DO NOTHING RETURNING id");
    let added: Vec<Added> = insert.load(conn).await?;
    Ok(added.into_iter().map(|it| it.id).collect())
}

/// Adds the parcels of new deliveries.
pub(super) async fn keep_parcels(conn: &mut Conn, rows: Vec<ParcelRecord>) -> QueryResult<()> {
    let insert = insert_arrays!(rows, "intake_parcels", {
        tenant_id = Id,
        intake_id = Id,
        sealed & Text,
    }, "");
    insert.execute(conn).await.map(drop)
}
