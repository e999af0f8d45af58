//! Results of CI.

use lodge_kernel::Timestamp;

/// What the host calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckKind {
    /// A check run of an app.
    CheckRun,
    /// A commit status.
    Status,
    /// A pipeline.
    Pipeline,
    /// A job of a pipeline.
    Job,
    /// A build.
    Build,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckStatus {
    /// Waiting.
    Queued,
    /// Under way.
    Running,
    /// Done.
    Completed,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckConclusion {
    /// Well.
    Success,
    /// Badly.
    Failure,
    /// Somebody stopped it.
    Cancelled,
    /// It was not run.
    Skipped,
    /// It says neither.
    Neutral,
    /// It took too long.
    TimedOut,
    /// Somebody must act.
    ActionRequired,
}

/// One result of CI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The id at the host.
    pub id: String,
    /// What the host calls it.
    pub kind: CheckKind,
    /// Its name.
    pub name: String,
    /// How far it is.
    pub status: CheckStatus,
    /// How it ended.
    pub conclusion: Option<CheckConclusion>,
    /// What the frozen fields cannot say.
    pub traits: Vec<String>,
    /// The commit it looked at.
    pub sha: String,
    /// The branch or tag.
    pub reference: Option<String>,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub completed_at: Option<Timestamp>,
    /// What it says.
    pub summary: Option<String>,
    /// Its page.
    pub url: Option<String>,
    /// The app that ran it.
    pub app: Option<String>,
}
