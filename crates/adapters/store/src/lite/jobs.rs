//! Jobs that end together: one trip to a blocking thread, prepared statements.

use diesel::QueryResult;

use super::{
    Conn,
    shared::{
        EndedJobRecord, JobEventRecord,
        schema::{ended_jobs, job_events},
    },
};

/// Writes down jobs that have ended.
pub(super) async fn keep_ended(conn: &mut Conn, rows: Vec<EndedJobRecord>) -> QueryResult<()> {
    insert_all!(conn, ended_jobs::table, rows)
}

/// Writes down what jobs told.
pub(super) async fn keep_told(conn: &mut Conn, rows: Vec<JobEventRecord>) -> QueryResult<()> {
    insert_all!(conn, job_events::table, rows)
}
