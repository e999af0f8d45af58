//! Facts and people that come together: one trip to a blocking thread, one
//! prepared statement.

use diesel::{
    QueryResult, RunQueryDsl as _,
    sql_types::{BigInt, Binary, Bool, Nullable, Text},
};

use super::{
    Conn, Id,
    shared::{ActorRecord, FactRecord, KEEP_ACTOR, KEEP_FACT},
};

/// Writes facts over those that are there.
pub(super) async fn keep_facts(conn: &mut Conn, rows: Vec<FactRecord>) -> QueryResult<()> {
    let statement = format!(
        "INSERT INTO facts (tenant_id, project_id, kind, id, at, unread, body) \
         VALUES (?, ?, ?, ?, ?, ?, ?) {KEEP_FACT}"
    );
    conn.spawn_blocking(move |conn| {
        for row in rows {
            diesel::sql_query(&statement)
                .bind::<Id, _>(row.tenant_id)
                .bind::<Id, _>(row.project_id)
                .bind::<Text, _>(row.kind)
                .bind::<Text, _>(row.id)
                .bind::<BigInt, _>(row.at)
                .bind::<Bool, _>(row.unread)
                .bind::<Text, _>(row.body)
                .execute(conn)?;
        }
        Ok(())
    })
    .await
}

/// Writes people beside those that are there.
pub(super) async fn keep_actors(conn: &mut Conn, rows: Vec<ActorRecord>) -> QueryResult<()> {
    let statement = format!(
        "INSERT INTO course_actors (tenant_id, course_id, digest, host, host_user, username, \
         email, name, erased) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) {KEEP_ACTOR}"
    );
    conn.spawn_blocking(move |conn| {
        for row in rows {
            diesel::sql_query(&statement)
                .bind::<Id, _>(row.tenant_id)
                .bind::<Id, _>(row.course_id)
                .bind::<Binary, _>(row.digest)
                .bind::<Nullable<Text>, _>(row.host)
                .bind::<Nullable<Text>, _>(row.host_user)
                .bind::<Nullable<Text>, _>(row.username)
                .bind::<Nullable<Text>, _>(row.email)
                .bind::<Nullable<Text>, _>(row.name)
                .bind::<Bool, _>(row.erased)
                .execute(conn)?;
        }
        Ok(())
    })
    .await
}
