//! Batches of the journal: one trip to a blocking thread, prepared statements.

use diesel::{
    ExpressionMethods as _, QueryResult, RunQueryDsl as _, SqliteConnection,
    query_builder::{AstPass, QueryFragment, QueryId},
    sql_types::{BigInt, Nullable, Text},
};

use super::{
    Conn, Db, Id,
    shared::{
        Added, UsageRecord, add,
        schema::{usage_durations, usage_repositories, usage_sums},
    },
};

/// Adds rows to the journal and to its sums; what is there already is left out.
pub(super) async fn append(conn: &mut Conn, rows: Vec<UsageRecord>) -> QueryResult<()> {
    conn.spawn_blocking(move |conn| append_now(conn, rows)).await
}

fn append_now(conn: &mut SqliteConnection, rows: Vec<UsageRecord>) -> QueryResult<()> {
    let mut new = Vec::with_capacity(rows.len());
    for row in rows {
        if Insert(&row).execute(conn)? > 0 {
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

/// One row, unless it is there. Diesel would write the statement's text anew for
/// each, to find it among those that are prepared: this one is found by its type.
struct Insert<'a>(&'a UsageRecord);

macro_rules! insert {
    ($first:ident $of_first:ty, $($column:ident $of:ty,)+) => {
        impl QueryFragment<Db> for Insert<'_> {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
                out.push_sql(concat!(
                    "INSERT INTO usage (", stringify!($first), $(", ", stringify!($column),)+
                    ") VALUES ("
                ));
                out.push_bind_param::<$of_first, _>(&self.0.$first)?;
                $(
                    out.push_sql(", ");
                    out.push_bind_param::<$of, _>(&self.0.$column)?;
                )+
                out.push_sql(") ON CONFLICT DO NOTHING");
                Ok(())
            }
        }
    };
}

insert! {
    tenant_id Id,
    request_id Id,
    at BigInt,
    client_id Id,
    token_id Id,
    authorization_id Nullable<Id>,
    customer_id Nullable<Id>,
    connection_id Nullable<Id>,
    provider Nullable<Text>,
    repository_id Nullable<Text>,
    endpoint Text,
    status BigInt,
    error_code Nullable<Text>,
    duration BigInt,
    upstream_calls BigInt,
    items BigInt,
    bytes BigInt,
    withheld BigInt,
    masked BigInt,
    upstream_confirmed BigInt,
    upstream_shared BigInt,
    upstream_waited BigInt,
    scope Nullable<Text>,
    rules Text,
}

impl diesel::RunQueryDsl<SqliteConnection> for Insert<'_> {}

impl QueryId for Insert<'_> {
    type QueryId = Insert<'static>;
}
