//! The roster of a course: read from a list, and written as one.

use std::collections::BTreeMap;

use lodge_access::Action;
use lodge_courses::Act;
use lodge_kernel::{CourseId, StudentId, TeamId};
use lodge_storage::UnitOfWork;
use lodge_teams::{
    Identity, IdentityKind, Plan, Roster, Student, StudentState, Summary, Team,
    roster::{self, Known, Present, TeamChoice},
};

use crate::{Caller, Standing, Teaching, TeachingError, standing::standing};

const TEAM_GONE: TeachingError =
    TeachingError::Blocked("a team of the roster was deleted at the same time: try again");

/// What is to be done with a roster.
#[derive(Clone, Copy, Debug, Default)]
pub struct RosterOrder {
    /// Nothing is changed.
    pub dry_run: bool,
    /// Students who are missing in it are marked as dropped.
    pub drop_missing: bool,
}

/// A line of a roster that is written.
#[derive(Clone, Debug)]
pub struct RosterLine {
    /// The student.
    pub student: Student,
    /// The name of the only team. Of several none is said, so that a file that
    /// comes back leaves them.
    pub team: Option<String>,
    /// The names at hosts.
    pub usernames: Vec<String>,
}

impl Teaching {
    /// Everybody who takes a course, by name.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.export_roster", skip_all)]
    pub async fn export_roster(
        &self,
        caller: &Caller,
        course: CourseId,
    ) -> Result<(String, Vec<RosterLine>), TeachingError> {
        let mut work = self.storage.read().await?;
        let known = standing(&mut *work, caller, course).await?;
        known.may(Act::SeeEverybody)?;
        let present = present(&mut *work, &known).await?;
        let names: BTreeMap<_, _> = present.teams.iter().map(|it| (it.id, &it.name)).collect();
        let active = present.students.iter().filter(|it| it.student.state == StudentState::Active);
        let mut lines: Vec<_> = active
            .map(|it| RosterLine {
                student: it.student.clone(),
                team: match it.teams.as_slice() {
                    [only] => names.get(only).map(|it| (*it).clone()),
                    _ => None,
                },
                usernames: usernames(&it.identities).map(|it| it.value.clone()).collect(),
            })
            .collect();
        lines.sort_by_key(|it| (it.student.name_key(), it.student.id));
        Ok((known.course.details.code, lines))
    }

    /// Brings the students of a course in line with a roster.
    ///
    /// # Errors
    ///
    /// [`TeachingError::Invalid`] with every line that does not fit what is
    /// there; nothing has changed then.
    #[tracing::instrument(name = "teaching.import_roster", skip_all)]
    pub async fn import_roster(
        &self,
        caller: &Caller,
        course: CourseId,
        roster: &Roster,
        order: RosterOrder,
    ) -> Result<Summary, TeachingError> {
        let mut work = self.storage.begin().await?;
        let known = standing(&mut *work, caller, course).await?;
        known.may_change(caller, Act::ManagePeople)?;
        let present = present(&mut *work, &known).await?;
        let plan = roster::plan(roster, &present, order.drop_missing)?;
        let summary = plan.summary;
        if order.dry_run {
            return Ok(summary);
        }
        self.carry_out(&mut *work, &known, &present, plan).await?;
        let Summary { created, updated, dropped, .. } = summary;
        if created + updated + dropped > 0 {
            let what = format!("{created} created, {updated} updated, {dropped} dropped");
            let (who, imported) = ((known.course.tenant, caller), Action::RosterImported);
            self.audit(&mut *work, who, imported, |it| it.to(course).because(what)).await?;
        }
        work.commit().await?;
        Ok(summary)
    }

