//! What a job is given while it runs.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    time::Duration,
};

use futures_util::{
    future::{Either, select},
    lock::Mutex,
};
use lodge_jobs::{Job, JobEvent, JobState, Progress, Standing, Told};
use lodge_kernel::{JobId, TenantId, Timestamp};
use lodge_storage::{Change, StorageError};

use super::{Bell, JobError, TURNS};
use crate::Teaching;

/// How often progress is told at the most. What comes in between is told with
/// the next.
const TELL: Duration = Duration::from_millis(250);

/// Why a job shall stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// Nobody wants it any more.
    Cancelled,
    /// The process stops.
    Leaving,
    /// Somebody else has it by now.
    Lost,
}

/// What a job is given while it runs.
pub struct JobContext {
    /// The use cases.
    pub teaching: Arc<Teaching>,
    /// The job.
    pub id: JobId,
    /// The organisation.
    pub tenant: TenantId,
    payload: String,
    pub(super) fence: u64,
    state: Mutex<State>,
    /// 0 while it shall go on, else a [`Stop`].
    stop: AtomicU8,
    stopped: Bell,
}

struct State {
    job: Job,
    told_at: Option<Timestamp>,
    untold: bool,
    /// It is not known whether the last event was kept: the database did not
    /// answer.
    unsure: bool,
}

impl JobContext {
    pub(super) fn new(teaching: Arc<Teaching>, job: Job) -> Self {
        Self {
            teaching,
            id: job.id,
            tenant: job.tenant,
            payload: job.payload.as_str().to_owned(),
            fence: job.fence,
            state: Mutex::new(State { job, told_at: None, untold: false, unsure: false }),
            stop: AtomicU8::new(0),
            stopped: Bell::default(),
        }
    }

    /// What the job was told when it was asked for: JSON.
    pub fn payload(&self) -> &str {
        &self.payload
    }

    /// Which attempt this is, from 1 on.
    pub async fn attempt(&self) -> u32 {
        self.state.lock().await.job.attempts.made
    }

    /// Whether to go on. Ask between two items.
    ///
    /// # Errors
    ///
    /// [`JobError::Stopped`].
    pub fn check(&self) -> Result<(), JobError> {
        if self.stop().is_none() { Ok(()) } else { Err(JobError::Stopped) }
    }

    /// Does a unit of work, and begins it anew while somebody else is in its way:
    /// [`TURNS`] times at most. Answers how the last one went.
    ///
    /// # Errors
    ///
    /// [`JobError::Stopped`], before each.
    pub(crate) async fn in_turns<T, F>(
        &self,
        mut unit: impl FnMut() -> F + Send,
    ) -> Result<Result<T, StorageError>, JobError>
    where
        F: Future<Output = Result<T, StorageError>> + Send,
    {
        let mut turn = 1;
        loop {
            self.check()?;
            match unit().await {
                Err(StorageError::Conflict(_)) if turn < TURNS => turn += 1,
                outcome => return Ok(outcome),
            }
        }
    }

    /// Waits; shorter when the job is told to stop.
    ///
    /// # Errors
    ///
    /// [`JobError::Stopped`].
    pub async fn rest(&self, duration: Duration) -> Result<(), JobError> {
        self.check()?;
        let sleep = self.teaching.workshop.tasks.sleep(duration);
        let stopped = Box::pin(self.stopped.after(0));
        match select(sleep, stopped).await {
            Either::Left(_) => Ok(()),
            Either::Right(_) => Err(JobError::Stopped),
        }
    }

    /// Tells how far the job has come.
    ///
    /// # Errors
    ///
    /// [`JobError::Stopped`] as [`check`](Self::check), and
    /// [`JobError::Storage`].
    pub async fn progress(
        &self,
        done: u64,
        total: Option<u64>,
        item: &str,
    ) -> Result<(), JobError> {
        self.check()?;
        let mut state = self.state.lock().await;
        let now = self.teaching.now();
        let progress = Progress::new(done, total, item);
        if state.told_at.is_some_and(|at| now.since(at) < TELL) {
            state.job.progress = Some(progress);
            state.untold = true;
            return Ok(());
        }
        self.make_sure(&mut state).await?;
        let mut job = state.job.clone();
        let event = job.progressed(progress, now);
        self.write(&mut state, job, event).await?;
        state.told_at = Some(now);
        state.untold = false;
        Ok(())
    }

