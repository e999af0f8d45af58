//! Jobs, what they told, and what comes again.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use diesel::{
    dsl::{count_star, min},
    prelude::*,
    sql_query,
    sql_types::Text,
};
use diesel_async::RunQueryDsl;
use lodge_jobs::{Job, JobEvent, Standing};
use lodge_kernel::{JobId, TenantId, Timestamp};
use lodge_storage::{
    Change, Claim, Depth, Enqueued, Head, Held, JobFilter, JobRepository, StorageError,
};

use super::{
    Key, Rows, job_claims,
    job_events::{self, EventRow},
    job_lists,
    job_rows::{Ended, Live, RUNNING, place, progress_json, queue, stored},
    schema::{ended_jobs, jobs},
};
use crate::{
    convert::{Row, column},
    error::about,
};

const ENTITY: &str = "job";
/// How often a job that ends between two looks at its key is asked for anew.
const LOOKS: usize = 3;

#[async_trait]
impl JobRepository for Rows<'_> {
    #[tracing::instrument(name = "db.jobs.enqueue", level = "debug", skip_all)]
    async fn enqueue(&mut self, it: &Job) -> Result<Enqueued, StorageError> {
        for _ in 0..LOOKS {
            let row = Live::of(it).ok_or_else(|| Row(ENTITY).corrupt("it has ended already"))?;
            let rows = diesel::insert_into(jobs::table)
                .values(row)
                .on_conflict_do_nothing()
                .execute(self.conn)
                .await
                .map_err(about(ENTITY))?;
            if rows > 0 {
                return Ok(Enqueued::Added);
            }
            let there: Option<Key> = jobs::table
                .filter(jobs::tenant_id.eq(Key::from(it.tenant)))
                .filter(jobs::kind.eq(it.kind.as_str()))
                .filter(jobs::key.eq(it.key.as_deref()))
                .select(jobs::id)
                .first(self.conn)
                .await
                .optional()
                .map_err(about(ENTITY))?;
            if let Some(id) = there {
                return Ok(Enqueued::There(id.into()));
            }
        }
        Err(StorageError::Conflict("the job with this key comes and goes".into()))
    }

    #[tracing::instrument(name = "db.jobs.claim", level = "debug", skip_all)]
    async fn claim(&mut self, claim: &Claim<'_>) -> Result<Vec<Job>, StorageError> {
        job_claims::claim(self.conn, claim).await
    }

    async fn renew(
        &mut self,
        held: &[(JobId, u64)],
        until: Timestamp,
    ) -> Result<Vec<Held>, StorageError> {
        let mut fences: BTreeMap<u64, Vec<Key>> = BTreeMap::new();
        for (job, fence) in held {
            fences.entry(*fence).or_default().push((*job).into());
        }
        let mut renewed = Vec::new();
        for (fence, ids) in fences {
            let rows: Vec<(Key, bool)> = diesel::update(jobs::table)
                .filter(jobs::id.eq_any(ids))
                .filter(jobs::fence.eq(column(fence)))
                .filter(jobs::state.eq(RUNNING))
                .set(jobs::lease_until.eq(until.as_micros()))
                .returning((jobs::id, jobs::cancelling))
                .get_results(self.conn)
                .await
                .map_err(about(ENTITY))?;
            let rows = rows.into_iter();
            renewed.extend(rows.map(|(job, cancelling)| Held {
                job: job.into(),
                fence,
                cancelling,
            }));
        }
        Ok(renewed)
    }

    #[tracing::instrument(name = "db.jobs.write", level = "debug", skip_all)]
    async fn write(&mut self, changes: &[Change]) -> Result<Vec<JobId>, StorageError> {
        let mut written = BTreeSet::new();
        // Ends of the same kind go together: a batch is a handful of statements.
        let mut ends: BTreeMap<(Standing, u64), Vec<Key>> = BTreeMap::new();
        for it in changes {
            if it.job.state.standing().has_ended() {
                ends.entry((it.from, it.job.fence)).or_default().push(it.job.id.into());
            } else if self.change(it).await? {
                written.insert(it.job.id);
            }
        }
        for ((from, fence), ids) in ends {
            let ended: Vec<Key> = diesel::delete(jobs::table)
                .filter(jobs::id.eq_any(ids))
                .filter(jobs::fence.eq(column(fence)))
                .filter(jobs::state.eq_any(stored(from)))
                .returning(jobs::id)
                .get_results(self.conn)
                .await
                .map_err(about(ENTITY))?;
            written.extend(ended.into_iter().map(JobId::from));
        }
        let made = || changes.iter().filter(|it| written.contains(&it.job.id));
        let ended: Vec<Ended> = made().filter_map(|it| Ended::of(&it.job)).collect();
        if !ended.is_empty() {
            super::super::keep_ended(self.conn, ended).await.map_err(about(ENTITY))?;
        }
        let told: Vec<EventRow> = made().flat_map(|it| &it.events).map(EventRow::from).collect();
        if !told.is_empty() {
            super::super::keep_told(self.conn, told).await.map_err(about("job event"))?;
        }
        Ok(written.into_iter().collect())
    }

    async fn ask_to_stop(&mut self, id: JobId) -> Result<bool, StorageError> {
        let rows = diesel::update(jobs::table)
            .filter(jobs::id.eq(Key::from(id)))
            .filter(jobs::state.eq(RUNNING))
            .set(jobs::cancelling.eq(true))
            .execute(self.conn)
            .await
            .map_err(about(ENTITY))?;
        Ok(rows > 0)
    }

    async fn expired(&mut self, now: Timestamp, limit: usize) -> Result<Vec<Job>, StorageError> {
        job_claims::expired(self.conn, now, limit).await
    }

    async fn find(&mut self, id: JobId) -> Result<Option<Job>, StorageError> {
        // In this order: a job that ends meanwhile is found, and not missed.
        let live: Option<Live> = jobs::table
            .filter(jobs::id.eq(Key::from(id)))
            .select(Live::as_select())
            .first(self.conn)
            .await
            .optional()
            .map_err(about(ENTITY))?;
        if let Some(live) = live {
            return live.try_into().map(Some);
        }
        let ended: Option<Ended> = ended_jobs::table
            .filter(ended_jobs::id.eq(Key::from(id)))
            .select(Ended::as_select())
            .first(self.conn)
            .await
            .optional()
            .map_err(about(ENTITY))?;
        ended.map(Job::try_from).transpose()
    }

    async fn list(
        &mut self,
        filter: &JobFilter,
        before: Option<JobId>,
        limit: usize,
    ) -> Result<Vec<Job>, StorageError> {
        job_lists::list(self.conn, filter, before, limit).await
    }

    async fn events_after(
        &mut self,
        tenant: TenantId,
        job: JobId,
        sequence: u32,
        limit: usize,
    ) -> Result<Vec<JobEvent>, StorageError> {
        job_events::after(self.conn, (tenant, job), sequence, limit).await
    }

    async fn heads(&mut self, wanted: &[JobId]) -> Result<Vec<Head>, StorageError> {
        let ids: Vec<Key> = wanted.iter().map(|it| Key::from(*it)).collect();
        let live: Vec<(Key, i64)> = jobs::table
            .filter(jobs::id.eq_any(ids.clone()))
            .select((jobs::id, jobs::sequence))
            .load(self.conn)
            .await
            .map_err(about(ENTITY))?;
        let ended: Vec<(Key, i64)> = ended_jobs::table
            .filter(ended_jobs::id.eq_any(ids))
            .select((ended_jobs::id, ended_jobs::sequence))
            .load(self.conn)
            .await
            .map_err(about(ENTITY))?;
        let all = live.into_iter().chain(ended);
        all.map(|(job, sequence)| {
            Ok(Head { job: job.into(), sequence: Row(ENTITY).number(sequence)? })
        })
        .collect()
    }

    async fn depth(&mut self) -> Result<Vec<Depth>, StorageError> {
        let rows: Vec<(String, String, i64, Option<i64>)> = jobs::table
            .group_by((jobs::queue, jobs::state))
            .select((jobs::queue, jobs::state, count_star(), min(jobs::run_at)))
            .load(self.conn)
            .await
            .map_err(about(ENTITY))?;
        let mut lines = BTreeMap::new();
        for (name, state, count, first) in rows {
            let queue = queue(&name)?;
            let none = Depth { queue, queued: 0, running: 0, first_due: None };
            let line = lines.entry(queue).or_insert(none);
            let count: u64 = Row(ENTITY).number(count)?;
            if state == RUNNING {
                line.running += count;
            } else {
                line.queued += count;
                let known = line.first_due.into_iter();
                line.first_due = known.chain(first.map(Timestamp::from_micros)).min();
            }
        }
        Ok(lines.into_values().collect())
    }

    async fn forget(&mut self, before: Timestamp, limit: usize) -> Result<u64, StorageError> {
        job_lists::forget(self.conn, before, limit).await
    }

    async fn take_slot(&mut self, name: &str, slot: Timestamp) -> Result<bool, StorageError> {
        // The number is ours.
        let statement = format!(
            "INSERT INTO job_slots (name, slot) VALUES ($1, {}) ON CONFLICT (name) DO UPDATE \
             SET slot = excluded.slot WHERE job_slots.slot < excluded.slot",
            slot.as_micros()
        );
        let rows = sql_query(statement)
            .bind::<Text, _>(name)
            .execute(self.conn)
            .await
            .map_err(about("turn"))?;
        Ok(rows > 0)
    }
}

