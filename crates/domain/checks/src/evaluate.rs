//! All checks of all members of a team.

use lodge_courses::{Settings, settings::CheckKind};
use lodge_kernel::StudentId;

use crate::{Outcome, Points, Record, custom, indicators, rules, weighted};

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

/// What a course's own check says of one student.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnResult {
    /// What the course calls it by.
    pub key: String,
    /// Its title.
    pub title: String,
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
    /// Each check that the course has made for itself. They follow the others,
    /// and count in the score beside them.
    pub own: Vec<OwnResult>,
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
    let own = settings.custom_checks.iter().map(|it| OwnResult {
        key: it.key.clone(),
        title: it.title.clone(),
        weight: it.weight,
        outcome: judged(custom::run(it, student, record)),
    });
    let own: Vec<_> = own.collect();
    let of_catalogue = checks.iter().map(|it| (it.weight, it.outcome.points));
    let of_course = own.iter().map(|it| (it.weight, it.outcome.points));
    let score = weighted(of_catalogue.chain(of_course));
    StudentResult { student, score, checks, own }
}

#[cfg(test)]
mod tests {
    use lodge_activity::{ActorId, Fact, Subject};
    use lodge_courses::settings::{
        CustomCheck,
        custom::{Aggregate, Comparison, Filter, Subject as Looked},
    };

    use super::*;
    use crate::{
        Status,
        testing::{
            ADA, BOB, approval, commit, issue, merged, note, people, record, request, usual,
        },
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
        let settings = Settings { custom_checks: settings().custom_checks, ..Settings::default() };
        let all = evaluate(&settings, &record(&people, &[]));
        let own = all.iter().flat_map(|it| &it.own);
        assert_eq!(own.clone().count(), 8);
        assert!(own.map(|it| it.outcome.status()).all(|it| it == Status::NotApplicable));
        let judged = all.iter().flat_map(|it| &it.checks);
        assert!(judged.clone().count() > 20);
        assert!(judged.map(|it| it.outcome.status()).all(|it| it == Status::NotApplicable));
        assert!(all.iter().all(|it| it.score.is_none()));
    }

    /// Ada does two issues and has two merge requests, one of them merged; Bob
    /// reviews, and does nothing else.
    fn history() -> Vec<Fact<ActorId>> {
        let (first, second) = (request(1, 1, 10), request(2, 3, 40));
        let said =
            |id, on, by, minutes, body| note(id, Subject::MergeRequest(on), by, minutes, body);
        vec![
            Fact::Issue(issue(17, 2, &[1], 0)),
            Fact::Issue(issue(18, 1, &[3], 1)),
            Fact::Commit(commit("r", &[], 9, 1)),
            Fact::Commit(commit("a", &["r"], 1, 5)),
            Fact::Commit(commit("b", &["a"], 3, 8)),
            Fact::MergeRequest(merged(2, 30, first)),
            Fact::Note(said("1", 1, 2, 20, "Why not a map here?")),
            Fact::Note(said("2", 1, 1, 21, "Because the order counts")),
            Fact::Approval(approval(1, 2, 25)),
            Fact::MergeRequest(second),
            Fact::Note(said("3", 2, 2, 50, "LGTM")),
        ]
    }

    fn own(key: &str, weight: u32, subject: Looked, aggregate: Aggregate) -> CustomCheck {
        let (title, filters) = (key.to_uppercase(), Vec::new());
        CustomCheck { key: key.to_owned(), title, weight, subject, filters, aggregate, target: 4 }
    }

    /// R01 for 8 with three issues wanted, I03 for nothing, whatever else there is
    /// turned off, and four checks of the course.
    fn settings() -> Settings {
        let mut settings = Settings::default();
        for it in &mut settings.checks {
            it.enabled = matches!(it.code, "R01" | "I03");
            if it.code == "R01" {
                let param = lodge_courses::settings::Param::Whole(3);
                it.params = vec![("at_least", param)];
            }
        }
        let mut merged = own("merged", 6, Looked::MergeRequests, Aggregate::All);
        merged.filters = vec![Filter {
            field: "state".to_owned(),
            comparison: Comparison::Equals,
            value: "merged".to_owned(),
        }];
        settings.custom_checks = vec![
            own("commits", 2, Looked::Commits, Aggregate::Count),
            merged,
            own("notes", 4, Looked::Notes, Aggregate::Any),
            own("shown", 0, Looked::Notes, Aggregate::Count),
        ];
        settings
    }

    #[test]
    fn checks_of_the_course_follow_and_count_beside_the_others() {
        let (people, facts) = (people(), history());
        let all = evaluate(&settings(), &record(&people, &facts));
        let [ada, bob] = &all[..] else { panic!("{all:?}") };
        for it in [ada, bob] {
            let codes: Vec<_> = it.checks.iter().map(|it| it.code).collect();
            assert_eq!(codes, ["R01", "I03"]);
            let own: Vec<_> = it.own.iter().map(|it| (&*it.key, &*it.title, it.weight)).collect();
            let expected = [
                ("commits", "COMMITS", 2),
                ("merged", "MERGED", 6),
                ("notes", "NOTES", 4),
                ("shown", "SHOWN", 0),
            ];
            assert_eq!(own, expected);
        }
        let points = |it: &StudentResult| {
            let points = it.own.iter().map(|it| it.outcome.points.map(Points::hundredths));
            let rule = it.checks[0].outcome.points.map(Points::hundredths);
            (rule, points.collect::<Vec<_>>())
        };
        // She writes two of four commits and no note to another, and one of her
        // two is merged.
        let seen = vec![Some(5_000), Some(0), Some(0), Some(0)];
        assert_eq!(points(ada), (Some(6_667), seen));
        // 8 · 66.67 + 2 · 50, of 8 + 2 + 6 + 4.
        assert_eq!(ada.score, Some(Points::of_hundredths(3_167)));
        // Without a merge request there is nothing that could be merged.
        let seen = vec![Some(0), None, Some(10_000), Some(5_000)];
        assert_eq!(points(bob), (Some(0), seen));
        // 4 · 100, of 8 + 2 + 4.
        assert_eq!(bob.score, Some(Points::of_hundredths(2_857)));
    }

    #[test]
    fn what_weighs_nothing_does_not_count() {
        let (people, facts) = (people(), history());
        let mut settings = settings();
        let before = evaluate(&settings, &record(&people, &facts));
        settings.custom_checks.retain(|it| it.weight > 0);
        let after = evaluate(&settings, &record(&people, &facts));
        let scores = |all: &[StudentResult]| all.iter().map(|it| it.score).collect::<Vec<_>>();
        assert_eq!(scores(&before), scores(&after));
        settings.custom_checks.clear();
        settings.checks.iter_mut().for_each(|it| it.weight = 0);
        let none = evaluate(&settings, &record(&people, &facts));
        assert_eq!(scores(&none), [None, None]);
        assert!(none.iter().all(|it| it.checks.len() == 2 && it.own.is_empty()));
    }
}