    async fn carry_out(
        &self,
        work: &mut dyn UnitOfWork,
        known: &Standing,
        present: &Present,
        plan: Plan,
    ) -> Result<(), TeachingError> {
        let (tenant, now) = (known.course.tenant, self.now());
        let mut teams: BTreeMap<TeamId, Team> =
            present.teams.iter().map(|it| (it.id, it.clone())).collect();
        let mut new: BTreeMap<String, TeamId> = BTreeMap::new();
        for (key, name) in plan.teams {
            let team = self.new_team(known, &name, None)?;
            work.teams().add(&team).await.map_err(TeachingError::taken("team name", &name))?;
            new.insert(key, team.id);
            teams.insert(team.id, team);
        }
        let before: BTreeMap<StudentId, &Student> =
            present.students.iter().map(|it| (it.student.id, &it.student)).collect();
        for row in plan.rows {
            let old = row.student.and_then(|id| before.get(&id)).copied();
            let student = match old {
                Some(old) => Student {
                    number: row.number,
                    name: row.name,
                    email: row.email,
                    state: StudentState::Active,
                    ..old.clone()
                },
                None => Student {
                    id: StudentId::fresh(&*self.clock, &*self.entropy),
                    tenant,
                    course: known.course.id,
                    number: row.number,
                    name: row.name,
                    email: row.email,
                    user: None,
                    state: StudentState::Active,
                    revision: 1,
                    created_at: now,
                    updated_at: now,
                },
            };
            match old {
                None => work.students().add(&student).await.map_err(taken(&student))?,
                // Names alone, too: who is erased at the same time gets none.
                Some(_) if row.rewritten || !row.usernames.is_empty() => {
                    self.write_student(work, student.clone()).await?;
                }
                Some(_) => {}
            }
            for name in row.usernames {
                let identity = Identity { kind: IdentityKind::Username, host: None, value: name };
                let added = work.students().identify(&student, &identity).await;
                added.map_err(TeachingError::taken("username", &identity.value))?;
            }
            for team in row.leave {
                work.teams().leave(tenant, team, student.id).await?;
            }
            let joined = match row.join {
                Some(TeamChoice::Known(id)) => Some(id),
                Some(TeamChoice::New(key)) => new.get(&key).copied(),
                None => None,
            };
            if let Some(team) = joined.and_then(|id| teams.get(&id)) {
                let joined = work.teams().join(team, student.id, now).await;
                joined.map_err(TeachingError::gone(TEAM_GONE))?;
            }
        }
        for id in plan.dropped {
            if let Some(student) = before.get(&id).copied().cloned() {
                let dropped = Student { state: StudentState::Dropped, ..student };
                self.write_student(work, dropped).await?;
            }
        }
        Ok(())
    }

    /// Writes a student who was changed, unless somebody else was faster.
    pub(crate) async fn write_student(
        &self,
        work: &mut dyn UnitOfWork,
        student: Student,
    ) -> Result<(), TeachingError> {
        let student = student.changed(self.now());
        let written = work.students().update(&student).await;
        if written.map_err(taken(&student))? {
            Ok(())
        } else {
            Err(TeachingError::Stale { revision: student.revision })
        }
    }
}

fn taken(student: &Student) -> impl FnOnce(lodge_storage::StorageError) -> TeachingError {
    TeachingError::taken("number or address of the student", &student.name)
}

fn usernames(identities: &[Identity]) -> impl Iterator<Item = &Identity> {
    identities.iter().filter(|it| it.kind == IdentityKind::Username && it.host.is_none())
}

/// What is there before.
async fn present(work: &mut dyn UnitOfWork, known: &Standing) -> Result<Present, TeachingError> {
    let (tenant, course) = (known.course.tenant, known.course.id);
    let teams = work.teams().all(tenant, course).await?;
    let mut students: BTreeMap<StudentId, Known> = BTreeMap::new();
    let everybody = work.students().all(tenant, course).await?;
    for student in everybody {
        let known = Known { student, identities: Vec::new(), teams: Vec::new() };
        students.insert(known.student.id, known);
    }
    let identities = work.students().identities_of_course(tenant, course).await?;
    for (id, identity) in identities {
        if let Some(known) = students.get_mut(&id) {
            known.identities.push(identity);
        }
    }
    let memberships = work.teams().memberships(tenant, course).await?;
    for (team, id) in memberships {
        if let Some(known) = students.get_mut(&id) {
            known.teams.push(team);
        }
    }
    Ok(Present { students: students.into_values().collect(), teams })
}
