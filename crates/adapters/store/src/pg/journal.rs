//! Batches of the journal, as arrays: one statement with twenty-four parameters,
//! however many rows there are. What the new ones add goes to the sums in a few
//! statements more.

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
        Added, Key, UsageRecord, add,
        schema::{usage_durations, usage_repositories, usage_sums},
    },
};

const APPEND: &str = "\
    INSERT INTO usage (tenant_id, request_id, at, client_id, token_id, authorization_id, \
    customer_id, connection_id, provider, repository_id, endpoint, status, error_code, duration, \
    upstream_calls, items, bytes, withheld, masked, upstream_confirmed, upstream_shared, \
    upstream_waited, scope, rules) \
    SELECT * FROM UNNEST($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, \
    $17, $18, $19, $20, $21, $22, $23, $24) \
    ON CONFLICT DO NOTHING RETURNING tenant_id, request_id";

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
    macro_rules! column {
        ($field:ident) => {
            rows.iter().map(|it| it.$field).collect::<Vec<_>>()
        };
        (&$field:ident) => {
            rows.iter().map(|it| it.$field.as_deref()).collect::<Vec<_>>()
        };
    }
    diesel::sql_query(APPEND)
        .bind::<Array<Id>, _>(column!(tenant_id))
        .bind::<Array<Id>, _>(column!(request_id))
        .bind::<Array<BigInt>, _>(column!(at))
        .bind::<Array<Id>, _>(column!(client_id))
        .bind::<Array<Id>, _>(column!(token_id))
        .bind::<Array<Nullable<Id>>, _>(column!(authorization_id))
        .bind::<Array<Nullable<Id>>, _>(column!(customer_id))
        .bind::<Array<Nullable<Id>>, _>(column!(connection_id))
        .bind::<Array<Nullable<Text>>, _>(column!(&provider))
        .bind::<Array<Nullable<Text>>, _>(column!(&repository_id))
        .bind::<Array<Text>, _>(rows.iter().map(|it| it.endpoint.as_str()).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(column!(status))
        .bind::<Array<Nullable<Text>>, _>(column!(&error_code))
        .bind::<Array<BigInt>, _>(column!(duration))
        .bind::<Array<BigInt>, _>(column!(upstream_calls))
        .bind::<Array<BigInt>, _>(column!(items))
        .bind::<Array<BigInt>, _>(column!(bytes))
        .bind::<Array<BigInt>, _>(column!(withheld))
        .bind::<Array<BigInt>, _>(column!(masked))
        .bind::<Array<BigInt>, _>(column!(upstream_confirmed))
        .bind::<Array<BigInt>, _>(column!(upstream_shared))
        .bind::<Array<BigInt>, _>(column!(upstream_waited))
        .bind::<Array<Nullable<Text>>, _>(column!(&scope))
        .bind::<Array<Text>, _>(rows.iter().map(|it| it.rules.as_str()).collect::<Vec<_>>())
        .load(conn)
        .await
}
