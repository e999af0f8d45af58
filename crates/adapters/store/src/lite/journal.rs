//! Batches of the journal: one trip to a blocking thread, prepared statements.

use diesel::{ExpressionMethods as _, QueryResult, RunQueryDsl as _, SqliteConnection};

use super::{
    Conn,
    shared::{
        Added, UsageRecord, add,
        schema::{usage, usage_durations, usage_repositories, usage_sums},
    },
};

/// Adds rows to the journal and to its sums; what is there already is left out.
pub(super) async fn append(conn: &mut Conn, rows: Vec<UsageRecord>) -> QueryResult<()> {
    conn.spawn_blocking(move |conn| append_now(conn, rows)).await
}

fn append_now(conn: &mut SqliteConnection, rows: Vec<UsageRecord>) -> QueryResult<()> {
    let mut new = Vec::with_capacity(rows.len());
    for row in rows {
        let insert = diesel::insert_into(usage::table).values(&row).on_conflict_do_nothing();
        if insert.execute(conn)? > 0 {
            new.push(row);
        }
    }
    let added = Added::by(&new);
    for row in &added.sums {
        add!(sums, row).execute(conn)?;
    }
    for row in &added.repositories {
        add!(repositories, row).execute(conn)?;
    }
    for row in &added.durations {
        add!(durations, row).execute(conn)?;
    }
    Ok(())
}
