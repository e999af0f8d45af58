//! Projects of teams.

use lodge_courses::{Act, course::parse_name};
use lodge_kernel::{CourseId, ProjectId, TeamId, TenantId};
use lodge_storage::{Listing, ProjectFilter, StorageError, UnitOfWork};
use lodge_teams::{Origin, OriginState, Project};

use crate::{
    Caller, Expected, Teaching, TeachingError,
    standing::standing,
    teams::{open_team, seen_team},
};

/// How many projects that stand in the way are named.
const NAMED: usize = 3;
/// How many of them are counted.
const COUNTED: usize = 100;

/// A new project.
#[derive(Clone, Debug)]
pub struct ProjectDraft {
    /// Its name.
    pub name: String,
    /// What it is at its host.
    pub origin: Origin,
}

/// What becomes another of a project; `None` stays.
#[derive(Clone, Debug, Default)]
pub struct ProjectChange {
    /// The name.
    pub name: Option<String>,
    /// The team.
    pub team: Option<TeamId>,
    /// Whether it is still there.
    pub state: Option<OriginState>,
}

impl Teaching {
    /// Projects of a course, or of one of its teams: of a student only those of
    /// their own team.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.list_projects", skip_all)]
    pub async fn list_projects(
        &self,
        caller: &Caller,
        course: CourseId,
        (team, state): (Option<TeamId>, Option<OriginState>),
        listing: &Listing<ProjectId>,
    ) -> Result<Vec<Project>, TeachingError> {
        let mut work = self.storage.read().await?;
        let known = standing(&mut *work, caller, course).await?;
        let filter = ProjectFilter { team, member: known.student, state, hooked: false };
        let found = work.projects().list(known.course.tenant, course, filter, listing).await?;
        Ok(found)
    }

    /// One project.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.find_project", skip_all)]
    pub async fn find_project(
        &self,
        caller: &Caller,
        id: ProjectId,
    ) -> Result<Project, TeachingError> {
        let mut work = self.storage.read().await?;
        let project = known_project(&mut *work, caller, id).await?;
        seen_team(&mut *work, caller, project.team).await.map_err(as_project)?;
        Ok(project)
    }

    /// Gives a team a project.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.create_project", skip_all)]
    pub async fn create_project(
        &self,
        caller: &Caller,
        team: TeamId,
        draft: ProjectDraft,
    ) -> Result<Project, TeachingError> {
        let mut work = self.storage.begin().await?;
        let team = open_team(&mut *work, caller, team).await?;
        let name = parse_name(&draft.name);
        let name = name.map_err(|problem| TeachingError::invalid("name", problem))?;
        let checked = draft.origin.check();
        checked.map_err(|(field, problem)| {
            TeachingError::invalid(format!("origin.{field}"), problem)
        })?;
        let now = self.now();
        let project = Project {
            id: ProjectId::fresh(&*self.clock, &*self.entropy),
            tenant: team.tenant,
            course: team.course,
            team: team.id,
            name,
            origin: draft.origin,
            state: OriginState::Active,
            revision: 1,
            created_at: now,
            updated_at: now,
        };
        let added = work.projects().add(&project).await;
        let place = &project.origin.remote_id;
        added.map_err(|error| match error {
            // The team was deleted at the same time.
            StorageError::Orphan { .. } => TeachingError::NotFound("team"),
            other => TeachingError::taken("project at the host", place)(other),
        })?;
        work.commit().await?;
        Ok(project)
    }

