//! Jobs, what they told, and what comes again.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use lodge_jobs::{Job, JobEvent, JobState, Queue, Standing};
use lodge_kernel::{JobId, TenantId, Timestamp};
use lodge_storage::{
    Change, Claim, Depth, Enqueued, Head, Held, JobFilter, JobRepository, StorageError,
};

use super::Rows;

/// When a job may run, if it waits.
fn due(it: &Job) -> Option<Timestamp> {
    match it.state {
        JobState::Queued { run_at } => Some(run_at),
        _ => None,
    }
}

/// What each organisation has waiting in a line, those after the last that was
/// served first.
fn turns(
    jobs: &BTreeMap<JobId, Job>,
    claim: &Claim<'_>,
    queue: Queue,
) -> Vec<Vec<(Timestamp, JobId)>> {
    let mut of: BTreeMap<TenantId, Vec<(Timestamp, JobId)>> = BTreeMap::new();
    for it in jobs.values().filter(|it| it.queue == queue) {
        if let Some(run_at) = due(it).filter(|at| *at <= claim.now) {
            of.entry(it.tenant).or_default().push((run_at, it.id));
        }
    }
    let after = claim.after.get(&queue).copied().unwrap_or(TenantId::nil());
    let (first, rest): (Vec<_>, Vec<_>) = of.into_iter().partition(|(tenant, _)| *tenant > after);
    first
        .into_iter()
        .chain(rest)
        .take(claim.limit)
        .map(|(_, mut waiting)| {
            waiting.sort();
            waiting
        })
        .collect()
}

