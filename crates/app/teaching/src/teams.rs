//! Teams of a course.

use lodge_courses::{Act, course::parse_name};
use lodge_kernel::{CourseId, TeamId};
use lodge_storage::{Listing, TeamFilter, UnitOfWork};
use lodge_teams::{Origin, OriginState, Student, Team};

use crate::{
    Caller, Expected, Standing, Teaching, TeachingError,
    projects::hooked,
    standing::{standing, standing_for},
};

const LOCKED: TeachingError = TeachingError::Blocked(
    "the team is locked: its members and projects stay until it is unlocked",
);

const JOINED: TeachingError = TeachingError::Blocked(
    "somebody joined the team, or it was given a project, at the same time: try again",
);

/// A new team.
#[derive(Clone, Debug)]
pub struct TeamDraft {
    /// Its name.
    pub name: String,
    /// What it is at a host.
    pub origin: Option<Origin>,
}

/// What becomes another of a team; `None` stays.
#[derive(Clone, Debug, Default)]
pub struct TeamChange {
    /// The name.
    pub name: Option<String>,
    /// Whether it is still there.
    pub state: Option<OriginState>,
}

/// A team and who is in it.
#[derive(Clone, Debug)]
pub struct SeenTeam {
    /// The team.
    pub team: Team,
    /// Its members; without names where the course hides them from the caller.
    pub members: Vec<Student>,
}

impl Teaching {
    /// Teams of a course: of a student only their own.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.list_teams", skip_all)]
    pub async fn list_teams(
        &self,
        caller: &Caller,
        course: CourseId,
        state: Option<OriginState>,
        listing: &Listing<TeamId>,
    ) -> Result<Vec<Team>, TeachingError> {
        let mut work = self.storage.read().await?;
        let known = standing(&mut *work, caller, course).await?;
        let filter = TeamFilter { member: known.student, state };
        let found = work.teams().list(known.course.tenant, course, filter, listing).await?;
        Ok(found)
    }

    /// One team with its members.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.find_team", skip_all)]
    pub async fn find_team(&self, caller: &Caller, id: TeamId) -> Result<SeenTeam, TeachingError> {
        let mut work = self.storage.read().await?;
        let (team, known) = seen_team(&mut *work, caller, id).await?;
        let members = work.teams().members(team.tenant, id).await?;
        let hidden = !known.course.settings.privacy.students_see_names;
        let members = members.into_iter().map(|it| match known.student {
            Some(own) if own != it.id => shown_to_student(it, hidden),
            _ => it,
        });
        Ok(SeenTeam { members: members.collect(), team })
    }

    /// Makes a team.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.create_team", skip_all)]
    pub async fn create_team(
        &self,
        caller: &Caller,
        course: CourseId,
        draft: TeamDraft,
    ) -> Result<Team, TeachingError> {
        let mut work = self.storage.begin().await?;
        let known = standing(&mut *work, caller, course).await?;
        known.may_change(caller, Act::ManagePeople)?;
        let team = self.new_team(&known, &draft.name, draft.origin)?;
        let added = work.teams().add(&team).await;
        added.map_err(TeachingError::taken("team name or place at the host", &team.name))?;
        work.commit().await?;
        Ok(team)
    }

    /// A team that is not kept yet.
    pub(crate) fn new_team(
        &self,
        known: &Standing,
        name: &str,
        origin: Option<Origin>,
    ) -> Result<Team, TeachingError> {
        let name = parse_name(name).map_err(|problem| TeachingError::invalid("name", problem))?;
        if let Some(Err((field, problem))) = origin.as_ref().map(Origin::check) {
            return Err(TeachingError::invalid(format!("origin.{field}"), problem));
        }
        let now = self.now();
        Ok(Team {
            id: TeamId::fresh(&*self.clock, &*self.entropy),
            tenant: known.course.tenant,
            course: known.course.id,
            name,
            locked: false,
            origin,
            state: OriginState::Active,
            revision: 1,
            created_at: now,
            updated_at: now,
        })
    }

