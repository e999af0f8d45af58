//! Who gets which job.
//!
//! Within a line, organisations take turns: first it is asked which have
//! something that waits, by one probe of an index for each, then each gets its
//! share. How much waits altogether makes no difference.

use std::fmt::Write as _;

use diesel::{
    prelude::QueryableByName,
    sql_query,
    sql_types::{BigInt, Text},
};
use diesel_async::RunQueryDsl;
use lodge_jobs::{Job, Queue};
use lodge_kernel::{TenantId, Timestamp};
use lodge_storage::{Claim, StorageError};

use super::{
    super::{Id, SKIP_LOCKED},
    Conn, Key,
    job_rows::{Live, QUEUED, RUNNING, WAITING},
};
use crate::error::about;

const ENTITY: &str = "job";
/// How many whose time has come are called up in one claim.
const CALLED_UP: usize = 1_000;

/// An organisation whose turn it is in a line.
#[derive(QueryableByName)]
struct Turn {
    /// The place of the line in the claim.
    #[diesel(sql_type = BigInt)]
    line: i64,
    #[diesel(sql_type = Id)]
    tenant_id: Key,
}

/// See `JobRepository::claim`. Of what the statements are made of, the names
/// and numbers are ours, and ids are written by [`Key::literal`].
pub(super) async fn claim(conn: &mut Conn, claim: &Claim<'_>) -> Result<Vec<Job>, StorageError> {
    sql_query(call_up(claim.now)).execute(conn).await.map_err(about(ENTITY))?;
    let Some(turns) = turns(claim) else { return Ok(Vec::new()) };
    let turns: Vec<Turn> = sql_query(turns).load(conn).await.map_err(about(ENTITY))?;
    let Some(picked) = shares(claim, &turns) else { return Ok(Vec::new()) };
    let statement = format!(
        "WITH picked AS MATERIALIZED (SELECT * FROM ({picked}) AS all_shares LIMIT {}) \
         UPDATE jobs SET state = '{RUNNING}', attempts = attempts + 1, fence = fence + 1, \
         lease_owner = $1, lease_until = {}, cancelling = FALSE, started_at = {} \
         WHERE (tenant_id, id) IN (SELECT tenant_id, id FROM picked) RETURNING *",
        claim.limit,
        claim.lease.until.as_micros(),
        claim.now.as_micros(),
    );
    let taken: Vec<Live> = sql_query(statement)
        .bind::<Text, _>(&claim.lease.owner)
        .load(conn)
        .await
        .map_err(about(ENTITY))?;
    let jobs: Result<Vec<Job>, _> = taken.into_iter().map(Job::try_from).collect();
    let mut jobs = jobs?;
    jobs.sort_by_key(|it| {
        let line = claim.queues.iter().position(|queue| *queue == it.queue);
        (line, it.created_at, it.id)
    });
    Ok(jobs)
}

/// Those whose time has come wait for a worker from now on.
fn call_up(now: Timestamp) -> String {
    format!(
        "UPDATE jobs SET state = '{QUEUED}' WHERE (tenant_id, id) IN (SELECT tenant_id, id \
         FROM jobs WHERE state = '{WAITING}' AND run_at <= {} ORDER BY run_at LIMIT {CALLED_UP} \
         {SKIP_LOCKED})",
        now.as_micros(),
    )
}

/// Asks which organisations have something in each line, from the one after the
/// last that was served on. `None` when no line is asked for.
fn turns(claim: &Claim<'_>) -> Option<String> {
    if claim.queues.is_empty() || claim.limit == 0 {
        return None;
    }
    let (mut with, mut select) = (String::new(), String::new());
    for (line, queue) in claim.queues.iter().enumerate() {
        let after = claim.after.get(queue).copied().unwrap_or(TenantId::nil());
        let after = Key::from(after).literal();
        let first = least(*queue, "");
        let comma = if line == 0 { "" } else { ", " };
        // A union without repetitions ends when it comes round.
        let _ = write!(
            with,
            "{comma}line{line}(tenant_id) AS (SELECT * FROM (SELECT COALESCE({}, {first}) AS \
             tenant_id) AS first{line} WHERE tenant_id IS NOT NULL UNION SELECT COALESCE({}, \
             {first}) FROM line{line})",
            least(*queue, &format!("AND it.tenant_id > {after}")),
            least(*queue, &format!("AND it.tenant_id > line{line}.tenant_id")),
        );
        let union = if line == 0 { "" } else { " UNION ALL " };
        let _ = write!(
            select,
            "{union}SELECT * FROM (SELECT CAST({line} AS BIGINT) AS line, tenant_id FROM \
             line{line} LIMIT {}) AS turns{line}",
            claim.limit,
        );
    }
    Some(format!("WITH RECURSIVE {with} {select}"))
}

/// The first organisation, by id, with something in a line.
fn least(queue: Queue, and: &str) -> String {
    let queue = queue.name();
    format!(
        "(SELECT it.tenant_id FROM jobs AS it WHERE it.state = '{QUEUED}' AND it.queue = \
         '{queue}' {and} ORDER BY it.tenant_id LIMIT 1)"
    )
}

/// What each organisation gets: the same share of the line, what has waited
/// longest first. `None` when nobody has anything.
fn shares(claim: &Claim<'_>, turns: &[Turn]) -> Option<String> {
    let mut picked = String::new();
    for (place, turn) in turns.iter().enumerate() {
        let line = usize::try_from(turn.line).ok()?;
        let queue = claim.queues.get(line)?.name();
        let in_line = turns.iter().filter(|it| it.line == turn.line).count();
        let share = claim.limit.div_ceil(in_line.max(1));
        let union = if place == 0 { "" } else { " UNION ALL " };
        let _ = write!(
            picked,
            "{union}SELECT * FROM (SELECT tenant_id, id FROM jobs WHERE state = '{QUEUED}' AND \
             queue = '{queue}' AND tenant_id = {} AND run_at <= {} ORDER BY run_at, id LIMIT \
             {share} {SKIP_LOCKED}) AS share{place}",
            turn.tenant_id.literal(),
            claim.now.as_micros(),
        );
    }
    (!picked.is_empty()).then_some(picked)
}

/// See `JobRepository::expired`.
pub(super) async fn expired(
    conn: &mut Conn,
    now: Timestamp,
    limit: usize,
) -> Result<Vec<Job>, StorageError> {
    let statement = format!(
        "SELECT * FROM jobs WHERE state = '{RUNNING}' AND lease_until <= {} ORDER BY lease_until \
         LIMIT {limit} {SKIP_LOCKED}",
        now.as_micros(),
    );
    let rows: Vec<Live> = sql_query(statement).load(conn).await.map_err(about(ENTITY))?;
    rows.into_iter().map(Job::try_from).collect()
}