#[async_trait]
impl JobRepository for Rows<'_> {
    async fn enqueue(&mut self, it: &Job) -> Result<Enqueued, StorageError> {
        let jobs = &mut self.0.change()?.jobs;
        let same = |other: &&Job| {
            !other.state.standing().has_ended()
                && it.key.is_some()
                && (other.tenant, &other.kind, &other.key) == (it.tenant, &it.kind, &it.key)
        };
        if let Some(there) = jobs.values().find(same) {
            return Ok(Enqueued::There(there.id));
        }
        jobs.insert(it.id, it.clone());
        Ok(Enqueued::Added)
    }

    async fn claim(&mut self, claim: &Claim<'_>) -> Result<Vec<Job>, StorageError> {
        let jobs = &mut self.0.change()?.jobs;
        let mut taken = Vec::new();
        for queue in claim.queues {
            let turns = turns(jobs, claim, *queue);
            let share = claim.limit.div_ceil(turns.len().max(1));
            for (_, id) in turns.into_iter().flat_map(|it| it.into_iter().take(share)) {
                if taken.len() == claim.limit {
                    break;
                }
                let Some(job) = jobs.get_mut(&id) else { continue };
                if let Some(claimed) = job.clone().claimed(claim.lease.clone(), claim.now) {
                    *job = claimed.clone();
                    taken.push(claimed);
                }
            }
        }
        let line = |queue: Queue| claim.queues.iter().position(|it| *it == queue);
        taken.sort_by_key(|it| (line(it.queue), it.created_at, it.id));
        Ok(taken)
    }

    async fn renew(
        &mut self,
        held: &[(JobId, u64)],
        end: Timestamp,
    ) -> Result<Vec<Held>, StorageError> {
        let jobs = &mut self.0.change()?.jobs;
        let mut renewed = Vec::new();
        for (id, fence) in held {
            let Some(job) = jobs.get_mut(id).filter(|it| it.fence == *fence) else { continue };
            if let JobState::Running { lease, cancelling } = &mut job.state {
                lease.until = end;
                renewed.push(Held { job: *id, fence: *fence, cancelling: *cancelling });
            }
        }
        Ok(renewed)
    }

    async fn write(&mut self, changes: &[Change]) -> Result<Vec<JobId>, StorageError> {
        let tables = self.0.change()?;
        let mut written = BTreeSet::new();
        for it in changes {
            let Some(known) = tables.jobs.get_mut(&it.job.id) else { continue };
            if known.state.standing() != it.from || known.fence != it.job.fence {
                continue;
            }
            let unwanted = matches!(known.state, JobState::Running { cancelling: true, .. });
            match it.job.state.standing() {
                // Its lease and whether it is wanted are for others to say.
                Standing::Running => {
                    known.progress.clone_from(&it.job.progress);
                    known.sequence = it.job.sequence;
                    known.key.clone_from(&it.job.key);
                }
                Standing::Queued if unwanted => continue,
                Standing::Queued => *known = Job { key: known.key.take(), ..it.job.clone() },
                _ => *known = it.job.clone(),
            }
            for event in &it.events {
                tables.job_events.insert((event.job, event.sequence), event.clone());
            }
            written.insert(it.job.id);
        }
        Ok(written.into_iter().collect())
    }

    async fn ask_to_stop(&mut self, id: JobId) -> Result<bool, StorageError> {
        let job = self.0.change()?.jobs.get_mut(&id);
        let Some(JobState::Running { cancelling, .. }) = job.map(|it| &mut it.state) else {
            return Ok(false);
        };
        *cancelling = true;
        Ok(true)
    }

    async fn expired(&mut self, now: Timestamp, limit: usize) -> Result<Vec<Job>, StorageError> {
        let over = |it: &&Job| match &it.state {
            JobState::Running { lease, .. } => lease.until <= now,
            _ => false,
        };
        Ok(self.0.tables.jobs.values().filter(over).take(limit).cloned().collect())
    }

    async fn find(&mut self, id: JobId) -> Result<Option<Job>, StorageError> {
        Ok(self.0.tables.jobs.get(&id).cloned())
    }

    async fn list(
        &mut self,
        filter: &JobFilter,
        before: Option<JobId>,
        limit: usize,
    ) -> Result<Vec<Job>, StorageError> {
        let meant = |it: &&Job| {
            before.is_none_or(|before| it.id < before)
                && (filter.tenants.is_empty() || filter.tenants.contains(&it.tenant))
                && filter.course.is_none_or(|course| it.course == Some(course))
                && filter.kind.as_ref().is_none_or(|kind| it.kind == *kind)
                && filter.standing.is_none_or(|standing| it.state.standing() == standing)
        };
        Ok(self.0.tables.jobs.values().rev().filter(meant).take(limit).cloned().collect())
    }

    async fn events_after(
        &mut self,
        tenant: TenantId,
        job: JobId,
        sequence: u32,
        limit: usize,
    ) -> Result<Vec<JobEvent>, StorageError> {
        let all = self.0.tables.job_events.range((job, sequence.saturating_add(1))..);
        let of = all.map(|(_, it)| it).take_while(|it| it.job == job);
        Ok(of.filter(|it| it.tenant == tenant).take(limit).cloned().collect())
    }

    async fn heads(&mut self, jobs: &[JobId]) -> Result<Vec<Head>, StorageError> {
        let known = jobs.iter().filter_map(|id| self.0.tables.jobs.get(id));
        Ok(known.map(|it| Head { job: it.id, sequence: it.sequence }).collect())
    }

    async fn depth(&mut self) -> Result<Vec<Depth>, StorageError> {
        let mut lines = BTreeMap::new();
        for it in self.0.tables.jobs.values() {
            let queue = it.queue;
            let line = || Depth { queue, queued: 0, running: 0, first_due: None };
            match &it.state {
                JobState::Queued { run_at } => {
                    let line = lines.entry(queue).or_insert_with(line);
                    line.queued += 1;
                    line.first_due = line.first_due.into_iter().chain([*run_at]).min();
                }
                other if other.standing() == Standing::Running => {
                    lines.entry(queue).or_insert_with(line).running += 1;
                }
                _ => {}
            }
        }
        Ok(lines.into_values().collect())
    }

    async fn forget(&mut self, before: Timestamp, limit: usize) -> Result<u64, StorageError> {
        let tables = self.0.change()?;
        let ended = tables.jobs.values().filter_map(|it| Some((it.state.ended_at()?, it.id)));
        let mut old: Vec<_> = ended.filter(|(at, _)| *at < before).collect();
        old.sort();
        old.truncate(limit);
        for (_, id) in &old {
            tables.jobs.remove(id);
            tables.job_events.retain(|(job, _), _| job != id);
        }
        Ok(u64::try_from(old.len()).unwrap_or(u64::MAX))
    }

    async fn take_slot(&mut self, name: &str, slot: Timestamp) -> Result<bool, StorageError> {
        let slots = &mut self.0.change()?.job_slots;
        if slots.get(name).is_some_and(|last| *last >= slot) {
            return Ok(false);
        }
        slots.insert(name.to_owned(), slot);
        Ok(true)
    }
}