    /// Changes a team.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.update_team", skip_all)]
    pub async fn update_team(
        &self,
        caller: &Caller,
        id: TeamId,
        expected: &Expected,
        change: TeamChange,
    ) -> Result<Team, TeachingError> {
        self.rewrite_team(caller, id, expected, |team| {
            let name = change.name.as_deref().map(parse_name).transpose();
            let name = name.map_err(|problem| TeachingError::invalid("name", problem))?;
            let state = change.state.unwrap_or(team.state);
            Ok(Team { name: name.unwrap_or(team.name), state, ..team })
        })
        .await
    }

    /// Locks a team, or unlocks it.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.lock_team", skip_all)]
    pub async fn lock_team(
        &self,
        caller: &Caller,
        id: TeamId,
        expected: &Expected,
        locked: bool,
    ) -> Result<Team, TeachingError> {
        self.rewrite_team(caller, id, expected, |team| Ok(Team { locked, ..team })).await
    }

    async fn rewrite_team(
        &self,
        caller: &Caller,
        id: TeamId,
        expected: &Expected,
        change: impl FnOnce(Team) -> Result<Team, TeachingError> + Send,
    ) -> Result<Team, TeachingError> {
        let mut work = self.storage.begin().await?;
        let (team, known) = seen_team(&mut *work, caller, id).await?;
        known.may_change(caller, Act::ManagePeople)?;
        expected.check(team.revision)?;
        let changed = change(team.clone())?;
        if changed == team {
            return Ok(team);
        }
        let changed = changed.changed(self.now());
        let written = work.teams().update(&changed).await;
        if !written.map_err(TeachingError::taken("team name", &changed.name))? {
            return Err(TeachingError::Stale { revision: changed.revision });
        }
        work.commit().await?;
        Ok(changed)
    }

    /// Deletes a team with its projects; its members stay in the course.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.delete_team", skip_all)]
    pub async fn delete_team(
        &self,
        caller: &Caller,
        id: TeamId,
        expected: &Expected,
    ) -> Result<(), TeachingError> {
        let mut work = self.storage.begin().await?;
        let (team, known) = seen_team(&mut *work, caller, id).await?;
        known.may_change(caller, Act::ManagePeople)?;
        expected.check(team.revision)?;
        if team.locked {
            return Err(LOCKED);
        }
        let place = (team.tenant, team.course);
        if let Some(projects) = hooked(&mut *work, place, Some(id)).await? {
            return Err(TeachingError::Hooked { projects });
        }
        let removed = work.teams().remove(team.tenant, id, team.revision).await;
        if !removed.map_err(TeachingError::gone(JOINED))? {
            return Err(TeachingError::Stale { revision: team.revision + 1 });
        }
        Ok(work.commit().await?)
    }
}

/// What a student sees of the others in their team.
fn shown_to_student(it: Student, hidden: bool) -> Student {
    let name = if hidden { String::new() } else { it.name };
    Student { name, number: None, email: None, user: None, ..it }
}

/// A team that the caller sees: a student sees their own.
pub(crate) async fn seen_team(
    work: &mut dyn UnitOfWork,
    caller: &Caller,
    id: TeamId,
) -> Result<(Team, Standing), TeachingError> {
    let unknown = || TeachingError::NotFound("team");
    let tenant = caller.tenant().map_err(|_nowhere| unknown())?;
    let team = work.teams().find(tenant, id).await?.ok_or_else(unknown)?;
    let known = standing_for(work, caller, team.course, "team").await?;
    if let Some(student) = known.student {
        let members = work.teams().members(tenant, id).await?;
        if !members.iter().any(|it| it.id == student) {
            return Err(unknown());
        }
    }
    Ok((team, known))
}

/// A team whose members and projects the caller may change.
pub(crate) async fn open_team(
    work: &mut dyn UnitOfWork,
    caller: &Caller,
    id: TeamId,
) -> Result<Team, TeachingError> {
    let (team, known) = seen_team(work, caller, id).await?;
    known.may_change(caller, Act::ManagePeople)?;
    if team.locked { Err(LOCKED) } else { Ok(team) }
}
