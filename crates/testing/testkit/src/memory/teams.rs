//! Teams, students, and projects.

use async_trait::async_trait;
use lodge_forge::ProviderName;
use lodge_kernel::{CourseId, ProjectId, StudentId, TeamId, TenantId, Timestamp, UserId};
use lodge_storage::{
    Listing, ProjectFilter, ProjectRepository, StorageError, StudentRepository, TeamFilter,
    TeamRepository,
};
use lodge_teams::{Identity, Origin, Project, Student, StudentState, Team};

use super::{
    Rows,
    listing::{Listed, part},
    tables::{Tables, if_owned, unless_there},
};

macro_rules! listed {
    ($($thing:ident $id:ident $search:ident;)+) => {$(
        impl Listed for $thing {
            type Id = $id;
            fn id(&self) -> $id {
                self.id
            }
            fn name_key(&self) -> String {
                self.name_key()
            }
            fn search_key(&self) -> String {
                self.$search()
            }
        }
    )+};
}

listed! {
    Team TeamId name_key;
    Student StudentId search_key;
    Project ProjectId search_key;
}

fn is_same_place(one: &Origin, other: &Origin) -> bool {
    one.host == other.host && one.remote_id == other.remote_id
}

impl Tables {
    fn has_team_like(&self, team: &Team) -> bool {
        self.teams.values().any(|it| {
            let same =
                |one: &Origin| it.origin.as_ref().is_some_and(|other| is_same_place(one, other));
            it.id != team.id
                && it.course == team.course
                && (it.name_key() == team.name_key() || team.origin.as_ref().is_some_and(same))
        })
    }

    fn has_student_like(&self, student: &Student) -> bool {
        let same = |one: &Option<String>, other: &Option<String>| one.is_some() && one == other;
        self.students.values().any(|it| {
            it.id != student.id
                && it.course == student.course
                && (same(&it.number, &student.number)
                    || same(&it.email, &student.email)
                    || (it.user.is_some() && it.user == student.user))
        })
    }

    fn has_project_like(&self, project: &Project) -> bool {
        self.projects.values().any(|it| {
            it.id != project.id
                && it.course == project.course
                && is_same_place(&it.origin, &project.origin)
        })
    }

    fn is_member(&self, team: TeamId, student: StudentId) -> bool {
        self.team_members.contains(&(team, student))
    }
}

#[async_trait]
impl TeamRepository for Rows<'_> {
    async fn add(&mut self, it: &Team) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        unless_there(tables.teams.contains_key(&it.id) || tables.has_team_like(it), "team")?;
        if_owned(tables.has_course(it.tenant, it.course), "team")?;
        tables.teams.insert(it.id, it.clone());
        Ok(())
    }

    async fn find(&mut self, tenant: TenantId, id: TeamId) -> Result<Option<Team>, StorageError> {
        Ok(self.0.tables.teams.get(&id).filter(|it| it.tenant == tenant).cloned())
    }

    async fn list(
        &mut self,
        tenant: TenantId,
        course: CourseId,
        filter: TeamFilter,
        listing: &Listing<TeamId>,
    ) -> Result<Vec<Team>, StorageError> {
        let tables = &self.0.tables;
        let meant = |it: &&Team| {
            it.tenant == tenant
                && it.course == course
                && filter.member.is_none_or(|student| tables.is_member(it.id, student))
                && filter.state.is_none_or(|state| it.state == state)
        };
        Ok(part(tables.teams.values().filter(meant), listing))
    }

    async fn all(&mut self, tenant: TenantId, course: CourseId) -> Result<Vec<Team>, StorageError> {
        let meant = |it: &&Team| it.tenant == tenant && it.course == course;
        Ok(self.0.tables.teams.values().filter(meant).cloned().collect())
    }

    async fn update(&mut self, it: &Team) -> Result<bool, StorageError> {
        let tables = self.0.change()?;
        let known = tables.teams.get(&it.id).filter(|known| known.tenant == it.tenant);
        if known.is_none_or(|known| known.revision + 1 != it.revision) {
            return Ok(false);
        }
        unless_there(tables.has_team_like(it), "team")?;
        tables.teams.insert(it.id, it.clone());
        Ok(true)
    }

    async fn remove(&mut self, tenant: TenantId, id: TeamId) -> Result<bool, StorageError> {
        let tables = self.0.change()?;
        if tables.teams.get(&id).is_none_or(|it| it.tenant != tenant) {
            return Ok(false);
        }
        tables.teams.remove(&id);
        tables.projects.retain(|_, it| it.team != id);
        tables.team_members.retain(|(team, _)| *team != id);
        Ok(true)
    }

    async fn members(
        &mut self,
        tenant: TenantId,
        id: TeamId,
    ) -> Result<Vec<Student>, StorageError> {
        let tables = &self.0.tables;
        let meant = |it: &&Student| it.tenant == tenant && tables.is_member(id, it.id);
        Ok(tables.students.values().filter(meant).cloned().collect())
    }

    async fn memberships(
        &mut self,
        tenant: TenantId,
        course: CourseId,
    ) -> Result<Vec<(TeamId, StudentId)>, StorageError> {
        let tables = &self.0.tables;
        let meant = |(team, _): &&(TeamId, StudentId)| {
            tables.teams.get(team).is_some_and(|it| it.tenant == tenant && it.course == course)
        };
        Ok(tables.team_members.iter().filter(meant).copied().collect())
    }

    async fn join(
        &mut self,
        team: &Team,
        student: StudentId,
        _at: Timestamp,
    ) -> Result<bool, StorageError> {
        let tables = self.0.change()?;
        let classmate = |it: &Student| it.tenant == team.tenant && it.course == team.course;
        let owned = tables.students.get(&student).is_some_and(classmate);
        if_owned(owned && tables.teams.contains_key(&team.id), "member of a team")?;
        Ok(tables.team_members.insert((team.id, student)))
    }

    async fn leave(
        &mut self,
        tenant: TenantId,
        team: TeamId,
        student: StudentId,
    ) -> Result<bool, StorageError> {
        let tables = self.0.change()?;
        let ours = tables.teams.get(&team).is_some_and(|it| it.tenant == tenant);
        Ok(ours && tables.team_members.remove(&(team, student)))
    }
}

