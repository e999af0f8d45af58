//! Teams and projects.

use async_trait::async_trait;
use lodge_forge::ProviderName;
use lodge_kernel::{CourseId, ProjectId, StudentId, TeamId, TenantId, Timestamp};
use lodge_storage::{
    Listing, ProjectFilter, ProjectRepository, StorageError, TeamFilter, TeamRepository,
};
use lodge_teams::{Origin, Project, Student, Team};

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

    async fn remove(
        &mut self,
        tenant: TenantId,
        id: TeamId,
        revision: u64,
    ) -> Result<bool, StorageError> {
        let tables = self.0.change()?;
        let known = tables.teams.get(&id);
        if known.is_none_or(|it| it.tenant != tenant || it.revision != revision) {
            return Ok(false);
        }
        tables.teams.remove(&id);
        tables.remove_projects(|it| it.team == id);
        tables.team_members.retain(|(team, _)| *team != id);
        tables.remove_results();
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
                && (!filter.hooked || tables.project_hooks.contains_key(&it.id))
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

    async fn remove(
        &mut self,
        tenant: TenantId,
        id: ProjectId,
        revision: u64,
    ) -> Result<bool, StorageError> {
        let tables = self.0.change()?;
        let meant = |it: &Project| it.tenant == tenant && it.id == id && it.revision == revision;
        Ok(tables.remove_projects(meant))
    }
}
