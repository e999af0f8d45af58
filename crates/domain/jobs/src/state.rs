//! Where a job stands, and every way from there.
//!
//! | from | may become |
//! |---|---|
//! | `queued` | `running`, `cancelled` |
//! | `running` | `queued`, `done`, `failed`, `cancelled`, `dead` |
//! | `done`, `failed`, `cancelled`, `dead` | nothing: it has ended |

use lodge_kernel::Timestamp;

use crate::{Job, JobEvent, JsonText, Progress, Told, retry, text::beginning};

/// Who does a job, and until when nobody else does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The worker, as the log names it.
    pub owner: String,
    /// When it ends, unless it is renewed.
    pub until: Timestamp,
}

/// Where a job stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobState {
    /// It waits for a worker.
    Queued {
        /// Not before.
        run_at: Timestamp,
    },
    /// A worker does it.
    Running {
        /// Which.
        lease: Lease,
        /// Somebody does not want it any more; the worker will see it.
        cancelling: bool,
    },
    /// It has ended well.
    Done {
        /// When.
        at: Timestamp,
    },
    /// It has ended badly, and trying again would not help.
    Failed {
        /// When.
        at: Timestamp,
    },
    /// Somebody did not want it any more.
    Cancelled {
        /// When.
        at: Timestamp,
    },
    /// It was tried as often as it may be.
    Dead {
        /// When.
        at: Timestamp,
    },
}

/// The name of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// See [`JobState::Queued`].
    Queued,
    /// See [`JobState::Running`].
    Running,
    /// See [`JobState::Done`].
    Done,
    /// See [`JobState::Failed`].
    Failed,
    /// See [`JobState::Cancelled`].
    Cancelled,
    /// See [`JobState::Dead`].
    Dead,
}

impl Standing {
    /// Every state.
    pub const ALL: [Self; 6] =
        [Self::Queued, Self::Running, Self::Done, Self::Failed, Self::Cancelled, Self::Dead];

    /// The word in answers and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Dead => "dead",
        }
    }

    /// The state of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// It stays as it is.
    pub const fn has_ended(self) -> bool {
        !matches!(self, Self::Queued | Self::Running)
    }
}

/// How a worker's turn with a job ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// Well, with what came of it.
    Done(Option<JsonText>),
    /// Badly, and trying again would not help.
    Failed(String),
    /// Badly; another time it may go well.
    Broken(String),
    /// It was not wanted any more, and stopped.
    Cancelled,
    /// The worker stops; somebody else goes on. This was no attempt.
    Released,
}

impl JobState {
    /// Its name.
    pub const fn standing(&self) -> Standing {
        match self {
            Self::Queued { .. } => Standing::Queued,
            Self::Running { .. } => Standing::Running,
            Self::Done { .. } => Standing::Done,
            Self::Failed { .. } => Standing::Failed,
            Self::Cancelled { .. } => Standing::Cancelled,
            Self::Dead { .. } => Standing::Dead,
        }
    }

    /// When it ended, if it has.
    pub const fn ended_at(&self) -> Option<Timestamp> {
        match self {
            Self::Queued { .. } | Self::Running { .. } => None,
            Self::Done { at }
            | Self::Failed { at }
            | Self::Cancelled { at }
            | Self::Dead { at } => Some(*at),
        }
    }
}

impl Job {
    /// The longest problem that is kept, in bytes.
    const PROBLEM: usize = 2_000;
    /// How many events a job may tell before its end.
    pub const MOST_EVENTS: u32 = 10_000;

    /// A worker takes it. `None` unless it waits and its time has come.
    #[must_use]
    pub fn claimed(self, lease: Lease, now: Timestamp) -> Option<Self> {
        match self.state {
            JobState::Queued { run_at } if run_at <= now => Some(Self {
                state: JobState::Running { lease, cancelling: false },
                attempts: crate::Attempts { made: self.attempts.made + 1, ..self.attempts },
                fence: self.fence + 1,
                started_at: Some(now),
                ..self
            }),
            _ => None,
        }
    }

