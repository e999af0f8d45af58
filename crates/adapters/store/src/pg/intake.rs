//! Deliveries that come together, as arrays: one statement whose text is
//! always the same, however many there are.

use diesel::{
    QueryResult, QueryableByName,
    sql_types::{Array, BigInt, Binary, Nullable, Text},
};
use diesel_async::RunQueryDsl as _;

use super::{
    Conn, Id,
    shared::{IntakeRecord, Key, ParcelRecord},
};

const KEEP: &str = "\
    INSERT INTO intake (tenant_id, id, hook_id, source, kind, event, repository_id, path, \
    project_id, key, received_at, state, reason, ended_at, next_at, attempts, forgiven) \
    SELECT * FROM UNNEST($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, \
    $17) ON CONFLICT DO NOTHING RETURNING id";

const KEEP_PARCELS: &str = "\
    INSERT INTO intake_parcels (tenant_id, intake_id, sealed) SELECT * FROM UNNEST($1, $2, $3)";

#[derive(QueryableByName)]
struct Added {
    #[diesel(sql_type = Id)]
    id: Key,
}

/// Adds deliveries; answers which were not there.
pub(super) async fn keep(conn: &mut Conn, rows: Vec<IntakeRecord>) -> QueryResult<Vec<Key>> {
    macro_rules! column {
        ($field:ident) => {
            rows.iter().map(|it| it.$field).collect::<Vec<_>>()
        };
        (&$field:ident) => {
            rows.iter().map(|it| it.$field.as_str()).collect::<Vec<_>>()
        };
        (?$field:ident) => {
            rows.iter().map(|it| it.$field.as_deref()).collect::<Vec<_>>()
        };
    }
    let added: Vec<Added> = diesel::sql_query(KEEP)
        .bind::<Array<Id>, _>(column!(tenant_id))
        .bind::<Array<Id>, _>(column!(id))
        .bind::<Array<Nullable<Id>>, _>(column!(hook_id))
        .bind::<Array<Text>, _>(column!(&source))
        .bind::<Array<Text>, _>(column!(&kind))
        .bind::<Array<Text>, _>(column!(&event))
        .bind::<Array<Nullable<Text>>, _>(column!(?repository_id))
        .bind::<Array<Nullable<Text>>, _>(column!(?path))
        .bind::<Array<Nullable<Id>>, _>(column!(project_id))
        .bind::<Array<Binary>, _>(rows.iter().map(|it| it.key.as_slice()).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(column!(received_at))
        .bind::<Array<Text>, _>(column!(&state))
        .bind::<Array<Nullable<Text>>, _>(column!(?reason))
        .bind::<Array<Nullable<BigInt>>, _>(column!(ended_at))
        .bind::<Array<BigInt>, _>(column!(next_at))
        .bind::<Array<BigInt>, _>(column!(attempts))
        .bind::<Array<BigInt>, _>(column!(forgiven))
        .load(conn)
        .await?;
    Ok(added.into_iter().map(|it| it.id).collect())
}

/// Adds the parcels of new deliveries.
pub(super) async fn keep_parcels(conn: &mut Conn, parcels: Vec<ParcelRecord>) -> QueryResult<()> {
    let tenants: Vec<_> = parcels.iter().map(|it| it.tenant_id).collect();
    let ids: Vec<_> = parcels.iter().map(|it| it.intake_id).collect();
    let sealed: Vec<_> = parcels.iter().map(|it| it.sealed.as_str()).collect();
    diesel::sql_query(KEEP_PARCELS)
        .bind::<Array<Id>, _>(tenants)
        .bind::<Array<Id>, _>(ids)
        .bind::<Array<Text>, _>(sealed)
        .execute(conn)
        .await
        .map(drop)
}
