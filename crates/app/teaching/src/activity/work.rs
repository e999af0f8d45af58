//! What a team or a student has done, ready to be counted.

pub use lodge_activity::Period;
use lodge_activity::{
    ActorId, CiMetrics, Contributions, Fact, FactKind, Offset, Step, Whose, ci_metrics, timeline,
};
use lodge_courses::Act;
use lodge_kernel::{Day, StudentId, TeamId, TenantId};
use lodge_storage::{FactFilter, Listing, ProjectFilter, StorageError, TeamFilter, UnitOfWork};
use lodge_teams::Project;

use super::Everybody;
use crate::{Caller, Standing, Teaching, TeachingError, students::seen_student, teams::seen_team};

/// How many facts are read in one step.
const STEP: usize = 1_000;
/// The most facts that are counted at once: ten times what a large team has.
const MOST: usize = 200_000;
/// The most teams of a student, and projects of a team, that are counted.
const MOST_PARTS: usize = 200;

/// What was done in some projects.
pub struct Work {
    /// As whom the caller sees it.
    pub known: Standing,
    /// Everybody in the course.
    pub everybody: Everybody,
    /// The members of the team, or the student.
    pub members: Vec<StudentId>,
    /// The projects, each with what happened there: within the period, but for
    /// merge requests and issues, which may have been opened before.
    pub projects: Vec<(Project, Vec<Fact<ActorId>>)>,
    /// From when until when.
    pub period: Period,
    /// There is more than is counted at once, and what is oldest is left out.
    pub truncated: bool,
}

impl Work {
    /// What happened when.
    pub fn timeline(
        &self,
        whose: Whose,
        step: Step,
        offset: Offset<'_>,
    ) -> Vec<(Day, lodge_activity::Happened)> {
        let facts = self.projects.iter().flat_map(|(_, facts)| facts);
        let people = &self.everybody.people;
        timeline(facts, people, whose, self.period, (step, offset)).into_iter().collect()
    }

    /// Who has done how much.
    pub fn contributions(&self) -> Contributions {
        let mut all = Contributions::none_of(self.members.iter().copied());
        for (_, facts) in &self.projects {
            all.add(facts, &self.everybody.people, self.period);
        }
        all
    }

    /// What the runs of continuous integration come to, of each project.
    pub fn metrics(&self, offset: Offset<'_>) -> Vec<(&Project, CiMetrics)> {
        let of = |(project, facts)| {
            let facts: &Vec<Fact<ActorId>> = facts;
            let runs = facts.iter().filter_map(|it| match it {
                Fact::Pipeline(it) => Some(it),
                _ => None,
            });
            (project, ci_metrics(runs, offset))
        };
        self.projects.iter().map(|(project, facts)| of((project, facts))).collect()
    }
}

impl Teaching {
    /// What was done in the projects of a team. Students see their own team.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.team_work", skip_all)]
    pub async fn team_work(
        &self,
        caller: &Caller,
        id: TeamId,
        kinds: &[FactKind],
        period: Period,
    ) -> Result<Work, TeachingError> {
        let mut work = self.storage.read().await?;
        let (team, known) = seen_team(&mut *work, caller, id).await?;
        known.may(Act::See)?;
        let members = work.teams().members(team.tenant, id).await?;
        let members = members.into_iter().map(|it| it.id).collect();
        gathered(&mut *work, known, (vec![id], members), kinds, period).await
    }

    /// What was done in the projects of a student's teams. Students see
    /// themselves.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.student_work", skip_all)]
    pub async fn student_work(
        &self,
        caller: &Caller,
        id: StudentId,
        kinds: &[FactKind],
        period: Period,
    ) -> Result<Work, TeachingError> {
        let mut work = self.storage.read().await?;
        let (student, known) = seen_student(&mut *work, caller, id).await?;
        known.may(Act::See)?;
        let filter = TeamFilter { member: Some(id), state: None };
        let listing = Listing::first(MOST_PARTS);
        let teams = work.teams().list(student.tenant, student.course, filter, &listing).await?;
        let teams = teams.into_iter().map(|it| it.id).collect();
        gathered(&mut *work, known, (teams, vec![id]), kinds, period).await
    }
}

async fn gathered(
    work: &mut dyn UnitOfWork,
    known: Standing,
    (teams, members): (Vec<TeamId>, Vec<StudentId>),
    kinds: &[FactKind],
    period: Period,
) -> Result<Work, TeachingError> {
    let (tenant, course) = (known.course.tenant, known.course.id);
    let everybody = Everybody::of_course(work, tenant, course).await?;
    let kinds: &[FactKind] = if kinds.is_empty() { &FactKind::ALL } else { kinds };
    // Of what was opened before, the author is asked for, and the end.
    let is_long = |it: &FactKind| matches!(it, FactKind::MergeRequest | FactKind::Issue);
    let (long, short): (Vec<_>, Vec<_>) = kinds.iter().copied().partition(is_long);
    let (mut projects, mut left, mut truncated) = (Vec::new(), MOST, false);
    for team in teams {
        let filter = ProjectFilter { team: Some(team), ..ProjectFilter::default() };
        let listing = Listing::first(MOST_PARTS);
        let found = work.projects().list(tenant, course, filter, &listing).await?;
        for project in found {
            let mut facts = Vec::new();
            for (kinds, since) in [(&long, None), (&short, period.since)] {
                // No kinds would mean every kind.
                if kinds.is_empty() {
                    continue;
                }
                let filter = FactFilter {
                    projects: vec![project.id],
                    kinds: kinds.clone(),
                    since,
                    until: period.until,
                };
                let found = all(work, tenant, &filter, left).await?;
                truncated |= found.len() >= left;
                left = left.saturating_sub(found.len());
                facts.extend(found);
            }
            projects.push((project, facts));
        }
    }
    Ok(Work { known, everybody, members, projects, period, truncated })
}

/// The newest facts: at most `most`.
pub(super) async fn all(
    work: &mut dyn UnitOfWork,
    tenant: TenantId,
    filter: &FactFilter,
    most: usize,
) -> Result<Vec<Fact<ActorId>>, StorageError> {
    let (mut found, mut after) = (Vec::new(), None);
    while found.len() < most {
        let some = work.activity().list(tenant, filter, after.as_ref(), STEP).await?;
        let is_last = some.len() < STEP;
        after = some.last().map(|(place, _)| place.clone());
        found.extend(some.into_iter().map(|(_, fact)| fact));
        if is_last {
            break;
        }
    }
    Ok(found)
}
