//! Jobs that end together, and what they told, as arrays.

use diesel::{
    QueryResult,
    sql_types::{Array, BigInt, Nullable, Text},
};
use diesel_async::RunQueryDsl as _;

use super::{
    Conn, Id,
    shared::{EndedJobRecord, JobEventRecord, Statement},
};

/// What is there already is left out.
const NEW: &str = "ON CONFLICT DO NOTHING";

/// Writes down jobs that have ended.
pub(super) async fn keep_ended(conn: &mut Conn, rows: Vec<EndedJobRecord>) -> QueryResult<()> {
    let insert = insert_arrays!(rows, "ended_jobs", {
        tenant_id = Id,
        id = Id,
        course_id = Nullable<Id>,
        kind & Text,
        payload & Text,
        key ? Nullable<Text>,
        queue & Text,
        state & Text,
        ended_at = BigInt,
        attempts = BigInt,
        attempts_most = BigInt,
        fence = BigInt,
        progress ? Nullable<Text>,
        sequence = BigInt,
        problem ? Nullable<Text>,
        result ? Nullable<Text>,
        created_by & Text,
        created_at = BigInt,
        started_at = Nullable<BigInt>,
    }, NEW);
    insert.execute(conn).await.map(drop)
}

/// Writes down what jobs told.
pub(super) async fn keep_told(conn: &mut Conn, rows: Vec<JobEventRecord>) -> QueryResult<()> {
    let insert = insert_arrays!(rows, "job_events", {
        tenant_id = Id,
        job_id = Id,
        sequence = BigInt,
        at = BigInt,
        kind & Text,
        told ? Nullable<Text>,
    }, NEW);
    insert.execute(conn).await.map(drop)
}
