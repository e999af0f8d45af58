//! All checks of all members of a team.

use lodge_courses::Settings;
use lodge_kernel::StudentId;

use crate::{Outcome, Points, Record, custom, indicators, rules, weighted};

/// What one check says of one student.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckResult {
    /// `R01` to `R13`, `I01` to `I13`, or the key of a course's own check.
    pub code: String,
    /// Its name for people.
    pub name: String,
    /// What it counts beside the others; 0: it is shown only.
    pub weight: u32,
    /// What it says.
    pub outcome: Outcome,
}

/// What all checks say of one student.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StudentResult {
    /// Who.
    pub student: StudentId,
    /// Σ wᵢ·sᵢ ÷ Σ wᵢ over what could be judged. `None` when nothing could.
    pub score: Option<Points>,
    /// Each check that the course has turned on: those of the catalogue, then
    /// its own.
    pub checks: Vec<CheckResult>,
}

/// Runs every check that a course has turned on for each member of a team. As
/// long as nothing has happened in its projects, nothing can be judged: nobody
/// fails before the course has begun.
pub fn evaluate(settings: &Settings, record: &Record<'_>) -> Vec<StudentResult> {
    record.members.iter().map(|student| one(settings, *student, record)).collect()
}

fn one(settings: &Settings, student: StudentId, record: &Record<'_>) -> StudentResult {
    let has_begun = record.has_begun();
    let judged = |outcome: Outcome| {
        if has_begun { outcome } else { Outcome::not_applicable("nothing has happened yet") }
    };
    let built_in = settings.checks.iter().filter(|it| it.enabled).filter_map(|it| {
        let outcome = rules::run(it, student, record)
            .or_else(|| indicators::run(it, student, record))?;
        let name = lodge_courses::settings::CheckKind::find(it.code)?.name;
        Some(CheckResult { code: it.code.to_owned(), name: name.to_owned(), weight: it.weight, outcome: judged(outcome) })
    });
    let own = settings.custom_checks.iter().map(|it| CheckResult {
        code: it.key.clone(),
        name: it.title.clone(),
        weight: it.weight,
        outcome: judged(custom::run(it, student, record)),
    });
    let checks: Vec<_> = built_in.chain(own).collect();
    let score = weighted(checks.iter().map(|it| (it.weight, it.outcome.points)));
    StudentResult { student, score, checks }
}
