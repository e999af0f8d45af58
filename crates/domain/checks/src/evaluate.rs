//! All checks of all members of a team.

use std::borrow::Cow;

use lodge_activity::FactKind;
use lodge_courses::{
    Settings,
    settings::{CheckKind, CheckSetting, CustomCheck},
};
use lodge_kernel::StudentId;

use crate::{Outcome, Points, Record, custom, indicators, rules, weighted};

/// What one check says of one student.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckResult {
    /// `R01` to `R13`, `I01` to `I13`, or the key of a check that the course has
    /// made for itself: no key has capitals.
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
    /// Each check of the catalogue that the course has turned on, then each that
    /// it has made for itself.
    pub checks: Vec<CheckResult>,
}

/// Runs every check that a course has turned on for each member of a team. As
/// long as nothing has happened in its projects, nothing can be judged: nobody
/// fails before the course has begun. Nor does anybody fail for what the hosts
/// of all projects have not, such as merge requests in a plain folder.
pub fn evaluate(settings: &Settings, record: &Record<'_>) -> Vec<StudentResult> {
    let judge = Judge::of(record);
    record.members.iter().map(|student| judge.student(settings, *student)).collect()
}

/// What can be judged of a team.
struct Judge<'r, 'a> {
    record: &'r Record<'a>,
    has_begun: bool,
    /// By what is needed, the projects whose hosts tell of it.
    telling: Vec<(FactKind, Option<Cow<'r, Record<'a>>>)>,
}

impl<'r, 'a> Judge<'r, 'a> {
    fn of(record: &'r Record<'a>) -> Self {
        let telling = FactKind::ALL.map(|kind| (kind, record.telling_of(kind)));
        Self { record, has_begun: record.has_begun(), telling: telling.into() }
    }

    /// What there is to be judged by, or why nothing can be.
    fn judged_by(&self, needs: Option<FactKind>) -> Result<&Record<'a>, Outcome> {
        if !self.has_begun {
            return Err(Outcome::not_applicable("nothing has happened yet"));
        }
        match needs.and_then(|kind| self.telling.iter().find(|(it, _)| *it == kind)) {
            None => Ok(self.record),
            Some((_, Some(record))) => Ok(record),
            Some((kind, None)) => {
                let things = kind.name().replace('_', " ");
                let because = format!("there are no {things}s at the host of the projects");
                Err(Outcome::not_applicable(because))
            }
        }
    }

    fn student(&self, settings: &Settings, student: StudentId) -> StudentResult {
        let of_catalogue = settings.checks.iter().filter(|it| it.enabled);
        let of_catalogue = of_catalogue.filter_map(|it| self.check(it, student));
        let of_course = settings.custom_checks.iter().map(|it| self.custom(it, student));
        let checks: Vec<_> = of_catalogue.chain(of_course).collect();
        let score = weighted(checks.iter().map(|it| (it.weight, it.outcome.points)));
        StudentResult { student, score, checks }
    }

    fn check(&self, setting: &CheckSetting, student: StudentId) -> Option<CheckResult> {
        let CheckKind { code, name, .. } = *CheckKind::find(setting.code)?;
        let needs = rules::needs(code).or_else(|| indicators::needs(code));
        let outcome = match self.judged_by(needs) {
            Ok(record) => rules::run(setting, student, record)
                .or_else(|| indicators::run(setting, student, record))?,
            Err(outcome) => outcome,
        };
        let (code, name) = (code.to_owned(), name.to_owned());
        Some(CheckResult { code, name, weight: setting.weight, outcome })
    }

    fn custom(&self, check: &CustomCheck, student: StudentId) -> CheckResult {
        let run = |record| custom::run(check, student, record);
        CheckResult {
            code: check.key.clone(),
            name: check.title.clone(),
            weight: check.weight,
            outcome: self.judged_by(custom::needs(check)).map_or_else(|it| it, run),
        }
    }
}

#[cfg(test)]
mod tests;
