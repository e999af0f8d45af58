//! Who gets which job.
//!
//! Within a line, organisations take turns: first it is asked which have
//! something that waits, by one probe of an index for each, then each gets its
//! share. How much waits altogether makes no difference.

use diesel::{
    prelude::QueryableByName,
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
    statement::Statement,
};
use crate::{convert::column, error::about};

const ENTITY: &str = "job";
/// How many whose time has come are called up in one claim.
const CALLED_UP: usize = 1_000;
/// Up to how many turns a claim has one of few texts.
const FEW_TURNS: usize = 4;

/// An organisation whose turn it is in a line.
#[derive(QueryableByName)]
struct Turn {
    /// The place of the line in the claim.
    #[diesel(sql_type = BigInt)]
    line: i64,
    #[diesel(sql_type = Id)]
    tenant_id: Key,
}

/// See `JobRepository::claim`. What it asks is prepared once for a connection: a
/// claim is made for every handful of jobs.
pub(super) async fn claim(conn: &mut Conn, claim: &Claim<'_>) -> Result<Vec<Job>, StorageError> {
    call_up(claim.now).execute(conn).await.map_err(about(ENTITY))?;
    let Some(turns) = turns(claim) else { return Ok(Vec::new()) };
    let turns: Vec<Turn> = turns.load(conn).await.map_err(about(ENTITY))?;
    let Some(taken) = take(claim, &turns) else { return Ok(Vec::new()) };
    let taken: Vec<Live> = taken.load(conn).await.map_err(about(ENTITY))?;
    let jobs: Result<Vec<Job>, _> = taken.into_iter().map(Job::try_from).collect();
    let mut jobs = jobs?;
    jobs.sort_by_key(|it| {
        let line = claim.queues.iter().position(|queue| *queue == it.queue);
        (line, it.created_at, it.id)
    });
    Ok(jobs)
}

/// Those whose time has come wait for a worker from now on.
fn call_up(now: Timestamp) -> Statement<'static> {
    let mut statement = Statement::prepared(format!(
        "UPDATE jobs SET state = '{QUEUED}' WHERE (tenant_id, id) IN (SELECT tenant_id, id \
         FROM jobs WHERE state = '{WAITING}'"
    ));
    statement.number(" AND run_at <= ", now.as_micros());
    statement.say(format!(" ORDER BY run_at LIMIT {CALLED_UP} {SKIP_LOCKED})"));
    statement
}

/// Asks which organisations have something in each line, from the one after the
/// last that was served on. `None` when no line is asked for.
fn turns(claim: &Claim<'_>) -> Option<Statement<'static>> {
    if claim.queues.is_empty() || claim.limit == 0 {
        return None;
    }
    let mut statement = Statement::prepared("WITH RECURSIVE ");
    for (line, queue) in claim.queues.iter().enumerate() {
        let after = claim.after.get(queue).copied().unwrap_or(TenantId::nil());
        let (first, next) = (first_of(*queue), next_of(*queue));
        let comma = if line == 0 { "" } else { ", " };
        // A union without repetitions ends when it comes round.
        statement
            .say(format!("{comma}line{line}(tenant_id) AS (SELECT * FROM (SELECT COALESCE({next}"));
        statement.value::<Id>(Key::from(after));
        statement.say(format!(
            "{LEAST}, {first}) AS tenant_id) AS first{line} WHERE tenant_id IS NOT NULL UNION \
             SELECT COALESCE({next}line{line}.tenant_id{LEAST}, {first}) FROM line{line})"
        ));
    }
    for (line, _) in claim.queues.iter().enumerate() {
        let union = if line == 0 { " " } else { " UNION ALL " };
        statement.number(
            format!(
                "{union}SELECT * FROM (SELECT CAST({line} AS BIGINT) AS line, tenant_id FROM \
                 line{line} LIMIT "
            ),
            column(claim.limit),
        );
        statement.say(format!(") AS turns{line}"));
    }
    Some(statement)
}

/// How the question for one organisation ends: it is the first, by id.
const LEAST: &str = " ORDER BY it.tenant_id LIMIT 1)";

/// The first organisation with something in a line.
fn first_of(queue: Queue) -> String {
    let queue = queue.name();
    format!(
        "(SELECT it.tenant_id FROM jobs AS it WHERE it.state = '{QUEUED}' AND it.queue = \
         '{queue}'{LEAST}"
    )
}

/// The first one after another, which has to be written behind it, and then
/// [`LEAST`].
fn next_of(queue: Queue) -> String {
    let queue = queue.name();
    format!(
        "(SELECT it.tenant_id FROM jobs AS it WHERE it.state = '{QUEUED}' AND it.queue = \
         '{queue}' AND it.tenant_id > "
    )
}

/// Takes for each organisation the same share of its line, what has waited
/// longest first. `None` when nobody has anything.
fn take<'a>(claim: &'a Claim<'_>, turns: &[Turn]) -> Option<Statement<'a>> {
    let (now, mut place) = (claim.now.as_micros(), 0);
    let begin = "WITH picked AS MATERIALIZED (SELECT * FROM (";
    let mut statement = match turns.len() {
        ..=FEW_TURNS => Statement::prepared(begin),
        _ => Statement::new(begin),
    };
    for turn in turns {
        let queue = claim.queues.get(usize::try_from(turn.line).ok()?)?.name();
        let in_line = turns.iter().filter(|it| it.line == turn.line).count();
        let union = if place == 0 { "" } else { " UNION ALL " };
        statement.say(format!(
            "{union}SELECT * FROM (SELECT tenant_id, id FROM jobs WHERE state = '{QUEUED}' AND \
             queue = '{queue}' AND tenant_id = "
        ));
        statement.value::<Id>(turn.tenant_id);
        statement.number(" AND run_at <= ", now);
        statement
            .number(" ORDER BY run_at, id LIMIT ", column(claim.limit.div_ceil(in_line.max(1))));
        statement.say(format!(" {SKIP_LOCKED}) AS share{place}"));
        place += 1;
    }
    statement.number(") AS all_shares LIMIT ", column(claim.limit));
    statement.say(format!(
        ") UPDATE jobs SET state = '{RUNNING}', attempts = attempts + 1, fence = fence + 1, \
         cancelling = FALSE, lease_owner = "
    ));
    statement.value::<Text>(claim.lease.owner.as_str());
    statement.number(", lease_until = ", claim.lease.until.as_micros());
    statement.number(", started_at = ", now);
    statement.say(" WHERE (tenant_id, id) IN (SELECT tenant_id, id FROM picked) RETURNING *");
    (place > 0).then_some(statement)
}

/// See `JobRepository::expired`.
pub(super) async fn expired(
    conn: &mut Conn,
    now: Timestamp,
    limit: usize,
) -> Result<Vec<Job>, StorageError> {
    let mut statement =
        Statement::prepared(format!("SELECT * FROM jobs WHERE state = '{RUNNING}'"));
    statement.number(" AND lease_until <= ", now.as_micros());
    statement.number(" ORDER BY lease_until LIMIT ", column(limit));
    statement.say(format!(" {SKIP_LOCKED}"));
    let rows: Vec<Live> = statement.load(conn).await.map_err(about(ENTITY))?;
    rows.into_iter().map(Job::try_from).collect()
}
