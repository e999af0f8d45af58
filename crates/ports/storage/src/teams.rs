//! Teams, students, and projects.

use async_trait::async_trait;
use lodge_forge::ProviderName;
use lodge_kernel::{CourseId, ProjectId, StudentId, TeamId, TenantId, Timestamp, UserId};
use lodge_teams::{Identity, OriginState, Project, Student, StudentState, Team};

use crate::{Listing, StorageError};

/// Which teams of a course are meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TeamFilter {
    /// Those that this student is a member of.
    pub member: Option<StudentId>,
    /// Those in this state.
    pub state: Option<OriginState>,
}

/// Which projects of a course are meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProjectFilter {
    /// Those of this team.
    pub team: Option<TeamId>,
    /// Those of the teams that this student is a member of.
    pub member: Option<StudentId>,
    /// Those in this state.
    pub state: Option<OriginState>,
    /// Those alone that have a webhook of ours at their host.
    pub hooked: bool,
}

/// Teams and who is in them.
#[async_trait]
pub trait TeamRepository: Send {
    /// Adds a new one.
    ///
    /// MUST return [`StorageError::Duplicate`] when the course has a team of
    /// that name, in whatever case, or one that comes from the same place.
    async fn add(&mut self, team: &Team) -> Result<(), StorageError>;
    /// Finds one. `None` when there is none in this organisation.
    async fn find(&mut self, tenant: TenantId, id: TeamId) -> Result<Option<Team>, StorageError>;
    /// Teams of a course.
    async fn list(
        &mut self,
        tenant: TenantId,
        course: CourseId,
        filter: TeamFilter,
        listing: &Listing<TeamId>,
    ) -> Result<Vec<Team>, StorageError>;
    /// Every team of a course, oldest first.
    async fn all(&mut self, tenant: TenantId, course: CourseId) -> Result<Vec<Team>, StorageError>;
    /// As [`CourseRepository::update`](crate::CourseRepository::update).
    async fn update(&mut self, team: &Team) -> Result<bool, StorageError>;
    /// As [`CourseRepository::remove`](crate::CourseRepository::remove), with
    /// its projects and reports, and what was decided about its flags; its
    /// members stay in the course. Who joins at the same time may make it a
    /// [`StorageError::Orphan`].
    async fn remove(
        &mut self,
        tenant: TenantId,
        id: TeamId,
        revision: u64,
    ) -> Result<bool, StorageError>;
    /// Its members, oldest first.
    async fn members(&mut self, tenant: TenantId, id: TeamId)
    -> Result<Vec<Student>, StorageError>;
    /// Who is in which team of a course.
    async fn memberships(
        &mut self,
        tenant: TenantId,
        course: CourseId,
    ) -> Result<Vec<(TeamId, StudentId)>, StorageError>;
    /// Makes a student a member. `false` when they are one. MUST return
    /// [`StorageError::Orphan`] when team and student are not of one course.
    async fn join(
        &mut self,
        team: &Team,
        student: StudentId,
        at: Timestamp,
    ) -> Result<bool, StorageError>;
    /// Ends a membership. `false` when there was none.
    async fn leave(
        &mut self,
        tenant: TenantId,
        team: TeamId,
        student: StudentId,
    ) -> Result<bool, StorageError>;
}

/// Students and what they go by at hosts.
#[async_trait]
pub trait StudentRepository: Send {
    /// Adds a new one.
    ///
    /// MUST return [`StorageError::Duplicate`] when the course has a student
    /// with that number, address (in whatever case) or person.
    async fn add(&mut self, student: &Student) -> Result<(), StorageError>;
    /// Finds one. `None` when there is none in this organisation.
    async fn find(
        &mut self,
        tenant: TenantId,
        id: StudentId,
    ) -> Result<Option<Student>, StorageError>;
    /// Finds the one who is this person.
    async fn find_by_user(
        &mut self,
        tenant: TenantId,
        course: CourseId,
        user: UserId,
    ) -> Result<Option<Student>, StorageError>;
    /// Students of a course.
    async fn list(
        &mut self,
        tenant: TenantId,
        course: CourseId,
        state: Option<StudentState>,
        listing: &Listing<StudentId>,
    ) -> Result<Vec<Student>, StorageError>;
    /// Every student of a course, oldest first.
    async fn all(
        &mut self,
        tenant: TenantId,
        course: CourseId,
    ) -> Result<Vec<Student>, StorageError>;
    /// As [`CourseRepository::update`](crate::CourseRepository::update).
    async fn update(&mut self, student: &Student) -> Result<bool, StorageError>;
    /// Says of every student in an organisation who is this person that nobody
    /// is; each MUST have the next revision. Answers how many.
    async fn unlink(
        &mut self,
        tenant: TenantId,
        user: UserId,
        at: Timestamp,
    ) -> Result<u64, StorageError>;
    /// What a student goes by, by kind, host and value.
    async fn identities(
        &mut self,
        tenant: TenantId,
        id: StudentId,
    ) -> Result<Vec<Identity>, StorageError>;
    /// What the students of a course go by.
    async fn identities_of_course(
        &mut self,
        tenant: TenantId,
        course: CourseId,
    ) -> Result<Vec<(StudentId, Identity)>, StorageError>;
    /// Adds something that a student goes by.
    ///
    /// MUST return [`StorageError::Duplicate`] when a student of the course
    /// goes by it, in whatever case.
    async fn identify(
        &mut self,
        student: &Student,
        identity: &Identity,
    ) -> Result<(), StorageError>;
    /// Takes one thing away that a student goes by. `false` when there is none.
    async fn forget_identity(
        &mut self,
        tenant: TenantId,
        id: StudentId,
        identity: &Identity,
    ) -> Result<bool, StorageError>;
    /// Takes away everything that a student goes by. Answers how much it was.
    async fn forget_identities(
        &mut self,
        tenant: TenantId,
        id: StudentId,
    ) -> Result<u64, StorageError>;
}

/// Projects.
#[async_trait]
pub trait ProjectRepository: Send {
    /// Adds a new one.
    ///
    /// MUST return [`StorageError::Duplicate`] when the course has one that
    /// comes from the same place.
    async fn add(&mut self, project: &Project) -> Result<(), StorageError>;
    /// Finds one. `None` when there is none in this organisation.
    async fn find(
        &mut self,
        tenant: TenantId,
        id: ProjectId,
    ) -> Result<Option<Project>, StorageError>;
    /// Those of an organisation that are this repository of a host, one in each
    /// course that has it, by id.
    async fn of_origin(
        &mut self,
        tenant: TenantId,
        host: &ProviderName,
        remote_id: &str,
    ) -> Result<Vec<Project>, StorageError>;
    /// Projects of a course.
    async fn list(
        &mut self,
        tenant: TenantId,
        course: CourseId,
        filter: ProjectFilter,
        listing: &Listing<ProjectId>,
    ) -> Result<Vec<Project>, StorageError>;
    /// As [`CourseRepository::update`](crate::CourseRepository::update).
    async fn update(&mut self, project: &Project) -> Result<bool, StorageError>;
    /// As [`CourseRepository::remove`](crate::CourseRepository::remove).
    async fn remove(
        &mut self,
        tenant: TenantId,
        id: ProjectId,
        revision: u64,
    ) -> Result<bool, StorageError>;
}
