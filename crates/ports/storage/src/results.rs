//! What is made of a course: reports, and what people decided about flags.

use async_trait::async_trait;
use lodge_kernel::{CourseId, ReportId, TeamId, TenantId, Timestamp, UserId};
use lodge_teams::FlagState;

use crate::StorageError;

/// A file that was made of the results of a course or of a team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredReport {
    /// The id.
    pub id: ReportId,
    /// The organisation.
    pub tenant: TenantId,
    /// The course.
    pub course: CourseId,
    /// The team; `None` where it is of the whole course.
    pub team: Option<TeamId>,
    /// Its name, unique in the organisation: at most
    /// [`LONGEST_FILE_NAME`](Self::LONGEST_FILE_NAME) bytes.
    pub file_name: String,
    /// What it is, in a word, such as `pdf`.
    pub format: String,
    /// How many bytes its body has.
    pub bytes: u64,
    /// When it was made.
    pub made_at: Timestamp,
}

impl StoredReport {
    /// The longest name, in bytes.
    pub const LONGEST_FILE_NAME: usize = 200;
}

/// Which reports of an organisation are meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportFilter {
    /// Those of these courses and of their teams; `None` for every course.
    pub courses: Option<Vec<CourseId>>,
    /// Those of this team.
    pub team: Option<TeamId>,
}

/// Reports. One goes with its course, and one of a team with its team.
#[async_trait]
pub trait ReportRepository: Send {
    /// Adds a new one.
    ///
    /// MUST return [`StorageError::Duplicate`] when its name is taken in the
    /// organisation, and [`StorageError::Orphan`] when its course is not there,
    /// or its team is not in that course.
    async fn add(&mut self, report: &StoredReport, body: &[u8]) -> Result<(), StorageError>;
    /// Reports of an organisation that come after a place, newest first; of
    /// those that were made at once, the greatest id first. Their bodies are not
    /// read.
    async fn list(
        &mut self,
        tenant: TenantId,
        filter: &ReportFilter,
        after: Option<(Timestamp, ReportId)>,
        limit: usize,
    ) -> Result<Vec<StoredReport>, StorageError>;
    /// Finds one by its name. `None` when there is none in this organisation.
    async fn find(
        &mut self,
        tenant: TenantId,
        file_name: &str,
    ) -> Result<Option<StoredReport>, StorageError>;
    /// Its body, byte for byte. `None` when there is none in this organisation.
    async fn body(
        &mut self,
        tenant: TenantId,
        id: ReportId,
    ) -> Result<Option<Vec<u8>>, StorageError>;
    /// Removes one with its body. `false` when there is none.
    async fn remove(&mut self, tenant: TenantId, id: ReportId) -> Result<bool, StorageError>;
    /// Removes those of a course and of its teams: somebody was erased whose
    /// name may stand in them. Answers how many.
    async fn remove_of_course(
        &mut self,
        tenant: TenantId,
        course: CourseId,
    ) -> Result<u64, StorageError>;
    /// Removes up to `limit` that were made before `before`, oldest first, of
    /// every organisation. Answers how many.
    async fn remove_before(&mut self, before: Timestamp, limit: usize)
    -> Result<u64, StorageError>;
}

/// What somebody decided about a flag of a team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlagDecision {
    /// The organisation.
    pub tenant: TenantId,
    /// The course of the team.
    pub course: CourseId,
    /// The team.
    pub team: TeamId,
    /// The key of the flag: at most [`LONGEST_FLAG`](Self::LONGEST_FLAG) bytes.
    pub flag: String,
    /// What was decided.
    pub state: FlagState,
    /// Why: at most [`LONGEST_NOTE`](Self::LONGEST_NOTE) characters.
    pub note: Option<String>,
    /// Who decided; `None` once that person is not known any more.
    pub decided_by: Option<UserId>,
    /// When it was decided.
    pub decided_at: Timestamp,
}

impl FlagDecision {
    /// The longest key of a flag, in bytes.
    pub const LONGEST_FLAG: usize = 64;
    /// The longest note, in characters.
    pub const LONGEST_NOTE: usize = 2_000;
}

/// What people decided about flags. A decision goes with its team.
#[async_trait]
pub trait FlagDecisionRepository: Send {
    /// Keeps a decision in the place of the one before about the same flag of
    /// the team. MUST return [`StorageError::Orphan`] when the team is not in
    /// the course, or whoever decided is not known.
    async fn put(&mut self, decision: &FlagDecision) -> Result<(), StorageError>;
    /// Those of a team, by the key of the flag.
    async fn of_team(
        &mut self,
        tenant: TenantId,
        team: TeamId,
    ) -> Result<Vec<FlagDecision>, StorageError>;
    /// Those of every team of a course, by the id of the team and the key of
    /// the flag.
    async fn of_course(
        &mut self,
        tenant: TenantId,
        course: CourseId,
    ) -> Result<Vec<FlagDecision>, StorageError>;
}
