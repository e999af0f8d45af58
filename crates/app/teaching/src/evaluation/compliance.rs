//! What the checks say of one team, or of one student.

use lodge_checks::{Points, StudentResult, evaluate, mean};
use lodge_courses::{Act, CourseRole};
use lodge_kernel::{StudentId, TeamId, TenantId, Timestamp};
use lodge_storage::{Listing, StorageError, TeamFilter};
use lodge_teams::Team;

use super::facts::TeamFacts;
use crate::{
    Caller, Standing, Teaching, TeachingError,
    activity::{Everybody, Work},
    students::seen_student,
    teams::seen_team,
};

/// The most teams of a student that are judged.
const MOST_TEAMS: usize = 20;

/// What the checks say now.
pub struct Compliance {
    /// As whom the caller sees it.
    pub known: Standing,
    /// When it was worked out.
    pub at: Timestamp,
    /// The team, or every team of the student.
    pub teams: Vec<TeamResult>,
}

/// What the checks say of a team.
pub struct TeamResult {
    /// The team.
    pub team: Team,
    /// The mean of its members' scores. `None` when nobody could be judged, or
    /// the caller may not conclude from it what others have.
    pub score: Option<Points>,
    /// The mean of its members in each check. Empty where the caller may not see
    /// them.
    pub checks: Vec<CheckMean>,
    /// The members whose results the caller may see.
    pub students: Vec<MemberResult>,
    /// There is more than is judged at once, and what is oldest is left out.
    pub truncated: bool,
}

/// The mean of a team's members in one check.
pub struct CheckMean {
    /// `R01` to `R13`, `I01` to `I13`, or the key of the course's own check.
    pub code: String,
    /// Its name for people.
    pub name: String,
    /// What it counts beside the others.
    pub weight: u32,
    /// The mean. `None` when nobody could be judged.
    pub points: Option<Points>,
}

/// What the checks say of one member.
pub struct MemberResult {
    /// The student's name, where the caller may see it.
    pub name: Option<String>,
    /// What they say.
    pub result: StudentResult,
}

impl TeamResult {
    pub(super) fn of(facts: &TeamFacts, everybody: &Everybody, known: &Standing) -> Self {
        let results = evaluate(&known.course.settings, &facts.record(&everybody.people));
        let is_open = known.student.is_none() || known.course.settings.privacy.students_see_results;
        let (score, checks) = if is_open {
            (mean(results.iter().map(|it| it.score)), means(&results))
        } else {
            (None, Vec::new())
        };
        let is_seen = |it: &StudentResult| is_open || known.student == Some(it.student);
        let students = results
            .into_iter()
            .filter(is_seen)
            .map(|result| MemberResult { name: everybody.name(result.student, known), result });
        let students = students.collect();
        Self { team: facts.team.clone(), score, checks, students, truncated: facts.truncated }
    }
}

/// The mean of each check. Every student has the same ones, in the same order.
fn means(results: &[StudentResult]) -> Vec<CheckMean> {
    let Some(first) = results.first() else { return Vec::new() };
    let of = |n: usize| mean(results.iter().map(|it| it.checks.get(n)?.outcome.points));
    let checks = first.checks.iter().enumerate().map(|(n, it)| CheckMean {
        code: it.code.clone(),
        name: it.name.clone(),
        weight: it.weight,
        points: of(n),
    });
    checks.collect()
}

impl Teaching {
    /// What the checks say of a team. Students see their own team, and of others
    /// in it as much as the course's settings say.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.team_compliance", skip_all)]
    pub async fn team_compliance(
        &self,
        caller: &Caller,
        id: TeamId,
    ) -> Result<Compliance, TeachingError> {
        let mut work = self.storage.read().await?;
        let (team, known) = seen_team(&mut *work, caller, id).await?;
        known.may(Act::See)?;
        let everybody = Everybody::of_course(&mut *work, team.tenant, team.course).await?;
        let facts = self.team_facts(&mut *work, team).await?;
        let teams = vec![TeamResult::of(&facts, &everybody, &known)];
        Ok(Compliance { known, at: self.now(), teams })
    }

    /// What the checks say of a team, and what it did, as its teachers see them.
    /// `None` when there is no such team.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    pub(crate) async fn team_as_staff(
        &self,
        tenant: TenantId,
        id: TeamId,
    ) -> Result<Option<(TeamResult, Work)>, StorageError> {
        let mut work = self.storage.read().await?;
        let Some(team) = work.teams().find(tenant, id).await? else { return Ok(None) };
        let Some(course) = work.courses().find(tenant, team.course).await? else {
            return Ok(None);
        };
        let known = Standing { course, role: CourseRole::Teacher, student: None };
        let everybody = Everybody::of_course(&mut *work, tenant, team.course).await?;
        let facts = self.team_facts(&mut *work, team).await?;
        let result = TeamResult::of(&facts, &everybody, &known);
        Ok(Some((result, facts.into_work(known, everybody))))
    }

    /// What the checks say of a student, in each of their teams. Students see
    /// themselves.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.student_compliance", skip_all)]
    pub async fn student_compliance(
        &self,
        caller: &Caller,
        id: StudentId,
    ) -> Result<Compliance, TeachingError> {
        let mut work = self.storage.read().await?;
        let (student, known) = seen_student(&mut *work, caller, id).await?;
        known.may(Act::See)?;
        let (tenant, course) = (student.tenant, student.course);
        let everybody = Everybody::of_course(&mut *work, tenant, course).await?;
        let filter = TeamFilter { member: Some(id), state: None };
        let listing = Listing::first(MOST_TEAMS);
        let mut teams = Vec::new();
        let all = work.teams().list(tenant, course, filter, &listing).await?;
        for team in all {
            let facts = self.team_facts(&mut *work, team).await?;
            let mut result = TeamResult::of(&facts, &everybody, &known);
            result.students.retain(|it| it.result.student == id);
            teams.push(result);
        }
        Ok(Compliance { known, at: self.now(), teams })
    }
}