fn key_of(course: CourseId, it: &Identity) -> (CourseId, String, String, String) {
    let host = it.host.as_ref().map(|it| it.as_str().to_owned()).unwrap_or_default();
    (course, it.kind.name().to_owned(), host, it.key())
}

#[async_trait]
impl StudentRepository for Rows<'_> {
    async fn add(&mut self, it: &Student) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        let there = tables.students.contains_key(&it.id) || tables.has_student_like(it);
        unless_there(there, "student")?;
        if_owned(tables.has_course(it.tenant, it.course), "student")?;
        tables.students.insert(it.id, it.clone());
        Ok(())
    }

    async fn find(
        &mut self,
        tenant: TenantId,
        id: StudentId,
    ) -> Result<Option<Student>, StorageError> {
        Ok(self.0.tables.students.get(&id).filter(|it| it.tenant == tenant).cloned())
    }

    async fn find_by_user(
        &mut self,
        tenant: TenantId,
        course: CourseId,
        user: UserId,
    ) -> Result<Option<Student>, StorageError> {
        let meant =
            |it: &&Student| it.tenant == tenant && it.course == course && it.user == Some(user);
        Ok(self.0.tables.students.values().find(meant).cloned())
    }

    async fn list(
        &mut self,
        tenant: TenantId,
        course: CourseId,
        state: Option<StudentState>,
        listing: &Listing<StudentId>,
    ) -> Result<Vec<Student>, StorageError> {
        let meant = |it: &&Student| {
            it.tenant == tenant
                && it.course == course
                && state.is_none_or(|state| it.state == state)
        };
        Ok(part(self.0.tables.students.values().filter(meant), listing))
    }

    async fn all(
        &mut self,
        tenant: TenantId,
        course: CourseId,
    ) -> Result<Vec<Student>, StorageError> {
        let meant = |it: &&Student| it.tenant == tenant && it.course == course;
        Ok(self.0.tables.students.values().filter(meant).cloned().collect())
    }

    async fn update(&mut self, it: &Student) -> Result<bool, StorageError> {
        let tables = self.0.change()?;
        let known = tables.students.get(&it.id).filter(|known| known.tenant == it.tenant);
        if known.is_none_or(|known| known.revision + 1 != it.revision) {
            return Ok(false);
        }
        unless_there(tables.has_student_like(it), "student")?;
        tables.students.insert(it.id, it.clone());
        Ok(true)
    }

    async fn identities(
        &mut self,
        tenant: TenantId,
        id: StudentId,
    ) -> Result<Vec<Identity>, StorageError> {
        let tables = &self.0.tables;
        if tables.students.get(&id).is_none_or(|it| it.tenant != tenant) {
            return Ok(Vec::new());
        }
        let theirs = tables.identities.values().filter(|(student, _)| *student == id);
        let mut all: Vec<_> = theirs.map(|(_, it)| it.clone()).collect();
        all.sort();
        Ok(all)
    }

    async fn identities_of_course(
        &mut self,
        tenant: TenantId,
        course: CourseId,
    ) -> Result<Vec<(StudentId, Identity)>, StorageError> {
        let tables = &self.0.tables;
        if !tables.has_course(tenant, course) {
            return Ok(Vec::new());
        }
        let theirs = tables.identities.iter().filter(|((known, ..), _)| *known == course);
        let mut all: Vec<_> = theirs.map(|(_, it)| it.clone()).collect();
        all.sort();
        Ok(all)
    }

    async fn identify(&mut self, it: &Student, identity: &Identity) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        let key = key_of(it.course, identity);
        unless_there(tables.identities.contains_key(&key), "identity of a student")?;
        if_owned(tables.students.contains_key(&it.id), "identity of a student")?;
        tables.identities.insert(key, (it.id, identity.clone()));
        Ok(())
    }

    async fn forget_identity(
        &mut self,
        tenant: TenantId,
        id: StudentId,
        identity: &Identity,
    ) -> Result<bool, StorageError> {
        let tables = self.0.change()?;
        let student = tables.students.get(&id).filter(|it| it.tenant == tenant);
        let Some(course) = student.map(|it| it.course) else { return Ok(false) };
        let key = key_of(course, identity);
        let theirs = tables.identities.get(&key).is_some_and(|(student, _)| *student == id);
        Ok(theirs && tables.identities.remove(&key).is_some())
    }

    async fn forget_identities(
        &mut self,
        tenant: TenantId,
        id: StudentId,
    ) -> Result<u64, StorageError> {
        let tables = self.0.change()?;
        if tables.students.get(&id).is_none_or(|it| it.tenant != tenant) {
            return Ok(0);
        }
        let before = tables.identities.len();
        tables.identities.retain(|_, (student, _)| *student != id);
        Ok(u64::try_from(before - tables.identities.len()).unwrap_or(u64::MAX))
    }
}

