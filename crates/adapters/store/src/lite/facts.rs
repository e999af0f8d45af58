//! Facts and people that come together: one trip to a blocking thread, one
//! prepared statement.

use diesel::{
    QueryResult, RunQueryDsl as _,
    sql_types::{BigInt, Binary, Bool, Nullable, Text},
};

use super::{
    Conn, Id,
    shared::{ActorRecord, FactRecord, KEEP_ACTOR, KEEP_FACT, Statement},
};

/// Writes facts over those that are there.
pub(super) async fn keep_facts(conn: &mut Conn, rows: Vec<FactRecord>) -> QueryResult<()> {
    conn.spawn_blocking(move |conn| {
        for row in rows {
            let mut insert = Statement::prepared(
                "INSERT INTO facts (tenant_id, project_id, kind, id, at, unread, body) VALUES (",
            );
            insert.value::<Id>(row.tenant_id);
            insert.value::<Id>(row.project_id);
            insert.value::<Text>(row.kind);
            insert.value::<Text>(row.id);
            insert.value::<BigInt>(row.at);
            insert.value::<Bool>(row.unread);
            insert.value::<Text>(row.body);
            insert.say(") ");
            insert.say(KEEP_FACT);
            insert.execute(conn)?;
        }
        Ok(())
    })
    .await
}

/// Writes people beside those that are there.
pub(super) async fn keep_actors(conn: &mut Conn, rows: Vec<ActorRecord>) -> QueryResult<()> {
    conn.spawn_blocking(move |conn| {
        for row in rows {
            let mut insert = Statement::prepared(
                "INSERT INTO course_actors (tenant_id, course_id, digest, host, host_user, \
                 username, email, name, erased) VALUES (",
            );
            insert.value::<Id>(row.tenant_id);
            insert.value::<Id>(row.course_id);
            insert.value::<Binary>(row.digest);
            insert.value::<Nullable<Text>>(row.host);
            insert.value::<Nullable<Text>>(row.host_user);
            insert.value::<Nullable<Text>>(row.username);
            insert.value::<Nullable<Text>>(row.email);
            insert.value::<Nullable<Text>>(row.name);
            insert.value::<Bool>(row.erased);
            insert.say(") ");
            insert.say(KEEP_ACTOR);
            insert.execute(conn)?;
        }
        Ok(())
    })
    .await
}
