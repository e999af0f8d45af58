//! Continuous integration.

use lodge_kernel::Timestamp;

/// How a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CiStatus {
    /// It waits, or waits for somebody.
    Pending,
    /// It runs.
    Running,
    /// It went well.
    Success,
    /// It failed.
    Failed,
    /// Somebody stopped it.
    Canceled,
    /// It was left out.
    Skipped,
}

impl CiStatus {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Pending, Self::Running, Self::Success, Self::Failed, Self::Canceled, Self::Skipped];

    /// The word in answers and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Running => "running",
            Self::Success => "success",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
            Self::Skipped => "skipped",
        }
    }

    /// The one of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// It has come to its end.
    pub const fn has_ended(self) -> bool {
        !matches!(self, Self::Pending | Self::Running)
    }

    /// How far along it stands: of two tellings of one second the one that is
    /// further along is the later one.
    pub(crate) const fn stage(self) -> u8 {
        match self {
            Self::Pending => 0,
            Self::Running => 1,
            Self::Skipped => 2,
            Self::Canceled => 3,
            Self::Failed => 4,
            Self::Success => 5,
        }
    }
}

/// One run for a commit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pipeline<A> {
    /// The host's id of it.
    pub id: String,
    /// The commit.
    pub sha: String,
    /// The branch or tag.
    pub reference: String,
    /// How it stands.
    pub status: CiStatus,
    /// Who set it off.
    pub by: Option<A>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// The share of lines that tests reach, in hundredths of a percent.
    pub coverage: Option<u32>,
    /// Its page.
    pub web_url: Option<String>,
}

/// One job of a run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CiJob<A> {
    /// The host's id of it.
    pub id: String,
    /// The run that it is of.
    pub pipeline: String,
    /// Its name.
    pub name: String,
    /// The stage that it is in.
    pub stage: Option<String>,
    /// How it stands.
    pub status: CiStatus,
    /// Who set it off.
    pub by: Option<A>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// The share of lines that its tests reach, in hundredths of a percent.
    pub coverage: Option<u32>,
}

impl<A> Pipeline<A> {
    /// The same, with everybody in it named by `name`.
    pub fn map<B>(self, name: &mut impl FnMut(A) -> B) -> Pipeline<B> {
        Pipeline {
            id: self.id,
            sha: self.sha,
            reference: self.reference,
            status: self.status,
            created_at: self.created_at,
            updated_at: self.updated_at,
            started_at: self.started_at,
            finished_at: self.finished_at,
            coverage: self.coverage,
            web_url: self.web_url,
            by: self.by.map(&mut *name),
        }
    }
}

impl<A> CiJob<A> {
    /// The same, with everybody in it named by `name`.
    pub fn map<B>(self, name: &mut impl FnMut(A) -> B) -> CiJob<B> {
        CiJob {
            id: self.id,
            pipeline: self.pipeline,
            name: self.name,
            stage: self.stage,
            status: self.status,
            created_at: self.created_at,
            started_at: self.started_at,
            finished_at: self.finished_at,
            coverage: self.coverage,
            by: self.by.map(&mut *name),
        }
    }
}
