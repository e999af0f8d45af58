//! Where a course is brought in from.

use lodge_forge::ProviderName;
use lodge_kernel::{ConnectionId, CourseId, ProjectId, TenantId, Timestamp};

/// What a course is brought in from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// A group: its groups are teams.
    Group,
    /// One repository: one team.
    Project,
}

impl SourceKind {
    /// The word in answers and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::Project => "project",
        }
    }

    /// The kind of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Group, Self::Project].into_iter().find(|it| it.name() == name)
    }
}

/// Where a course is brought in from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CourseSource {
    /// The organisation.
    pub tenant: TenantId,
    /// The course.
    pub course: CourseId,
    /// The host.
    pub host: ProviderName,
    /// The account that it is read through; `None` for the operator's own.
    pub connection: Option<ConnectionId>,
    /// What it is.
    pub kind: SourceKind,
    /// The host's id of it.
    pub remote_id: String,
    /// The address that a teacher gave.
    pub address: String,
    /// It is kept up by itself.
    pub auto_sync: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last brought in to its end.
    pub synced_at: Option<Timestamp>,
}

/// How far a project is kept up with its host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectSync {
    /// The organisation.
    pub tenant: TenantId,
    /// The project.
    pub project: ProjectId,
    /// The host's id of the source that it was last read from: the account of
    /// that source is the one that sees it.
    pub source: String,
    /// When the last reading to its end began: what changed before is known.
    pub read_since: Option<Timestamp>,
    /// When it ended.
    pub synced_at: Option<Timestamp>,
    /// Why the last one did not come to its end; `None` when it did.
    pub problem: Option<String>,
}