    /// Tells people something.
    ///
    /// # Errors
    ///
    /// As [`progress`](Self::progress).
    pub async fn log(&self, line: &str) -> Result<(), JobError> {
        self.check()?;
        let mut state = self.state.lock().await;
        self.make_sure(&mut state).await?;
        let mut job = state.job.clone();
        let event = job.tell(Told::log(line), self.teaching.now());
        self.write(&mut state, job, event).await
    }

    /// Gives up its key: whoever asks for the same from now on gets another job,
    /// and is not told that this one does it, which may be past what they mean.
    ///
    /// # Errors
    ///
    /// As [`progress`](Self::progress).
    pub async fn give_up_key(&self) -> Result<(), JobError> {
        self.check()?;
        let mut state = self.state.lock().await;
        self.make_sure(&mut state).await?;
        let job = Job { key: None, ..state.job.clone() };
        self.write(&mut state, job, None).await
    }

    async fn write(
        &self,
        state: &mut State,
        job: Job,
        event: Option<JobEvent>,
    ) -> Result<(), JobError> {
        let events = event.into_iter().collect();
        let change = Change { from: Standing::Running, job: job.clone(), events };
        let mut work = self.teaching.storage.begin().await?;
        let written = work.jobs().write(std::slice::from_ref(&change)).await?;
        state.unsure = true;
        work.commit().await?;
        state.unsure = false;
        if written.is_empty() {
            self.tell_to_stop(Stop::Lost);
            return Err(JobError::Stopped);
        }
        // Only now: an event that was not kept has used up no sequence.
        state.job = job;
        self.teaching.workshop.told.ring();
        Ok(())
    }

    /// Learns from the database where the job has come to, when a commit was
    /// not answered: the next event must have the next place.
    async fn make_sure(&self, state: &mut State) -> Result<(), StorageError> {
        if state.unsure {
            let found = self.teaching.storage.read().await?.jobs().find(self.id).await?;
            if let Some(job) = found.filter(|it| it.fence == self.fence) {
                state.job.sequence = job.sequence;
            }
            state.unsure = false;
        }
        Ok(())
    }

    pub(super) fn stop(&self) -> Option<Stop> {
        match self.stop.load(Ordering::Acquire) {
            0 => None,
            1 => Some(Stop::Cancelled),
            2 => Some(Stop::Leaving),
            _ => Some(Stop::Lost),
        }
    }

    /// The first reason counts.
    pub(super) fn tell_to_stop(&self, why: Stop) {
        let number = match why {
            Stop::Cancelled => 1,
            Stop::Leaving => 2,
            Stop::Lost => 3,
        };
        let first = self.stop.compare_exchange(0, number, Ordering::AcqRel, Ordering::Acquire);
        if first.is_ok() {
            self.stopped.ring();
        }
    }

    /// The job as it is at the end of its turn, with what is still to be told.
    ///
    /// # Errors
    ///
    /// [`StorageError`], when it must be asked how far it has come.
    pub(super) async fn finish(
        &self,
        now: Timestamp,
    ) -> Result<(Job, Vec<JobEvent>), StorageError> {
        let mut state = self.state.lock().await;
        self.make_sure(&mut state).await?;
        let mut job = state.job.clone();
        if let JobState::Running { cancelling, .. } = &mut job.state {
            *cancelling |= self.stop() == Some(Stop::Cancelled);
        }
        let untold = job.progress.clone().filter(|_| state.untold);
        let event = untold.and_then(|progress| job.progressed(progress, now));
        Ok((job, event.into_iter().collect()))
    }
}
