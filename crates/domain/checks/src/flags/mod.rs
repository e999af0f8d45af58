//! Patterns that look like work for the count's sake.
//!
//! A flag never changes a score: it asks somebody to look.

use lodge_kernel::{StudentId, Timestamp};

use crate::{Evidence, Record};

/// What was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FlagKind {
    /// Five commits or more in ten minutes, of three changed lines at the median.
    CommitSpam,
}

impl FlagKind {
    /// The word in answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CommitSpam => "commit_spam",
        }
    }
}

/// How much it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Low,
    /// Worth a question.
    Medium,
    /// Worth a talk.
    High,
}

impl Severity {
    /// The word in answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// One pattern, seen once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    /// What.
    pub kind: FlagKind,
    /// How much it matters.
    pub severity: Severity,
    /// Whose doing it is: one student, or two of a review ring.
    pub students: Vec<StudentId>,
    /// Why, in one sentence without names.
    pub because: String,
    /// When it began.
    pub at: Timestamp,
    /// What shows it: at most 50.
    pub evidence: Vec<Evidence>,
}

/// Every pattern that is seen in what a team did, the newest first.
pub fn flags(record: &Record<'_>) -> Vec<Flag> {
    let _ = record;
    Vec::new()
}
