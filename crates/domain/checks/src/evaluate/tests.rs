//! All checks of all members, together.

use lodge_activity::{ActorId, Fact, Subject};
use lodge_courses::settings::custom::{Aggregate, Comparison, Filter, Subject as Looked};

use super::*;
use crate::{
    Source, Status,
    testing::{
        ADA, BOB, MEMBERS, OTHER, PROJECT, approval, commit, issue, merged, note, people, record,
        request, usual,
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
    let codes: Vec<_> = all[0].checks.iter().map(|it| &*it.code).collect();
    assert_eq!(codes, ["R01", "R03", "I03"]);
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
    let judged = all.iter().flat_map(|it| &it.checks);
    assert!(judged.clone().count() > 28);
    assert!(judged.map(|it| it.outcome.status()).all(|it| it == Status::NotApplicable));
    assert!(all.iter().all(|it| it.score.is_none()));
}

/// Ada does two issues and has two merge requests, one of them merged; Bob
/// reviews, and does nothing else.
fn history() -> Vec<Fact<ActorId>> {
    let (first, second) = (request(1, 1, 10), request(2, 3, 40));
    let said = |id, on, by, minutes, body| note(id, Subject::MergeRequest(on), by, minutes, body);
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
        let heads: Vec<_> = it.checks.iter().map(|it| (&*it.code, &*it.name, it.weight)).collect();
        let expected = [
            ("R01", "Issue assigned", 8),
            ("I03", "Use of issues", 0),
            ("commits", "COMMITS", 2),
            ("merged", "MERGED", 6),
            ("notes", "NOTES", 4),
            ("shown", "SHOWN", 0),
        ];
        assert_eq!(heads, expected);
    }
    let points = |it: &StudentResult| {
        let mut points = it.checks.iter().map(|it| it.outcome.points.map(Points::hundredths));
        let rule = points.next().unwrap();
        (rule, points.skip(1).collect::<Vec<_>>())
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
    assert!(none.iter().all(|it| it.checks.len() == 2));
}

/// A folder of repositories has commits and nothing else.
const FOLDER: &[FactKind] = &[
    FactKind::MergeRequest,
    FactKind::Approval,
    FactKind::Note,
    FactKind::Issue,
    FactKind::Pipeline,
];

fn codes(of: &StudentResult, wanted: impl Fn(Status) -> bool) -> Vec<&str> {
    let checks = of.checks.iter().filter(|it| wanted(it.outcome.status()));
    checks.map(|it| &*it.code).collect()
}

#[test]
fn nobody_fails_for_what_the_host_has_not() {
    let people = people();
    let facts = [Fact::Commit(commit("a", &[], 1, 5)), Fact::Commit(commit("b", &["a"], 2, 8))];
    let source = |silent_on| Source { project: PROJECT, facts: &facts, silent_on };
    let settings = Settings { custom_checks: settings().custom_checks, ..Settings::default() };
    let told = evaluate(&settings, &Record::of(MEMBERS, &people, [source(&[])]));
    let failed = codes(&told[0], |it| it == Status::Failed);
    for code in ["R01", "R03", "I03", "I04", "I05", "I06"] {
        assert!(failed.contains(&code), "{code} of {failed:?}");
    }
    let silent = evaluate(&settings, &Record::of(MEMBERS, &people, [source(FOLDER)]));
    let judged = codes(&silent[0], |it| it != Status::NotApplicable);
    // Of the course's own ones, the one that looks at commits.
    let is_of_commits = |it: &&str| it.starts_with('I') || *it == "R13" || *it == "commits";
    assert!(judged.iter().all(is_of_commits), "{judged:?}");
    assert!(judged.contains(&"I01") && judged.contains(&"commits"), "{judged:?}");
    let because: Vec<_> = silent[0].checks.iter().map(|it| &*it.outcome.because).collect();
    assert_eq!(because[0], "there are no issues at the host of the projects");
    assert_eq!(because[2], "there are no merge requests at the host of the projects");
}

#[test]
fn one_host_that_tells_is_enough_and_judged_by_alone() {
    let people = people();
    let own = |sha| [Fact::Commit(commit(sha, &[], 1, 5))];
    let (folder, host) = (own("a"), own("b"));
    let sources = [
        Source { project: PROJECT, facts: &folder, silent_on: FOLDER },
        Source { project: OTHER, facts: &host, silent_on: &[] },
    ];
    let all = evaluate(&Settings::default(), &Record::of(MEMBERS, &people, sources));
    let of = |code| all[0].checks.iter().find(|it| it.code == code).unwrap().outcome.clone();
    assert_eq!(of("I06").because, "0 of 1 projects have continuous integration");
    assert_eq!(of("R01").status(), Status::Failed);
    // What somebody told of nevertheless counts.
    let told = [Fact::Commit(commit("a", &[], 1, 5)), Fact::Issue(issue(17, 1, &[1], 0))];
    let source = Source { project: PROJECT, facts: &told, silent_on: FOLDER };
    let all = evaluate(&Settings::default(), &Record::of(MEMBERS, &people, [source]));
    assert_eq!(codes(&all[0], |it| it == Status::Passed)[0], "R01");
}
