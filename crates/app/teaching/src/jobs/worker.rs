//! A worker: claims jobs, runs several at once, and says how they ended.
//!
//! It holds what it does by leases that it renews. Whatever becomes of the
//! process, others go on when the leases are over, and what a worker writes
//! that was taken for dead changes nothing.

use std::{any::Any, collections::BTreeMap, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures_util::{
    FutureExt as _,
    future::{abortable, select},
};
use lodge_jobs::{End, Job, Lease, Queue};
use lodge_kernel::{TenantId, Timestamp};
use lodge_storage::{Claim, StorageError};

use super::{
    Bell, Crew, JobContext, JobError,
    context::Stop,
    desk::{Desk, Over, Turn},
    periodic::Seen,
};
use crate::Teaching;

/// How long a worker that found nothing rests at first, and at the most.
const RESTS: (Duration, Duration) = (Duration::from_millis(20), Duration::from_millis(500));
/// How long a worker that cannot reach the database rests.
const PAUSE: Duration = Duration::from_secs(2);
/// How often leases are renewed, at the least: it is then that a worker sees
/// that a job is not wanted any more.
const RENEWAL: Duration = Duration::from_secs(3);
/// How often it is asked what is due, and who fell silent.
const ROUND: Duration = Duration::from_secs(5);
/// In one of so many claims the least urgent line comes first, so that it moves
/// however much is urgent.
const LOW_FIRST: u64 = 16;

/// How a worker works.
#[derive(Clone, Debug)]
pub struct WorkerSettings {
    /// Its name in leases and logs; no other has it.
    pub name: String,
    /// How many jobs run at once.
    pub at_once: usize,
    /// How long a lease is: when a process dies, so long its jobs wait.
    pub lease: Duration,
    /// How long jobs have to end when the process stops, before they are put
    /// back.
    pub patience: Duration,
}

/// What a worker remembers.
struct Memory {
    seen: Seen,
    /// The organisation of each line that was served last.
    served: BTreeMap<Queue, TenantId>,
    claims: u64,
    rest: Duration,
    renewed_at: Timestamp,
    round_at: Option<Timestamp>,
    /// Turns whose end could not be written yet.
    over: Vec<Over>,
}

impl Teaching {
    /// Works until `stop` rings and all that runs has ended or was put back.
    #[tracing::instrument(name = "teaching.work", skip_all)]
    pub async fn work(self: Arc<Self>, crew: Crew, settings: WorkerSettings, stop: Arc<Bell>) {
        let (mut desk, now) = (Desk::default(), self.now());
        let mut memory = Memory {
            seen: Seen::default(),
            served: BTreeMap::new(),
            claims: 0,
            rest: RESTS.0,
            renewed_at: now,
            round_at: None,
            over: Vec::new(),
        };
        let mut leaving: Option<Timestamp> = None;
        loop {
            desk.gather(&*self.workshop.tasks).await;
            let bells = (self.workshop.queued.times(), desk.tray.bell.times());
            if leaving.is_none() && stop.times() > 0 {
                leaving = Some(self.now());
                desk.leave();
            }
            if leaving.is_some_and(|since| self.now().since(since) >= settings.patience) {
                desk.clear();
            }
            let rest = match self.round(&crew, &settings, &mut desk, &mut memory, leaving).await {
                Ok(rest) => rest,
                Err(error) => {
                    tracing::warn!(%error, "jobs have to wait");
                    if leaving.is_some_and(|since| self.now().since(since) >= settings.patience) {
                        // The leases end by themselves.
                        return;
                    }
                    PAUSE
                }
            };
            if leaving.is_some() && desk.turns.is_empty() && memory.over.is_empty() {
                return;
            }
            // No longer than what runs has left, so that it is put back in time.
            let left =
                leaving.map(|since| settings.patience.saturating_sub(self.now().since(since)));
            let rest = left.filter(|it| !it.is_zero()).map_or(rest, |left| rest.min(left));
            self.rest(rest, bells, &desk, &stop, leaving.is_some()).await;
        }
    }

    /// Rests until something is to be done.
    async fn rest(
        &self,
        rest: Duration,
        (queued, laid): (u64, u64),
        desk: &Desk,
        stop: &Bell,
        leaving: bool,
    ) {
        if rest.is_zero() {
            return;
        }
        let sleep = self.workshop.tasks.sleep(rest);
        let laid = Box::pin(desk.tray.bell.after(laid));
        if leaving {
            select(sleep, laid).await;
            return;
        }
        let queued = Box::pin(self.workshop.queued.after(queued));
        let stopped = Box::pin(stop.after(0));
        let bells = select(select(queued, laid), stopped);
        select(sleep, bells).await;
    }

    /// Does what is to be done now; answers how long to rest.
    async fn round(
        self: &Arc<Self>,
        crew: &Crew,
        settings: &WorkerSettings,
        desk: &mut Desk,
        memory: &mut Memory,
        leaving: Option<Timestamp>,
    ) -> Result<Duration, StorageError> {
        let now = self.now();
        if now.since(memory.renewed_at) >= RENEWAL.min(settings.lease / 3) {
            self.renew(desk, settings, now).await?;
            memory.renewed_at = now;
        }
        let due = memory.round_at.is_none_or(|at| now.since(at) >= ROUND.min(settings.lease / 2));
        if due && leaving.is_none() {
            self.plan_jobs(crew.schedules(), &mut memory.seen).await?;
            self.expire_jobs().await?;
            memory.round_at = Some(now);
        }

        for it in desk.tray.take() {
            desk.turns.remove(&(it.context.id, it.context.fence));
            memory.over.push(it);
        }
        let free = settings.at_once.saturating_sub(desk.turns.len());
        let claiming = leaving.is_none() && free > 0;
        if memory.over.is_empty() && !claiming {
            return Ok(RENEWAL.min(settings.lease / 3));
        }
        let mut queues = Queue::ALL;
        if memory.claims % LOW_FIRST == LOW_FIRST - 1 {
            queues.reverse();
        }
        let claim = Claim {
            now,
            lease: Lease { owner: settings.name.clone(), until: now.plus(settings.lease) },
            queues: &queues,
            limit: free,
            after: memory.served.clone(),
        };
        let claimed = self.settle_and_claim(&memory.over, claiming.then_some(&claim)).await?;
        memory.claims += 1;
        let n_claimed = claimed.len();
        let busy = !memory.over.is_empty() || n_claimed > 0;
        memory.over.clear();
        for queue in Queue::ALL {
            let of_line = claimed.iter().filter(|it| it.queue == queue).map(|it| it.tenant);
            let of_line: Vec<_> = of_line.collect();
            if let Some(tenant) = served_last(&of_line, memory.served.get(&queue).copied()) {
                memory.served.insert(queue, tenant);
            }
        }
        for job in claimed {
            self.begin(crew, desk, job);
        }
        memory.rest = if busy { RESTS.0 } else { (memory.rest * 2).min(RESTS.1) };
        // Shares may have left some waiting for whom there is room.
        Ok(if (1..free).contains(&n_claimed) { Duration::ZERO } else { memory.rest })
    }

    /// Begins a job beside the worker.
    fn begin(self: &Arc<Self>, crew: &Crew, desk: &mut Desk, job: Job) {
        let key = (job.id, job.fence);
        let kind = crew.kind(job.kind.as_str());
        let name = job.kind.clone();
        let context = Arc::new(JobContext::new(Arc::clone(self), job));
        let (tray, of_turn) = (Arc::clone(&desk.tray), Arc::clone(&context));
        let running = async move {
            match &kind {
                Some(kind) => kind.run(&of_turn).await,
                None => Err(JobError::Later(format!("no worker here knows the kind `{name}`"))),
            }
        };
        // What a job leaves behind when it panics is its own: units of work are
        // undone, and nothing else is shared.
        let (running, abort) = abortable(AssertUnwindSafe(running).catch_unwind());
        let of_end = Arc::clone(&context);
        self.workshop.tasks.run(Box::pin(async move {
            let end = match running.await {
                Ok(Ok(Ok(result))) => End::Done(result),
                Ok(Ok(Err(error))) => failed(&of_end, error),
                Ok(Err(panic)) => End::Broken(format!("it panicked: {}", words_of(&*panic))),
                Err(_aborted) => stopped(&of_end),
            };
            tray.lay(Over { context: of_end, end });
        }));
        desk.turns.insert(key, Turn { context, abort, warned: false });
    }

    /// Renews all leases, and learns which jobs to stop.
    async fn renew(
        &self,
        desk: &mut Desk,
        settings: &WorkerSettings,
        now: Timestamp,
    ) -> Result<(), StorageError> {
        if desk.turns.is_empty() {
            return Ok(());
        }
        let held: Vec<_> = desk.turns.keys().copied().collect();
        let mut work = self.storage.begin().await?;
        let renewed = work.jobs().renew(&held, now.plus(settings.lease)).await?;
        work.commit().await?;
        for ((id, fence), turn) in &mut desk.turns {
            match renewed.iter().find(|it| (it.job, it.fence) == (*id, *fence)) {
                Some(it) if it.cancelling => {
                    turn.context.tell_to_stop(Stop::Cancelled);
                    // It has had a while to stop by itself.
                    if turn.warned {
                        turn.abort.abort();
                    }
                    turn.warned = true;
                }
                Some(_) => {}
                None => {
                    turn.context.tell_to_stop(Stop::Lost);
                    turn.abort.abort();
                }
            }
        }
        Ok(())
    }
}

/// The organisation after which the next claim goes on in a line: of those that
/// got something, the last in the order in which this one asked.
fn served_last(served: &[TenantId], before: Option<TenantId>) -> Option<TenantId> {
    let before = before.unwrap_or(TenantId::nil());
    let came_round = served.iter().filter(|it| **it <= before).max();
    came_round.or(served.iter().max()).copied()
}

/// How a turn ended that did not go on.
fn failed(context: &JobContext, error: JobError) -> End {
    match error {
        JobError::Stopped => stopped(context),
        JobError::Never(problem) => End::Failed(problem),
        JobError::Later(problem) => End::Broken(problem),
        JobError::Storage(error) => {
            tracing::warn!(%error, job.id = %context.id, "a job could not use the database");
            End::Broken("the database did not answer".to_owned())
        }
    }
}

/// How a turn ended that was stopped.
fn stopped(context: &JobContext) -> End {
    match context.stop() {
        Some(Stop::Cancelled) => End::Cancelled,
        // Of a job that is lost nothing is written, whatever it is.
        Some(Stop::Leaving | Stop::Lost) => End::Released,
        None => End::Broken("it stopped, and nobody had asked it to".to_owned()),
    }
}

/// What a panic said.
fn words_of(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("without a word")
}
