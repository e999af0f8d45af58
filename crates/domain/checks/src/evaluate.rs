//! All checks of all members of a team.

use lodge_courses::{Settings, settings::CheckKind};
use lodge_kernel::StudentId;

use crate::{Outcome, Points, Record, indicators, rules, weighted};

/// What one check says of one student.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckResult {
    /// `R01` to `R13`, or `I01` to `I13`.
    pub code: &'static str,
    /// Its name for people.
    pub name: &'static str,
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
    /// Each check of the catalogue that the course has turned on.
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
    let checks = settings.checks.iter().filter(|it| it.enabled).filter_map(|it| {
        let outcome =
            rules::run(it, student, record).or_else(|| indicators::run(it, student, record))?;
        let name = CheckKind::find(it.code)?.name;
        Some(CheckResult { code: it.code, name, weight: it.weight, outcome: judged(outcome) })
    });
    let checks: Vec<_> = checks.collect();
    let score = weighted(checks.iter().map(|it| (it.weight, it.outcome.points)));
    StudentResult { student, score, checks }
}

#[cfg(test)]
mod tests {
    use lodge_activity::Fact;

    use super::*;
    use crate::{
        Status,
        testing::{ADA, BOB, issue, people, record, usual},
    };

    #[test]
    fn a_score_weighs_what_a_course_has_turned_on() {
        let people = people();
        let facts = [Fact::Issue(issue(17, 1, &[1], 0))];
        let mut settings = Settings::default();
        for it in &mut settings.checks {
            it.enabled = matches!(it.code, "R01" | "R03" | "I03");
        }
        let all = evaluate(&settings, &record(&people, &facts));
        assert_eq!(all.iter().map(|it| it.student).collect::<Vec<_>>(), [ADA, BOB]);
        let codes = |it: &StudentResult| it.checks.iter().map(|it| it.code).collect::<Vec<_>>();
        assert_eq!(codes(&all[0]), ["R01", "R03", "I03"]);
        // R01 weighs 8 and R03 10; an indicator weighs nothing.
        assert_eq!(all[0].score, Points::share(8, 18));
        assert_eq!(all[1].score, Some(Points::NONE));
        assert_eq!(usual("R01").weight, 8);
    }

    #[test]
    fn nobody_is_judged_before_anything_has_happened() {
        let people = people();
        let all = evaluate(&Settings::default(), &record(&people, &[]));
        let judged = all.iter().flat_map(|it| &it.checks);
        assert!(judged.clone().count() > 20);
        assert!(judged.map(|it| it.outcome.status()).all(|it| it == Status::NotApplicable));
        assert!(all.iter().all(|it| it.score.is_none()));
    }
}