    /// Changes a project, or gives it to another team of its course.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.update_project", skip_all)]
    pub async fn update_project(
        &self,
        caller: &Caller,
        id: ProjectId,
        expected: &Expected,
        change: ProjectChange,
    ) -> Result<Project, TeachingError> {
        let mut work = self.storage.begin().await?;
        let project = open_project(&mut *work, caller, id).await?;
        expected.check(project.revision)?;
        if let Some(team) = change.team.filter(|it| *it != project.team) {
            let team = open_team(&mut *work, caller, team).await?;
            if team.course != project.course {
                let problem = "a project stays in its course";
                return Err(TeachingError::invalid("team_id", problem));
            }
        }
        let name = change.name.as_deref().map(parse_name).transpose();
        let name = name.map_err(|problem| TeachingError::invalid("name", problem))?;
        let changed = Project {
            name: name.unwrap_or_else(|| project.name.clone()),
            team: change.team.unwrap_or(project.team),
            state: change.state.unwrap_or(project.state),
            ..project.clone()
        };
        if changed == project {
            return Ok(project);
        }
        let changed = changed.changed(self.now());
        let written = work.projects().update(&changed).await;
        if !written.map_err(TeachingError::gone(TeachingError::NotFound("team")))? {
            return Err(TeachingError::Stale { revision: changed.revision });
        }
        work.commit().await?;
        Ok(changed)
    }

    /// Takes a project away from its team.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.delete_project", skip_all)]
    pub async fn delete_project(
        &self,
        caller: &Caller,
        id: ProjectId,
        expected: &Expected,
    ) -> Result<(), TeachingError> {
        let mut work = self.storage.begin().await?;
        let project = open_project(&mut *work, caller, id).await?;
        expected.check(project.revision)?;
        if work.sources().hook_of(project.tenant, id).await?.is_some() {
            return Err(TeachingError::Blocked(
                "the project has a webhook at its host: remove it first with DELETE \
                 /api/v1/projects/{id}/webhook",
            ));
        }
        if !work.projects().remove(project.tenant, id, project.revision).await? {
            return Err(TeachingError::Stale { revision: project.revision + 1 });
        }
        Ok(work.commit().await?)
    }
}

/// Who may not see the team is told of the project only.
pub(crate) fn as_project(error: TeachingError) -> TeachingError {
    match error {
        TeachingError::NotFound(_) => TeachingError::NotFound("project"),
        other => other,
    }
}

/// A project of the organisation, whether or not the caller may see it.
pub(crate) async fn known_project(
    work: &mut dyn UnitOfWork,
    caller: &Caller,
    id: ProjectId,
) -> Result<Project, TeachingError> {
    let tenant = caller.tenant().map_err(as_project)?;
    let project = work.projects().find(tenant, id).await?;
    project.ok_or(TeachingError::NotFound("project"))
}

/// The projects of a course, or of one team of it, that have a webhook at their
/// host, for people. `None` when there are none.
pub(crate) async fn hooked(
    work: &mut dyn UnitOfWork,
    (tenant, course): (TenantId, CourseId),
    team: Option<TeamId>,
) -> Result<Option<String>, StorageError> {
    let filter = ProjectFilter { team, hooked: true, ..ProjectFilter::default() };
    let listing = Listing::first(COUNTED + 1);
    let found = work.projects().list(tenant, course, filter, &listing).await?;
    let name = |it: &Project| format!("`{}` ({})", it.name, it.id);
    let named = found.iter().take(NAMED).map(name).collect::<Vec<_>>().join(", ");
    Ok(match found.len() {
        0 => None,
        n if n <= NAMED => Some(named),
        n if n <= COUNTED => Some(format!("{named} and {} more", n - NAMED)),
        _ => Some(format!("{named} and more than {} others", COUNTED - NAMED)),
    })
}

/// A project that the caller may change.
async fn open_project(
    work: &mut dyn UnitOfWork,
    caller: &Caller,
    id: ProjectId,
) -> Result<Project, TeachingError> {
    let project = known_project(work, caller, id).await?;
    let (team, known) = seen_team(work, caller, project.team).await.map_err(as_project)?;
    known.may_change(caller, Act::ManagePeople)?;
    if team.locked {
        return Err(TeachingError::Blocked("the project's team is locked: unlock it first"));
    }
    Ok(project)
}
