//! Batches of the journal, as arrays. What the new ones add goes to the sums in a
//! few statements more.

use std::collections::HashSet;

use diesel::{
    ExpressionMethods as _, QueryResult,
    deserialize::QueryableByName,
    sql_types::{Array, BigInt, Nullable, Text},
};
use diesel_async::RunQueryDsl as _;

use super::{
    Conn, Id,
    shared::{
        Added, Key, Statement, UsageRecord, add,
        schema::{usage_durations, usage_repositories, usage_sums},
    },
};

/// How many rows of sums go in one statement, which has at most 65,535
/// parameters.
const CHUNK: usize = 1_000;

#[derive(PartialEq, Eq, Hash, QueryableByName)]
struct New {
    #[diesel(sql_type = Id)]
    tenant_id: Key,
    #[diesel(sql_type = Id)]
    request_id: Key,
}

/// Adds rows to the journal and to its sums; what is there already is left out.
pub(super) async fn append(conn: &mut Conn, mut rows: Vec<UsageRecord>) -> QueryResult<()> {
    let new: Vec<New> = insert(conn, &rows).await?;
    let mut new: HashSet<_> = new.into_iter().collect();
    // Of two rows of one request the first is taken, as it was above.
    rows.retain(|it| new.remove(&New { tenant_id: it.tenant_id, request_id: it.request_id }));
    let added = Added::by(&rows);
    for rows in added.sums.chunks(CHUNK) {
        add!(sums, rows).execute(conn).await?;
    }
    for rows in added.repositories.chunks(CHUNK) {
        add!(repositories, rows).execute(conn).await?;
    }
    for rows in added.durations.chunks(CHUNK) {
        add!(durations, rows).execute(conn).await?;
    }
    Ok(())
}

/// Which of them are new.
async fn insert(conn: &mut Conn, rows: &[UsageRecord]) -> QueryResult<Vec<New>> {
    let insert = insert_arrays!(rows, "usage", {
        tenant_id = Id,
        request_id = Id,
        at = BigInt,
        client_id = Id,
        token_id = Id,
        authorization_id = Nullable<Id>,
        customer_id = Nullable<Id>,
        connection_id = Nullable<Id>,
        provider ? Nullable<Text>,
        repository_id ? Nullable<Text>,
        endpoint & Text,
        status = BigInt,
        error_code ? Nullable<Text>,
        duration = BigInt,
        upstream_calls = BigInt,
        items = BigInt,
        bytes = BigInt,
        withheld = BigInt,
        masked = BigInt,
        upstream_confirmed = BigInt,
        upstream_shared = BigInt,
        upstream_waited = BigInt,
        scope ? Nullable<Text>,
        rules & Text,
    }, "ON CONFLICT DO NOTHING RETURNING tenant_id, request_id");
    insert.load(conn).await
}
