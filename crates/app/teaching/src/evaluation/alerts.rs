//! Whom and what in a course somebody should look at.

use std::{collections::BTreeSet, time::Duration};

use lodge_activity::{CiStatus, Fact};
use lodge_checks::{Light, Severity, evaluate, mean};
use lodge_courses::Act;
use lodge_kernel::{CourseId, ProjectId, StudentId, TeamId, Timestamp};
use lodge_storage::UnitOfWork;
use lodge_teams::{OriginState, StudentState};

use super::facts::{ProjectFacts, TeamFacts, teams};
use crate::{Caller, Standing, Teaching, TeachingError, activity::Everybody, standing::standing};

/// The most alerts of a course: what matters most.
const MOST: usize = 500;

/// What there is to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AlertKind {
    /// A team's score is below the red threshold.
    TeamRed,
    /// A student's score is below the red threshold.
    StudentRed,
    /// A student did nothing for long.
    StudentInactive,
    /// A team has nobody.
    TeamEmpty,
    /// A student is in no team.
    StudentAlone,
    /// A project is no more at its host.
    ProjectGone,
    /// A project's last sync did not come to its end.
    SyncFailing,
    /// The last run of a project failed.
    PipelineFailing,
    /// People work in the course's projects whom nobody knows.
    UnknownPeople,
}

impl AlertKind {
    /// The word in answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TeamRed => "team_red",
            Self::StudentRed => "student_red",
            Self::StudentInactive => "student_inactive",
            Self::TeamEmpty => "team_empty",
            Self::StudentAlone => "student_without_team",
            Self::ProjectGone => "project_gone",
            Self::SyncFailing => "sync_failing",
            Self::PipelineFailing => "pipeline_failing",
            Self::UnknownPeople => "unknown_people",
        }
    }

    /// How much it matters.
    pub const fn severity(self) -> Severity {
        match self {
            Self::TeamRed | Self::SyncFailing => Severity::High,
            Self::StudentRed | Self::StudentInactive | Self::ProjectGone | Self::UnknownPeople => {
                Severity::Medium
            }
            Self::TeamEmpty | Self::StudentAlone | Self::PipelineFailing => Severity::Low,
        }
    }
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// What.
    pub kind: AlertKind,
    /// The team, with its name.
    pub team: Option<(TeamId, String)>,
    /// The student, with the name.
    pub student: Option<(StudentId, String)>,
    /// The project, with its name.
    pub project: Option<(ProjectId, String)>,
    /// Why, in one sentence.
    pub because: String,
    /// Since when, where that is known.
    pub since: Option<Timestamp>,
}

/// What somebody should look at.
pub struct Alerts {
    /// What matters most first; at most 500.
    pub alerts: Vec<Alert>,
    /// There are more, or more happened than is judged at once.
    pub truncated: bool,
}

/// An alert about nothing in particular.
fn alert(kind: AlertKind, because: impl Into<String>) -> Alert {
    let (team, student, project) = (None, None, None);
    Alert { kind, team, student, project, because: because.into(), since: None }
}

impl Teaching {
    /// Whom and what in a course somebody should look at, for those who see
    /// everybody in it. Who did nothing for `inactive` is among them, while the
    /// course runs.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.alerts", skip_all)]
    pub async fn course_alerts(
        &self,
        caller: &Caller,
        id: CourseId,
        inactive: Duration,
    ) -> Result<Alerts, TeachingError> {
        let mut work = self.storage.read().await?;
        let known = standing(&mut *work, caller, id).await?;
        known.may(Act::SeeEverybody)?;
        let tenant = known.course.tenant;
        let everybody = Everybody::of_course(&mut *work, tenant, id).await?;
        let look = Look { known, everybody, now: self.now(), inactive };
        let (mut alerts, mut truncated, mut placed) = (Vec::new(), false, BTreeSet::new());
        for team in teams(&mut *work, tenant, id).await? {
            let facts = self.team_facts(&mut *work, team).await?;
            truncated |= facts.truncated;
            placed.extend(facts.members.iter().map(|it| it.id));
            alerts.extend(look.team(&facts));
            alerts.extend(projects(&mut *work, &facts).await?);
        }
        for it in work.students().all(tenant, id).await? {
            if it.state == StudentState::Active && !placed.contains(&it.id) {
                let student = Some((it.id, it.name));
                let alone = alert(AlertKind::StudentAlone, "is in no team");
                alerts.push(Alert { student, ..alone });
            }
        }
        let unknown = look.everybody.unmapped().len();
        if unknown > 0 {
            let because = format!(
                "people whom nobody knows work in the projects, {unknown} in all: give students \
                 what they go by"
            );
            alerts.push(alert(AlertKind::UnknownPeople, because));
        }
        alerts.sort_by_key(|it| std::cmp::Reverse(it.kind.severity()));
        truncated |= alerts.len() > MOST;
        alerts.truncate(MOST);
        Ok(Alerts { alerts, truncated })
    }
}

