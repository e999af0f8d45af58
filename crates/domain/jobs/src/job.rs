//! One job.

use std::{fmt, str::FromStr};

use lodge_kernel::{CourseId, JobId, TenantId, Timestamp, UserId};

use crate::{JobState, JsonText, KindName, Progress, Queue, retry};

/// Whose jobs those are that belong to no organisation: the installation's.
pub const INSTALLATION: TenantId = TenantId::nil();

/// Who asked for a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Author {
    /// A person.
    Person(UserId),
    /// The operator, with the bootstrap token.
    Bootstrap,
    /// The clock.
    Schedule,
}

impl fmt::Display for Author {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(id) => id.fmt(f),
            Self::Bootstrap => f.write_str("bootstrap"),
            Self::Schedule => f.write_str("schedule"),
        }
    }
}

impl FromStr for Author {
    type Err = lodge_kernel::ParseIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "bootstrap" => Ok(Self::Bootstrap),
            "schedule" => Ok(Self::Schedule),
            _ => text.parse().map(Self::Person),
        }
    }
}

/// How often a job was tried, and how often it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempts {
    /// How often.
    pub made: u32,
    /// The most, at least one.
    pub most: u32,
}

/// Something to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// The id.
    pub id: JobId,
    /// The organisation, or the [`INSTALLATION`].
    pub tenant: TenantId,
    /// The course that it is about. Who may see the course may see it.
    pub course: Option<CourseId>,
    /// What it does.
    pub kind: KindName,
    /// What it is told.
    pub payload: JsonText,
    /// Among the jobs of an organisation and kind that have not ended, there
    /// is one of each key.
    pub key: Option<String>,
    /// Its line.
    pub queue: Queue,
    /// Where it stands.
    pub state: JobState,
    /// How often it was tried.
    pub attempts: Attempts,
    /// Counts the leases: who holds an older one can change nothing.
    pub fence: u64,
    /// How far it has come.
    pub progress: Option<Progress>,
    /// The sequence of the last event, 0 when there is none.
    pub sequence: u32,
    /// Why the last attempt failed.
    pub problem: Option<String>,
    /// What came of it.
    pub result: Option<JsonText>,
    /// Who asked for it.
    pub created_by: Author,
    /// When.
    pub created_at: Timestamp,
    /// When the last attempt began.
    pub started_at: Option<Timestamp>,
}

/// A job that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The organisation, or the [`INSTALLATION`].
    pub tenant: TenantId,
    /// The course that it is about.
    pub course: Option<CourseId>,
    /// What it does.
    pub kind: KindName,
    /// What it is told.
    pub payload: JsonText,
    /// See [`Job::key`]. At most 200 bytes.
    pub key: Option<String>,
    /// Its line.
    pub queue: Queue,
    /// Not before; at once when `None`.
    pub run_at: Option<Timestamp>,
    /// Who asks.
    pub by: Author,
}

impl Request {
    /// A job of `kind` as most are: at once, in the usual line, without a key.
    pub fn new(tenant: TenantId, kind: KindName, payload: JsonText, by: Author) -> Self {
        Self {
            tenant,
            course: None,
            kind,
            payload,
            key: None,
            queue: Queue::Default,
            run_at: None,
            by,
        }
    }
}

impl Job {
    /// A job that waits, of what was asked for `now`.
    pub fn asked(it: Request, id: JobId, now: Timestamp) -> Self {
        Self {
            id,
            tenant: it.tenant,
            course: it.course,
            kind: it.kind,
            payload: it.payload,
            key: it.key,
            queue: it.queue,
            state: JobState::Queued { run_at: it.run_at.unwrap_or(now) },
            attempts: Attempts { made: 0, most: retry::TRIES },
            fence: 0,
            progress: None,
            sequence: 0,
            problem: None,
            result: None,
            created_by: it.by,
            created_at: now,
            started_at: None,
        }
    }
}
