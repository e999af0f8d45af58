//! Facts and people that come together, as arrays.

use diesel::{
    QueryResult,
    sql_types::{Array, BigInt, Binary, Bool, Nullable, Text},
};
use diesel_async::RunQueryDsl as _;

use super::{
    Conn, Id,
    shared::{ActorRecord, FactRecord, KEEP_ACTOR, KEEP_FACT, Statement},
};

/// Writes facts over those that are there.
pub(super) async fn keep_facts(conn: &mut Conn, rows: Vec<FactRecord>) -> QueryResult<()> {
    let insert = insert_arrays!(rows, "facts", {
        tenant_id = Id,
        project_id = Id,
        kind = Text,
        id & Text,
        at = BigInt,
        unread = Bool,
        body & Text,
    }, KEEP_FACT);
    insert.execute(conn).await.map(drop)
}

/// Writes people beside those that are there.
pub(super) async fn keep_actors(conn: &mut Conn, rows: Vec<ActorRecord>) -> QueryResult<()> {
    let insert = insert_arrays!(rows, "course_actors", {
        tenant_id = Id,
        course_id = Id,
        digest # Binary,
        host ? Nullable<Text>,
        host_user ? Nullable<Text>,
        username ? Nullable<Text>,
        email ? Nullable<Text>,
        name ? Nullable<Text>,
        erased = Bool,
    }, KEEP_ACTOR);
    insert.execute(conn).await.map(drop)
}
