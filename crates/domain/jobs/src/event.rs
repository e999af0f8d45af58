//! What a job tells those who watch it.

use lodge_kernel::{JobId, TenantId, Timestamp};

use crate::{JsonText, text::beginning};

/// How far a job has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// How many items are done.
    pub done: u64,
    /// How many there are; `None` while nobody knows.
    pub total: Option<u64>,
    /// What it is at, in plain words.
    pub item: String,
}

impl Progress {
    /// The longest name of an item that is kept, in bytes.
    const ITEM: usize = 200;

    /// So far. What is too long of `item` is left out.
    pub fn new(done: u64, total: Option<u64>, item: &str) -> Self {
        Self { done, total, item: beginning(item, Self::ITEM) }
    }
}

/// What is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// How far it has come.
    Progress(Progress),
    /// A line for people.
    Log(String),
    /// It has ended well, with what came of it.
    Done(Option<JsonText>),
    /// It has ended badly, for this reason.
    Failed(String),
    /// Somebody did not want it any more.
    Cancelled,
}

impl Told {
    /// The longest line that is kept, in bytes.
    const LINE: usize = 2_000;

    /// A line for people. What is too long of it is left out.
    pub fn log(line: &str) -> Self {
        Self::Log(beginning(line, Self::LINE))
    }

    /// A bad end. What is too long of the reason is left out.
    pub fn failed(problem: &str) -> Self {
        Self::Failed(beginning(problem, Self::LINE))
    }

    /// The word in the stream and in the database.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Progress(_) => "progress",
            Self::Log(_) => "log",
            Self::Done(_) => "done",
            Self::Failed(_) => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Nothing comes after it.
    pub const fn is_last(&self) -> bool {
        matches!(self, Self::Done(_) | Self::Failed(_) | Self::Cancelled)
    }
}

/// One thing that a job told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobEvent {
    /// Whose job.
    pub tenant: TenantId,
    /// Which.
    pub job: JobId,
    /// Its place: 1 for the first, without a gap.
    pub sequence: u32,
    /// When.
    pub at: Timestamp,
    /// What.
    pub told: Told,
}
