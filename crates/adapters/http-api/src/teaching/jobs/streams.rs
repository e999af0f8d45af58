//! Who listens to which job in this process.
//!
//! One task follows all jobs that somebody listens to: it asks the database
//! where they have come to, reads what is new once, and encodes it once for
//! all listeners. A listener that is too slow for what is kept here reads the
//! database itself. Nothing is ever told that is not in the database.

use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use actix_web::web::Bytes;
use lodge_jobs::Job;
use lodge_kernel::{JobId, TenantId};
use lodge_storage::StorageError;
use lodge_teaching::Teaching;
use tokio::{
    sync::watch,
    time::{Instant, timeout},
};

use super::told::encode;

/// How often it is asked what jobs of other processes told.
const LOOK: Duration = Duration::from_millis(500);
/// How often listeners hear that somebody is there.
const BEAT: Duration = Duration::from_secs(15);
/// How many events are kept for the listeners of a job.
const KEPT: usize = 64;
/// How many events are read at once.
pub(super) const READ: usize = 100;
/// How many jobs are asked about at once.
const ASKED: usize = 500;

/// Every job that somebody listens to.
#[derive(Default)]
pub struct JobStreams {
    topics: Mutex<HashMap<JobId, Arc<Topic>>>,
    /// Set and asked under the lock of `topics`.
    stopping: AtomicBool,
}

/// What listeners of a job are told without looking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Signal {
    /// The sequence of the last event.
    pub(super) head: u32,
    /// How many heartbeats there were.
    pub(super) beats: u32,
    /// The server stops, or the job is forgotten.
    pub(super) over: bool,
}

/// A job that somebody listens to.
pub(super) struct Topic {
    tenant: TenantId,
    job: JobId,
    recent: Mutex<VecDeque<Encoded>>,
    signal: watch::Sender<Signal>,
}

/// An event as it is sent.
#[derive(Clone)]
pub(super) struct Encoded {
    pub(super) sequence: u32,
    pub(super) bytes: Bytes,
    pub(super) is_last: bool,
}

impl JobStreams {
    fn topics(&self) -> MutexGuard<'_, HashMap<JobId, Arc<Topic>>> {
        self.topics.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Listens to a job, from where it is.
    pub(super) fn listen(&self, job: &Job) -> (Arc<Topic>, watch::Receiver<Signal>) {
        let mut topics = self.topics();
        let over = self.stopping.load(Ordering::Acquire);
        let topic = topics.entry(job.id).or_insert_with(|| {
            let signal = Signal { head: job.sequence, beats: 0, over };
            Arc::new(Topic {
                tenant: job.tenant,
                job: job.id,
                recent: Mutex::default(),
                signal: watch::channel(signal).0,
            })
        });
        (Arc::clone(topic), topic.signal.subscribe())
    }

    /// Ends every stream, and all that begin from now on: clients come back,
    /// and find another process.
    pub fn stop(&self) {
        let topics = self.topics();
        self.stopping.store(true, Ordering::Release);
        for topic in topics.values() {
            topic.signal.send_modify(|it| it.over = true);
        }
    }

    /// Follows the jobs until the server stops.
    pub async fn follow(&self, teaching: &Teaching) {
        let mut beat = Instant::now();
        loop {
            let times = teaching.workshop.told.times();
            if let Err(error) = self.look(teaching).await {
                tracing::warn!(%error, "listeners of jobs have to wait");
            }
            let beats = beat.elapsed() >= BEAT;
            if beats {
                beat = Instant::now();
            }
            self.topics().retain(|_, topic| {
                if beats {
                    topic.signal.send_modify(|it| it.beats = it.beats.wrapping_add(1));
                }
                topic.signal.receiver_count() > 0
            });
            // What this process told is heard at once, the rest by looking.
            let _ = timeout(LOOK, teaching.workshop.told.after(times)).await;
        }
    }

    /// Looks where the jobs have come to, and reads what is new.
    async fn look(&self, teaching: &Teaching) -> Result<(), StorageError> {
        let topics: Vec<_> = self.topics().values().map(Arc::clone).collect();
        for topics in topics.chunks(ASKED) {
            let ids: Vec<_> = topics.iter().map(|it| it.job).collect();
            let heads = teaching.job_heads(&ids).await?;
            let heads: HashMap<_, _> = heads.iter().map(|it| (it.job, it.sequence)).collect();
            for topic in topics {
                match heads.get(&topic.job) {
                    Some(head) => topic.catch_up(teaching, *head).await?,
                    None => topic.signal.send_modify(|it| it.over = true),
                }
            }
        }
        Ok(())
    }
}

impl Topic {
    fn recent(&self) -> MutexGuard<'_, VecDeque<Encoded>> {
        self.recent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads up to `head`, and tells the listeners.
    async fn catch_up(&self, teaching: &Teaching, head: u32) -> Result<(), StorageError> {
        let known = self.signal.borrow().head;
        if head <= known {
            return Ok(());
        }
        // Only the last ones are kept: whoever is further behind reads alone.
        let kept = u32::try_from(KEPT).unwrap_or(u32::MAX);
        let from = known.max(head.saturating_sub(kept));
        let fresh = self.read(teaching, from).await?;
        let reached = fresh.last().map_or(known, |it| it.sequence);
        {
            let mut recent = self.recent();
            if from > known {
                recent.clear();
            }
            recent.extend(fresh);
            let surplus = recent.len().saturating_sub(KEPT);
            recent.drain(..surplus);
        }
        self.signal.send_modify(|it| it.head = it.head.max(reached));
        Ok(())
    }

    /// What was told after `sequence`, from the database.
    async fn read(&self, teaching: &Teaching, sequence: u32) -> Result<Vec<Encoded>, StorageError> {
        let told = teaching.job_events_after((self.tenant, self.job), sequence, READ).await?;
        let encoded = told.iter().map(|it| Encoded {
            sequence: it.sequence,
            bytes: encode(it),
            is_last: it.told.is_last(),
        });
        Ok(encoded.collect())
    }

    /// What comes after `sequence`: from what is kept, or from the database.
    pub(super) async fn after(
        &self,
        teaching: &Teaching,
        sequence: u32,
    ) -> Result<Vec<Encoded>, StorageError> {
        let kept: Option<Vec<Encoded>> = {
            let recent = self.recent();
            let reaches = recent.front().is_some_and(|it| it.sequence <= sequence + 1);
            let rest = recent.iter().filter(|it| it.sequence > sequence);
            reaches.then(|| rest.cloned().collect())
        };
        match kept {
            Some(kept) if !kept.is_empty() => Ok(kept),
            _ => self.read(teaching, sequence).await,
        }
    }
}
