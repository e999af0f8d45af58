//! The results of a whole course: a row for each student of each team.

use std::collections::BTreeSet;

use lodge_checks::{Points, StudentResult, evaluate, mean};
use lodge_courses::{Act, settings::CheckKind};
use lodge_kernel::{CourseId, Timestamp};
use lodge_teams::{Student, StudentState, Team};

use super::facts::teams;
use crate::{Caller, Standing, Teaching, TeachingError, activity::Everybody, standing::standing};

/// The results of a course.
pub struct Gradebook {
    /// As whom the caller sees it.
    pub known: Standing,
    /// When it was worked out.
    pub at: Timestamp,
    /// The mean of the teams' scores. `None` when nobody could be judged.
    pub score: Option<Points>,
    /// The checks that the course has turned on, and then its own.
    pub columns: Vec<Column>,
    /// The students, by team and name; those without a team last.
    pub rows: Vec<GradebookRow>,
    /// In some team there is more than is judged at once, and what is oldest is
    /// left out.
    pub truncated: bool,
}

/// A check.
pub struct Column {
    /// `R01` to `R13`, `I01` to `I13`, or the key of the course's own check.
    pub code: String,
    /// Its name for people.
    pub name: String,
    /// What it counts beside the others; 0: it is shown only.
    pub weight: u32,
}

/// The results of one student in one team.
pub struct GradebookRow {
    /// Who.
    pub student: Student,
    /// The team; `None` for who is in none.
    pub team: Option<Team>,
    /// The score. `None` when nothing could be judged.
    pub score: Option<Points>,
    /// The result of each check, in the order of the columns; empty for who is in
    /// no team.
    pub results: Vec<Option<Points>>,
}

impl GradebookRow {
    fn of(student: Student, team: &Team, result: StudentResult) -> Self {
        let results = result.checks.into_iter().map(|it| it.outcome.points).collect();
        Self { student, team: Some(team.clone()), score: result.score, results }
    }
}

impl Teaching {
    /// The results of a course, for those who see everybody in it.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.gradebook", skip_all)]
    pub async fn gradebook(
        &self,
        caller: &Caller,
        id: CourseId,
    ) -> Result<Gradebook, TeachingError> {
        let mut work = self.storage.read().await?;
        let known = standing(&mut *work, caller, id).await?;
        known.may(Act::SeeEverybody)?;
        let tenant = known.course.tenant;
        let everybody = Everybody::of_course(&mut *work, tenant, id).await?;
        let (mut rows, mut scores, mut placed) = (Vec::new(), Vec::new(), BTreeSet::new());
        let mut truncated = false;
        for team in teams(&mut *work, tenant, id).await? {
            let facts = self.team_facts(&mut *work, team).await?;
            let results = evaluate(&known.course.settings, &facts.record(&everybody.people));
            truncated |= facts.truncated;
            scores.push(mean(results.iter().map(|it| it.score)));
            let mut members: Vec<_> = facts.members.into_iter().zip(results).collect();
            members.sort_by_key(|(it, _)| (it.name.to_lowercase(), it.id));
            placed.extend(members.iter().map(|(it, _)| it.id));
            let of = |(student, result)| GradebookRow::of(student, &facts.team, result);
            rows.extend(members.into_iter().map(of));
        }
        let mut others = work.students().all(tenant, id).await?;
        others.retain(|it| it.state == StudentState::Active && !placed.contains(&it.id));
        others.sort_by_key(|it| (it.name.to_lowercase(), it.id));
        let alone =
            |student| GradebookRow { student, team: None, score: None, results: Vec::new() };
        rows.extend(others.into_iter().map(alone));
        let columns = columns(&known);
        let score = mean(scores);
        Ok(Gradebook { known, at: self.now(), score, columns, rows, truncated })
    }
}

/// The checks that a course has turned on, and its own, in the order of the
/// results.
fn columns(known: &Standing) -> Vec<Column> {
    let settings = &known.course.settings;
    let enabled = settings.checks.iter().filter(|it| it.enabled).filter_map(|it| {
        let CheckKind { code, name, .. } = CheckKind::find(it.code)?;
        Some(Column { code: (*code).to_owned(), name: (*name).to_owned(), weight: it.weight })
    });
    let own = settings.custom_checks.iter().map(|it| Column {
        code: it.key.clone(),
        name: it.title.clone(),
        weight: it.weight,
    });
    enabled.chain(own).collect()
}
