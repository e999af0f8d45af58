//! Facts and people that come together, as arrays: one statement whose text is
//! always the same, however many there are.

use diesel::{
    QueryResult,
    sql_types::{Array, BigInt, Binary, Bool, Nullable, Text},
};
use diesel_async::RunQueryDsl as _;

use super::{
    Conn, Id,
    shared::{ActorRecord, FactRecord, KEEP_ACTOR, KEEP_FACT},
};

/// Writes facts over those that are there.
pub(super) async fn keep_facts(conn: &mut Conn, rows: Vec<FactRecord>) -> QueryResult<()> {
    diesel::sql_query(format!(
        "INSERT INTO facts (tenant_id, project_id, kind, id, at, unread, body) \
         SELECT * FROM UNNEST($1, $2, $3, $4, $5, $6, $7) {KEEP_FACT}"
    ))
    .bind::<Array<Id>, _>(rows.iter().map(|it| it.tenant_id).collect::<Vec<_>>())
    .bind::<Array<Id>, _>(rows.iter().map(|it| it.project_id).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(rows.iter().map(|it| it.kind).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(rows.iter().map(|it| it.id.as_str()).collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(rows.iter().map(|it| it.at).collect::<Vec<_>>())
    .bind::<Array<Bool>, _>(rows.iter().map(|it| it.unread).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(rows.iter().map(|it| it.body.as_str()).collect::<Vec<_>>())
    .execute(conn)
    .await
    .map(drop)
}

/// Writes people beside those that are there.
pub(super) async fn keep_actors(conn: &mut Conn, rows: Vec<ActorRecord>) -> QueryResult<()> {
    macro_rules! column {
        ($field:ident) => {
            rows.iter().map(|it| it.$field).collect::<Vec<_>>()
        };
        (?$field:ident) => {
            rows.iter().map(|it| it.$field.as_deref()).collect::<Vec<_>>()
        };
    }
    diesel::sql_query(format!(
        "INSERT INTO course_actors (tenant_id, course_id, digest, host, host_user, username, \
         email, name, erased) \
         SELECT * FROM UNNEST($1, $2, $3, $4, $5, $6, $7, $8, $9) {KEEP_ACTOR}"
    ))
    .bind::<Array<Id>, _>(column!(tenant_id))
    .bind::<Array<Id>, _>(column!(course_id))
    .bind::<Array<Binary>, _>(rows.iter().map(|it| it.digest.as_slice()).collect::<Vec<_>>())
    .bind::<Array<Nullable<Text>>, _>(column!(?host))
    .bind::<Array<Nullable<Text>>, _>(column!(?host_user))
    .bind::<Array<Nullable<Text>>, _>(column!(?username))
    .bind::<Array<Nullable<Text>>, _>(column!(?email))
    .bind::<Array<Nullable<Text>>, _>(column!(?name))
    .bind::<Array<Bool>, _>(column!(erased))
    .execute(conn)
    .await
    .map(drop)
}