impl Rows<'_> {
    /// Changes a job that does not end by it. `false` when it stands elsewhere.
    async fn change(&mut self, it: &Change) -> Result<bool, StorageError> {
        let Some(place) = place(&it.job) else { return Ok(false) };
        let meant = jobs::table
            .filter(jobs::tenant_id.eq(Key::from(it.job.tenant)))
            .filter(jobs::id.eq(Key::from(it.job.id)))
            .filter(jobs::fence.eq(column(it.job.fence)))
            .filter(jobs::state.eq_any(stored(it.from)));
        let told = (
            jobs::progress.eq(it.job.progress.as_ref().map(progress_json)),
            jobs::sequence.eq(i64::from(it.job.sequence)),
        );
        let rows = if place.state == RUNNING {
            // Its lease and whether it is wanted are for others to say.
            let key = jobs::key.eq(it.job.key.as_deref());
            diesel::update(meant).set((told, key)).execute(self.conn).await
        } else {
            diesel::update(meant.filter(jobs::cancelling.eq(false)))
                .set((
                    told,
                    jobs::state.eq(place.state),
                    jobs::run_at.eq(place.run_at),
                    jobs::attempts.eq(i64::from(it.job.attempts.made)),
                    jobs::problem.eq(it.job.problem.as_deref()),
                    jobs::lease_owner.eq(None::<String>),
                    jobs::lease_until.eq(None::<i64>),
                ))
                .execute(self.conn)
                .await
        };
        Ok(rows.map_err(about(ENTITY))? > 0)
    }
}
