//! What the checks say of a student, as a file to take along.

use lodge_checks::{CheckResult, Evidence};
use lodge_kernel::StudentId;
use lodge_services::reports::{Cell, ColumnKind, Report, Section};

use super::{
    draft::Draft,
    name::{plain, stamp},
    page::{TRUNCATED, column, facts_of, reasons, table, text, worded},
};
use crate::{
    Caller, Teaching, TeachingError,
    evaluation::{Compliance, MemberResult, TeamResult},
};

const CLOSED: TeachingError = TeachingError::Closed(
    "the course does not let students take their results with them: ask its teacher for \
     `student_export` in the settings",
);

/// What is written of a student, with what decided it where that may be.
fn report(compliance: &Compliance, with_evidence: bool) -> Report {
    let course = &compliance.known.course;
    let thresholds = course.settings.thresholds;
    let (mut facts, mut sections, mut name) = (facts_of(course), Vec::new(), None);
    for team in &compliance.teams {
        for it in &team.students {
            let checks = &it.result.checks;
            facts.push((team.team.name.clone(), worded(it.result.score, thresholds)));
            sections.push(results(team, it, reasons(&team.team.name, checks, thresholds)));
            if with_evidence {
                sections.push(evidence(&team.team.name, checks));
            }
            name = name.or_else(|| it.name.clone());
        }
    }
    Report {
        title: name.unwrap_or_else(|| "Results".to_owned()),
        subtitle: course.details.name.clone(),
        made_at: compliance.at,
        facts,
        sections,
    }
}

/// The results, and that they are not of everything.
fn results(team: &TeamResult, it: &MemberResult, reasons: Section) -> Section {
    let because = match it.result.score {
        Some(score) => format!("The score in {} is {score} of 100.", team.team.name),
        None => format!("In {} there is nothing to judge yet.", team.team.name),
    };
    let cut = team.truncated.then(|| TRUNCATED.to_owned());
    Section { text: std::iter::once(because).chain(cut).collect(), ..reasons }
}

/// What decided the results.
fn evidence(team: &str, checks: &[CheckResult]) -> Section {
    let titles = ["Check", "What", "Which", "When", "For or against", "Page"];
    let columns = titles.map(|it| column(it, ColumnKind::Text)).into();
    let row = |code: &str, it: &Evidence| -> Vec<Cell> {
        vec![
            text(code),
            text(it.item.kind().replace('_', " ")),
            text(it.item.id()),
            text(it.at.to_string()),
            text(if it.fits { "for" } else { "against" }),
            it.web_url.as_deref().map_or(Cell::Empty, text),
        ]
    };
    let rows = checks.iter().flat_map(|check| {
        check.outcome.evidence.iter().map(|it| row(&check.code, it)).collect::<Vec<_>>()
    });
    table(format!("{team}: evidence"), columns, rows.collect())
}

impl Teaching {
    /// What the checks say of a student, to take along. Students take their own,
    /// where the course lets them.
    ///
    /// # Errors
    ///
    /// [`TeachingError`]; [`TeachingError::Closed`] where the course does not let
    /// students.
    #[tracing::instrument(name = "teaching.student_report", skip_all)]
    pub async fn student_report(
        &self,
        caller: &Caller,
        id: StudentId,
    ) -> Result<Draft, TeachingError> {
        let compliance = self.student_compliance(caller, id).await?;
        let course = &compliance.known.course;
        let export = course.settings.student_export;
        let is_staff = compliance.known.student.is_none();
        if !is_staff && !export.enabled {
            return Err(CLOSED);
        }
        let name = format!("{}-results-{}", plain(&course.details.code), stamp(compliance.at));
        Ok(Draft { name, report: report(&compliance, is_staff || export.evidence) })
    }
}