/// Who looks, and how.
struct Look {
    known: Standing,
    everybody: Everybody,
    now: Timestamp,
    inactive: Duration,
}

impl Look {
    /// What there is about a team and its members.
    fn team(&self, facts: &TeamFacts) -> Vec<Alert> {
        let of_team = |it| Alert { team: Some((facts.team.id, facts.team.name.clone())), ..it };
        if facts.members.is_empty() {
            return vec![of_team(alert(AlertKind::TeamEmpty, "has no members"))];
        }
        let mut found = Vec::new();
        let thresholds = self.known.course.settings.thresholds;
        let red = |score: lodge_checks::Points| {
            format!("the score is {score}, and red below {}", thresholds.red)
        };
        let record = facts.record(&self.everybody.people);
        let results = evaluate(&self.known.course.settings, &record);
        let score = mean(results.iter().map(|it| it.score));
        if let Some(score) = score.filter(|it| it.light(thresholds) == Light::Red) {
            found.push(alert(AlertKind::TeamRed, red(score)));
        }
        for (student, result) in facts.members.iter().zip(&results) {
            let of_student = |it| Alert { student: Some((student.id, student.name.clone())), ..it };
            if let Some(score) = result.score.filter(|it| it.light(thresholds) == Light::Red) {
                found.push(of_student(alert(AlertKind::StudentRed, red(score))));
            }
            found.extend(self.inactive(student.id, facts).map(of_student));
        }
        found.into_iter().map(of_team).collect()
    }

    /// A student of a team that does something did nothing for long.
    fn inactive(&self, student: StudentId, facts: &TeamFacts) -> Option<Alert> {
        facts.last_at(self.now)?;
        let all = facts.projects.iter().flat_map(|it| &it.facts);
        let is_own = |it: &&Fact<_>| {
            it.author().and_then(|by| self.everybody.people.student(*by)) == Some(student)
        };
        let last = all.filter(is_own).map(|it| it.at().min(self.now)).max();
        let since = last.unwrap_or(self.known.course.created_at);
        let days = self.now.since(since).as_secs() / 86_400;
        let is_long = self.now.since(since) >= self.inactive;
        let because = match last {
            Some(_) => format!("did nothing for {days} days"),
            None => "has done nothing yet".to_owned(),
        };
        is_long.then(|| Alert { since: last, ..alert(AlertKind::StudentInactive, because) })
    }
}

/// What there is about a team's projects.
async fn projects(
    work: &mut dyn UnitOfWork,
    facts: &TeamFacts,
) -> Result<Vec<Alert>, TeachingError> {
    let mut found = Vec::new();
    for ProjectFacts { project, facts: facts_of, .. } in &facts.projects {
        let of = |it| Alert {
            team: Some((facts.team.id, facts.team.name.clone())),
            project: Some((project.id, project.name.clone())),
            ..it
        };
        if project.state == OriginState::Gone {
            found.push(of(alert(AlertKind::ProjectGone, "is no more at its host")));
        }
        let sync = work.sources().sync_of(facts.team.tenant, project.id).await?;
        if let Some(problem) = sync.and_then(|it| it.problem) {
            found.push(of(alert(
                AlertKind::SyncFailing,
                format!("the last sync failed: {problem}"),
            )));
        }
        let runs = facts_of.iter().filter_map(|it| match it {
            Fact::Pipeline(it) if it.status.has_ended() => Some(it),
            _ => None,
        });
        let last = runs.max_by_key(|it| (it.created_at, &it.id));
        if let Some(run) = last.filter(|it| it.status == CiStatus::Failed) {
            let because = format!("the last run failed, on {}", run.reference);
            let since = Some(run.finished_at.unwrap_or(run.updated_at));
            found.push(of(Alert { since, ..alert(AlertKind::PipelineFailing, because) }));
        }
    }
    Ok(found)
}