    /// The event that the job tells next. Before its end it tells at most
    /// [`Self::MOST_EVENTS`]; what comes then is `None`.
    pub fn tell(&mut self, told: Told, at: Timestamp) -> Option<JobEvent> {
        if self.sequence >= Self::MOST_EVENTS && !told.is_last() {
            return None;
        }
        if let Told::Progress(progress) = &told {
            self.progress = Some(progress.clone());
        }
        self.sequence += 1;
        let (tenant, job, sequence) = (self.tenant, self.id, self.sequence);
        Some(JobEvent { tenant, job, sequence, at, told })
    }

    /// It has come so far. When nothing more may be told of it, only the job knows.
    pub fn progressed(&mut self, progress: Progress, at: Timestamp) -> Option<JobEvent> {
        self.progress = Some(progress.clone());
        self.tell(Told::Progress(progress), at)
    }

    /// A worker's turn has ended. `None` unless one has it. `jitter` is a
    /// random byte.
    #[must_use]
    pub fn ended(mut self, end: End, now: Timestamp, jitter: u8) -> Option<(Self, Vec<JobEvent>)> {
        let JobState::Running { cancelling, .. } = self.state else { return None };
        let mut attempts = self.attempts;
        let (state, told) = match end {
            End::Done(result) => {
                self.result.clone_from(&result);
                self.problem = None;
                (JobState::Done { at: now }, Some(Told::Done(result)))
            }
            End::Cancelled => (JobState::Cancelled { at: now }, Some(Told::Cancelled)),
            // Nobody wants it: it is not tried again.
            End::Released | End::Broken(_) if cancelling => {
                (JobState::Cancelled { at: now }, Some(Told::Cancelled))
            }
            End::Released => {
                attempts.made = attempts.made.saturating_sub(1);
                (JobState::Queued { run_at: now }, None)
            }
            End::Failed(problem) => {
                self.problem = Some(beginning(&problem, Self::PROBLEM));
                (JobState::Failed { at: now }, Some(Told::failed(&problem)))
            }
            End::Broken(problem) => {
                self.problem = Some(beginning(&problem, Self::PROBLEM));
                if attempts.made >= attempts.most {
                    (JobState::Dead { at: now }, Some(Told::failed(&problem)))
                } else {
                    let run_at = retry::after(attempts.made, now, jitter);
                    let line = format!(
                        "attempt {} of {} failed, the next is at {run_at}: {problem}",
                        attempts.made, attempts.most
                    );
                    (JobState::Queued { run_at }, Some(Told::log(&line)))
                }
            }
        };
        self.state = state;
        self.attempts = attempts;
        let event = told.and_then(|told| self.tell(told, now));
        Some((self, event.into_iter().collect()))
    }

    /// The lease is over, and its worker has not said why. `None` unless it is.
    #[must_use]
    pub fn expired(mut self, now: Timestamp) -> Option<(Self, Vec<JobEvent>)> {
        const PROBLEM: &str = "its worker fell silent";
        let (owner, cancelling) = match &self.state {
            JobState::Running { lease, cancelling } if lease.until <= now => {
                (lease.owner.clone(), *cancelling)
            }
            _ => return None,
        };
        if cancelling || self.attempts.made >= self.attempts.most {
            return self.ended(End::Broken(PROBLEM.to_owned()), now, 0);
        }
        self.problem = Some(PROBLEM.to_owned());
        self.state = JobState::Queued { run_at: now };
        let event = self.tell(Told::log(&format!("worker {owner} fell silent")), now);
        Some((self, event.into_iter().collect()))
    }

    /// Somebody does not want it any more, and nobody has begun. `None` unless
    /// it waits.
    #[must_use]
    pub fn withdrawn(mut self, now: Timestamp) -> Option<(Self, Vec<JobEvent>)> {
        if self.state.standing() != Standing::Queued {
            return None;
        }
        self.state = JobState::Cancelled { at: now };
        let event = self.tell(Told::Cancelled, now);
        Some((self, event.into_iter().collect()))
    }
}

#[cfg(test)]
mod tests;
