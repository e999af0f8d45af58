//! What a team or a student has done, ready to be counted.

use std::collections::BTreeMap;

pub use lodge_activity::Period;
use lodge_activity::{
    ActorId, CiMetrics, Contributions, Fact, FactKind, Offset, Step, Whose, ci_metrics, timeline,
};
use lodge_courses::Act;
use lodge_kernel::{Day, ProjectId, StudentId, TeamId, TenantId};
use lodge_storage::{
    FactFilter, FactPlace, Listing, ProjectFilter, StorageError, TeamFilter, UnitOfWork,
};
use lodge_teams::Project;

use super::Everybody;
use crate::{Caller, Standing, Teaching, TeachingError, students::seen_student, teams::seen_team};

/// How many facts are read in one step at the most.
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
    /// merge requests and issues, which may have been opened before. They are
    /// [brief](Fact::brief).
    pub projects: Vec<(Project, Vec<Fact<ActorId>>)>,
    /// From when until when.
    pub period: Period,
    /// There is more than is counted at once, and what is oldest in the projects
    /// that have most is left out.
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
    let (mut projects, mut readings) = (Vec::new(), Vec::new());
    for team in teams {
        let filter = ProjectFilter { team: Some(team), ..ProjectFilter::default() };
        let listing = Listing::first(MOST_PARTS);
        for project in work.projects().list(tenant, course, filter, &listing).await? {
            for (kinds, since) in [(&long, None), (&short, period.since)] {
                // No kinds would mean every kind.
                if !kinds.is_empty() {
                    let (kinds, until) = (kinds.clone(), period.until);
                    readings.push(Reading::of(project.id, kinds, Period { since, until }));
                }
            }
            projects.push(project);
        }
    }
    let truncated = in_turns(work, tenant, &mut readings, MOST).await?;
    let mut facts = BTreeMap::<_, Vec<_>>::new();
    for it in readings {
        facts.entry(it.project).or_default().extend(it.facts);
    }
    let with_facts = |it: Project| {
        let facts = facts.remove(&it.id).unwrap_or_default();
        (it, facts)
    };
    let projects = projects.into_iter().map(with_facts).collect();
    Ok(Work { known, everybody, members, projects, period, truncated })
}

/// Facts of one project, which are read newest first.
struct Reading {
    project: ProjectId,
    filter: FactFilter,
    after: Option<FactPlace>,
    facts: Vec<Fact<ActorId>>,
    ended: bool,
}

impl Reading {
    fn of(project: ProjectId, kinds: Vec<FactKind>, Period { since, until }: Period) -> Self {
        let filter = FactFilter { projects: vec![project], kinds, since, until };
        Self { project, filter, after: None, facts: Vec::new(), ended: false }
    }
}

/// Reads in turns, so that none takes what others need: at most `most` facts
/// together. Answers whether there are more.
async fn in_turns(
    work: &mut dyn UnitOfWork,
    tenant: TenantId,
    readings: &mut [Reading],
    most: usize,
) -> Result<bool, StorageError> {
    let mut left = most;
    loop {
        let waiting = readings.iter().filter(|it| !it.ended).count();
        let Some(part) = left.checked_div(waiting) else { return Ok(false) };
        for it in readings.iter_mut().filter(|it| !it.ended) {
            // Where there is no room, one fact says that there are more.
            let step = part.clamp(1, STEP);
            let some = work.activity().list(tenant, &it.filter, it.after.as_ref(), step).await?;
            if some.len() > left {
                return Ok(true);
            }
            left -= some.len();
            it.ended = some.len() < step;
            it.after = some.last().map(|(place, _)| place.clone());
            it.facts.extend(some.into_iter().map(|(_, fact)| fact.brief()));
        }
    }
}

/// The newest facts: at most `most`.
pub(crate) async fn all(
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use lodge_activity::{Issue, IssueState};
    use lodge_storage::Storage as _;
    use lodge_testkit::{
        MemoryStorage,
        builders::{NOW, a_course, a_project, a_team, move_in, project_id, tenant_id},
    };

    use super::*;

    fn an_issue(number: u64) -> Fact<ActorId> {
        let at = NOW.plus(Duration::from_secs(number));
        Fact::Issue(Issue {
            number,
            title: "Begin".to_owned(),
            description: Some("at length ".repeat(1_000)),
            author: None,
            state: IssueState::Opened,
            labels: Vec::new(),
            assignees: Vec::new(),
            created_at: at,
            updated_at: at,
            closed_at: None,
            due_at: None,
            web_url: None,
        })
    }

    /// Project 1 with 50 issues, and projects 2 and 3 with 4 and 2.
    async fn some_projects() -> MemoryStorage {
        let storage = MemoryStorage::default();
        move_in(&storage).await.unwrap();
        let mut work = storage.begin().await.unwrap();
        work.courses().add(&a_course(1)).await.unwrap();
        work.teams().add(&a_team(1)).await.unwrap();
        for (n, count) in [(1, 50), (2, 4), (3, 2)] {
            work.projects().add(&a_project(n)).await.unwrap();
            let facts: Vec<_> = (1..=count).map(an_issue).collect();
            work.activity().tell(tenant_id(1), project_id(n), &facts).await.unwrap();
        }
        work.commit().await.unwrap();
        storage
    }

    async fn read(storage: &MemoryStorage, most: usize) -> (Vec<Vec<Fact<ActorId>>>, bool) {
        let of = |n| Reading::of(project_id(n), vec![FactKind::Issue], Period::default());
        let mut readings = [1, 2, 3].map(of);
        let mut work = storage.read().await.unwrap();
        let more = in_turns(&mut *work, tenant_id(1), &mut readings, most).await.unwrap();
        (readings.map(|it| it.facts).into(), more)
    }

    #[tokio::test]
    async fn a_project_with_much_leaves_room_for_the_others() {
        let storage = some_projects().await;
        for (most, expected, more) in [
            (0, [0, 0, 0], true),
            (3, [1, 1, 1], true),
            (16, [10, 4, 2], true),
            (55, [49, 4, 2], true),
            (56, [50, 4, 2], false),
            (9_000, [50, 4, 2], false),
        ] {
            let (found, is_more) = read(&storage, most).await;
            let counts: Vec<_> = found.iter().map(Vec::len).collect();
            assert_eq!((counts.as_slice(), is_more), (&expected[..], more), "{most}");
            // The newest are there, each once.
            let newest: Vec<_> = (1..=50).rev().take(counts[0]).map(an_issue).collect();
            let newest: Vec<_> = newest.into_iter().map(Fact::brief).collect();
            assert_eq!(found[0], newest, "{most}");
        }
    }

    #[tokio::test]
    async fn what_was_written_at_length_is_not_held() {
        let (found, _) = read(&some_projects().await, 9).await;
        let is_brief = |it: &Fact<_>| matches!(it, Fact::Issue(it) if it.description.is_none());
        assert!(found.iter().flatten().all(is_brief));
    }
}