#[async_trait]
impl ProjectRepository for Rows<'_> {
    async fn add(&mut self, it: &Project) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        let there = tables.projects.contains_key(&it.id) || tables.has_project_like(it);
        unless_there(there, "project")?;
        let owned = tables.has_course(it.tenant, it.course) && tables.teams.contains_key(&it.team);
        if_owned(owned, "project")?;
        tables.projects.insert(it.id, it.clone());
        Ok(())
    }

    async fn find(
        &mut self,
        tenant: TenantId,
        id: ProjectId,
    ) -> Result<Option<Project>, StorageError> {
        Ok(self.0.tables.projects.get(&id).filter(|it| it.tenant == tenant).cloned())
    }

    async fn of_origin(
        &mut self,
        tenant: TenantId,
        host: &ProviderName,
        remote_id: &str,
    ) -> Result<Vec<Project>, StorageError> {
        let meant = |it: &&Project| {
            it.tenant == tenant && it.origin.host == *host && it.origin.remote_id == remote_id
        };
        Ok(self.0.tables.projects.values().filter(meant).cloned().collect())
    }

    async fn list(
        &mut self,
        tenant: TenantId,
        course: CourseId,
        filter: ProjectFilter,
        listing: &Listing<ProjectId>,
    ) -> Result<Vec<Project>, StorageError> {
        let tables = &self.0.tables;
        let meant = |it: &&Project| {
            it.tenant == tenant
                && it.course == course
                && filter.team.is_none_or(|team| it.team == team)
                && filter.member.is_none_or(|student| tables.is_member(it.team, student))
                && filter.state.is_none_or(|state| it.state == state)
        };
        Ok(part(tables.projects.values().filter(meant), listing))
    }

    async fn update(&mut self, it: &Project) -> Result<bool, StorageError> {
        let tables = self.0.change()?;
        let known = tables.projects.get(&it.id).filter(|known| known.tenant == it.tenant);
        if known.is_none_or(|known| known.revision + 1 != it.revision) {
            return Ok(false);
        }
        unless_there(tables.has_project_like(it), "project")?;
        tables.projects.insert(it.id, it.clone());
        Ok(true)
    }

    async fn remove(&mut self, tenant: TenantId, id: ProjectId) -> Result<bool, StorageError> {
        let tables = self.0.change()?;
        let ours = tables.projects.get(&id).is_some_and(|it| it.tenant == tenant);
        Ok(ours && tables.projects.remove(&id).is_some())
    }
}
