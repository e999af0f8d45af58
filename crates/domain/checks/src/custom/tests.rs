//! Checks of courses on a small history, and any check on any history.

use lodge_activity::{
    ActorId, ChangedFile, Changes, CiStatus, Commit, Fact, Issue, MergeRequest, Note, Subject as On,
};
use lodge_courses::settings::custom::{Comparison, Filter};
use proptest::{collection::vec, option, prelude::*, sample::select};

use super::*;
use crate::{
    Item, Status,
    testing::{
        ADA, BOB, approval, at, closed, commit, issue, merged, note, people, record, request, run,
    },
};

const SUBJECTS: [Subject; 6] = [
    Subject::Commits,
    Subject::MergeRequests,
    Subject::Issues,
    Subject::Notes,
    Subject::Pipelines,
    Subject::Files,
];
const COMPARISONS: [Comparison; 6] = [
    Comparison::Equals,
    Comparison::Differs,
    Comparison::Contains,
    Comparison::Matches,
    Comparison::AtLeast,
    Comparison::AtMost,
];
const AGGREGATES: [Aggregate; 4] =
    [Aggregate::Count, Aggregate::Share, Aggregate::Any, Aggregate::All];
const FIELDS: [&str; 18] = [
    "message",
    "added",
    "removed",
    "files",
    "branch",
    "title",
    "description",
    "state",
    "source_branch",
    "notes",
    "label",
    "text",
    "characters",
    "resolved",
    "status",
    "duration_seconds",
    "path",
    "colour",
];

fn check(
    subject: Subject,
    aggregate: Aggregate,
    target: u32,
    filters: &[[&str; 3]],
) -> CustomCheck {
    let filter = |[field, comparison, value]: &[&str; 3]| Filter {
        field: (*field).to_owned(),
        comparison: Comparison::parse(comparison).unwrap(),
        value: (*value).to_owned(),
    };
    CustomCheck {
        key: "own".to_owned(),
        title: "Our own".to_owned(),
        weight: 1,
        subject,
        filters: filters.iter().map(filter).collect(),
        aggregate,
        target,
    }
}

/// Ada's commits a, b (on request 1) and c (on none), and Bob's d on request 2,
/// which brought it in by m.
fn facts() -> Vec<Fact<ActorId>> {
    let file = |path: &str, additions, deletions| ChangedFile {
        path: path.to_owned(),
        additions,
        deletions,
    };
    let binary = Changes {
        files: vec![
            file("Cargo.lock", Some(900), Some(9)),
            file("logo.png", None, None),
            file("src/Lib.rs", Some(5), Some(2)),
        ],
        left_out: 0,
    };
    let head = |sha: &str, it| MergeRequest { head_sha: Some(sha.to_owned()), ..it };
    let said = |id, on, by, body| note(id, On::MergeRequest(on), by, 50, body);
    vec![
        Fact::Commit(commit("a", &["root"], 1, 10)),
        Fact::Commit(Commit {
            message: "Fix the search\n\nCloses #17".to_owned(),
            changes: Some(binary),
            ..commit("b", &["a"], 3, 20)
        }),
        Fact::Commit(Commit { changes: None, ..commit("c", &[], 1, 0) }),
        Fact::Commit(commit("d", &["root"], 2, 30)),
        Fact::Commit(commit("m", &["root", "d"], 2, 60)),
        Fact::MergeRequest(head("b", request(1, 1, 21))),
        Fact::MergeRequest(MergeRequest {
            title: "Sort".to_owned(),
            description: Some("Sorts **all**".to_owned()),
            source_branch: "18-sort".to_owned(),
            ..head("d", merged(2, 60, request(2, 2, 31)))
        }),
        Fact::MergeRequest(request(3, 1, 70)),
        Fact::Note(said("1", 1, 2, "Why not a map?")),
        Fact::Note(said("2", 1, 3, "Because")),
        Fact::Note(said("3", 1, 9, "Stranger")),
        Fact::Note(Note { resolved: Some(true), ..said("4", 2, 1, " Žiť! ") }),
        Fact::Note(said("5", 2, 3, "And a test?")),
        Fact::Note(note("6", On::Issue(17), 1, 50, "I do it")),
        Fact::Issue(Issue {
            labels: vec!["Bug".to_owned(), "UI".to_owned()],
            ..issue(17, 2, &[3, 2], 0)
        }),
        Fact::Issue(closed(40, issue(18, 1, &[1], 5))),
        Fact::Issue(issue(19, 1, &[2], 5)),
        Fact::Pipeline(run("7", "a", CiStatus::Failed, 22)),
        Fact::Pipeline(run("8", "b", CiStatus::Success, 23)),
        Fact::Pipeline(lodge_activity::Pipeline {
            finished_at: None,
            reference: "refs/merge-requests/1/head".to_owned(),
            ..run("9", "b", CiStatus::Running, 24)
        }),
        Fact::Pipeline(run("10", "d", CiStatus::Success, 32)),
        Fact::Approval(approval(2, 1, 55)),
    ]
}

/// What a check with one condition finds that Ada did, and what of it fits, both
/// by the time and then by the name.
fn found(subject: Subject, condition: [&str; 3]) -> (String, String) {
    let (people, facts) = (people(), facts());
    let check = check(subject, Aggregate::Count, 1, &[condition]);
    let mut evidence = judged(&check, &record(&people, &facts)).evidence;
    evidence.sort_by_key(|it| (it.at, it.item.id()));
    let ids = |fits: &dyn Fn(&Evidence) -> bool| {
        let ids = evidence.iter().filter(|it| fits(it)).map(|it| it.item.id());
        ids.collect::<Vec<_>>().join(" ")
    };
    (ids(&|_| true), ids(&|it| it.fits))
}

fn judged(check: &CustomCheck, record: &Record<'_>) -> Outcome {
    super::run(check, ADA, record)
}

fn fits(subject: Subject, all: &str, cases: &[([&str; 3], &str)]) {
    for (condition, expected) in cases {
        let (seen, fit) = found(subject, *condition);
        assert_eq!((&*seen, &*fit), (all, *expected), "{condition:?}");
    }
}

#[test]
fn commits_are_the_students_without_merges() {
    fits(
        Subject::Commits,
        "c a b",
        &[
            (["message", "contains", "SEARCH"], "c a b"),
            (["message", "matches", "(?m)^Closes #17$"], "b"),
            (["message", "equals", "add a search"], "c a"),
            // Generated files are nobody's work, and what nobody counted is 0.
            (["added", "equals", "5"], "b"),
            (["added", "at_most", "0"], "c"),
            (["removed", "at_least", "2"], "b"),
            (["files", "equals", "2"], "b"),
            (["files", "at_least", "1"], "a b"),
            (["branch", "equals", "17-ADD-search"], "a b"),
            (["branch", "differs", "17-add-search"], "c"),
            (["branch", "matches", ""], "a b"),
            (["colour", "contains", ""], ""),
        ],
    );
}

#[test]
fn a_commit_on_two_merge_requests_lies_on_both_branches() {
    let (people, mut facts) = (people(), facts());
    for fact in &mut facts {
        if let Fact::MergeRequest(it) = fact
            && it.number == 3
        {
            (it.head_sha, it.source_branch) = (Some("b".to_owned()), "copy".to_owned());
        }
    }
    let record = record(&people, &facts);
    let fit = |condition| {
        let check = check(Subject::Commits, Aggregate::Count, 1, &[condition]);
        judged(&check, &record).evidence.iter().filter(|it| it.fits).count()
    };
    assert_eq!(fit(["branch", "equals", "copy"]), 2);
    assert_eq!(fit(["branch", "equals", "17-add-search"]), 2);
    assert_eq!(fit(["branch", "differs", "copy"]), 1);
}

#[test]
fn merge_requests_are_the_students_own() {
    fits(
        Subject::MergeRequests,
        "1 3",
        &[
            (["title", "contains", "search"], "1 3"),
            (["description", "matches", "^$"], "1 3"),
            (["description", "contains", "all"], ""),
            (["state", "equals", "Opened"], "1 3"),
            (["state", "differs", "opened"], ""),
            (["source_branch", "matches", r"^\d+-"], "1 3"),
            // Remarks of her own and of a stranger do not count.
            (["notes", "equals", "1"], "1"),
            (["notes", "at_most", "0"], "3"),
        ],
    );
}

#[test]
fn issues_are_those_assigned_to_the_student() {
    fits(
        Subject::Issues,
        "17 18",
        &[
            (["title", "equals", "search"], "17 18"),
            (["description", "matches", "^$"], "17 18"),
            (["state", "equals", "closed"], "18"),
            (["label", "equals", "bug"], "17"),
            (["label", "contains", "u"], "17"),
            (["label", "differs", "bug"], "18"),
            (["label", "differs", "docs"], "17 18"),
        ],
    );
}

#[test]
fn notes_are_on_merge_requests_of_others() {
    fits(
        Subject::Notes,
        "4 5",
        &[
            (["text", "contains", "žiť"], "4"),
            (["characters", "equals", "4"], "4"),
            (["characters", "at_least", "5"], "5"),
            (["resolved", "equals", "true"], "4"),
            // One that asks for nothing is not open.
            (["resolved", "equals", "false"], ""),
            (["resolved", "differs", "true"], "5"),
        ],
    );
}

#[test]
fn pipelines_are_of_the_students_merge_requests_and_each_is_there_once() {
    fits(
        Subject::Pipelines,
        "7 8 9",
        &[
            (["status", "equals", "success"], "8"),
            (["status", "differs", "success"], "7 9"),
            (["duration_seconds", "at_least", "60"], "7 8"),
            (["duration_seconds", "at_most", "59"], ""),
            (["branch", "equals", "main"], "7 8"),
            (["branch", "contains", "merge-requests"], "9"),
        ],
    );
    let (people, mut facts) = (people(), facts());
    facts.push(Fact::MergeRequest(MergeRequest {
        head_sha: Some("b".to_owned()),
        ..request(4, 3, 80)
    }));
    let check = check(Subject::Pipelines, Aggregate::Count, 1, &[]);
    assert_eq!(judged(&check, &record(&people, &facts)).evidence.len(), 3);
}

#[test]
fn files_are_those_that_the_students_commits_changed() {
    fits(
        Subject::Files,
        "src/lib.rs logo.png src/Lib.rs",
        &[
            (["path", "equals", "SRC/LIB.RS"], "src/lib.rs src/Lib.rs"),
            (["path", "matches", r"\.png$"], "logo.png"),
            (["added", "at_least", "6"], "src/lib.rs"),
            (["added", "at_least", "0"], "src/lib.rs src/Lib.rs"),
            (["removed", "differs", "0"], "logo.png src/Lib.rs"),
        ],
    );
}

#[test]
fn a_file_is_there_once_for_each_commit() {
    let people = people();
    let facts = [commit("a", &[], 1, 1), commit("b", &["a"], 1, 2)].map(Fact::Commit);
    let found = judged(&check(Subject::Files, Aggregate::Count, 2, &[]), &record(&people, &facts));
    let seen: Vec<_> = found.evidence.iter().map(|it| (it.at, it.item.clone())).collect();
    let file = Item::File("src/lib.rs".to_owned());
    assert_eq!(seen, [(at(1), file.clone()), (at(2), file)]);
}

#[test]
fn all_conditions_must_hold() {
    let (people, facts) = (people(), facts());
    let record = record(&people, &facts);
    let fixes = ["message", "matches", "^Fix"];
    let both = check(Subject::Commits, Aggregate::Any, 1, &[fixes, ["files", "at_least", "2"]]);
    assert_eq!(judged(&both, &record).status(), Status::Passed);
    let never = check(Subject::Commits, Aggregate::Any, 1, &[fixes, ["files", "at_least", "3"]]);
    assert_eq!(judged(&never, &record).status(), Status::Failed);
    let bob = super::run(&both, BOB, &record);
    assert_eq!((bob.status(), bob.evidence.len()), (Status::Failed, 1));
}

/// What is made of Ada's three commits, one of which is a fix.
fn made(aggregate: Aggregate, target: u32, filters: &[[&str; 3]]) -> (Option<u32>, String) {
    let (people, facts) = (people(), facts());
    let found =
        judged(&check(Subject::Commits, aggregate, target, filters), &record(&people, &facts));
    (found.points.map(Points::hundredths), found.because)
}

#[test]
fn each_aggregate_makes_its_own_of_it() {
    let (fix, never) = ([["message", "matches", "^Fix"]], [["message", "equals", "never"]]);
    for (aggregate, target, filters, points, because) in [
        (Aggregate::Count, 2, &[][..], 10_000, "3 commits that fit, 2 wanted"),
        (Aggregate::Count, 3, &fix[..], 3_333, "1 commits that fit, 3 wanted"),
        (Aggregate::Count, 3, &never[..], 0, "0 commits that fit, 3 wanted"),
        (Aggregate::Share, 33, &fix[..], 10_000, "1 of 3 commits fit, 33 % wanted"),
        (Aggregate::Share, 34, &fix[..], 9_804, "1 of 3 commits fit, 34 % wanted"),
        (Aggregate::Share, 100, &fix[..], 3_333, "1 of 3 commits fit, 100 % wanted"),
        (Aggregate::Share, 1, &never[..], 0, "0 of 3 commits fit, 1 % wanted"),
        (Aggregate::Any, 9, &fix[..], 10_000, "1 of 3 commits fit, 1 wanted"),
        (Aggregate::Any, 1, &never[..], 0, "0 of 3 commits fit, 1 wanted"),
        (Aggregate::All, 1, &fix[..], 0, "1 of 3 commits fit, all wanted"),
        (Aggregate::All, 9, &[][..], 10_000, "3 of 3 commits fit, all wanted"),
    ] {
        let expected = (Some(points), because.to_owned());
        assert_eq!(made(aggregate, target, filters), expected, "{aggregate:?} {target}");
    }
}

#[test]
fn of_nothing_a_share_is_not_judged_and_a_count_is_not_reached() {
    let (people, facts) = (people(), [Fact::Issue(issue(1, 1, &[2], 0))]);
    for subject in SUBJECTS {
        for (aggregate, status) in [
            (Aggregate::Count, Status::Failed),
            (Aggregate::Share, Status::NotApplicable),
            (Aggregate::Any, Status::Failed),
            (Aggregate::All, Status::NotApplicable),
        ] {
            let found = judged(&check(subject, aggregate, 1, &[]), &record(&people, &facts));
            assert_eq!(found.status(), status, "{subject:?} {aggregate:?}");
            assert!(found.evidence.is_empty());
        }
    }
}

/// Checks that a course may have, and some that it may not.
fn some_check() -> impl Strategy<Value = CustomCheck> {
    let value = prop_oneof![any::<String>(), "[0-9]{1,12}", "[a-z.*|^$]{0,9}"];
    let filter = (select(&FIELDS[..]), select(&COMPARISONS[..]), value);
    let filter = filter.prop_map(|(field, comparison, value)| Filter {
        field: field.to_owned(),
        comparison,
        value,
    });
    let target = prop_oneof![Just(0), 1..=100_u32, Just(u32::MAX)];
    let parts = (select(&SUBJECTS[..]), select(&AGGREGATES[..]), target, vec(filter, 0..4));
    parts.prop_map(|(subject, aggregate, target, filters)| CustomCheck {
        filters,
        ..check(subject, aggregate, target, &[])
    })
}

fn some_facts() -> impl Strategy<Value = Vec<Fact<ActorId>>> {
    let fact = (0..6_u8, 0..5_u64, 1..6_u8, any::<String>(), option::of(0..90_i64));
    let fact = fact.prop_map(|(kind, n, by, text, later)| {
        let (id, minutes) = (n.to_string(), 7 * i64::from(by));
        let head_sha = later.map(|it| (it % 5).to_string());
        match kind {
            0 => {
                let parents: Vec<_> = head_sha.as_deref().into_iter().chain(["4"]).collect();
                let parents = &parents[..usize::from(by % 3).min(parents.len())];
                Fact::Commit(Commit { message: text, ..commit(&id, parents, by, minutes) })
            }
            1 => {
                let it = merged(by, minutes, request(n, by, minutes));
                Fact::MergeRequest(MergeRequest { source_branch: text, head_sha, ..it })
            }
            2 => Fact::Note(note(&id, On::MergeRequest(n), by, minutes, &text)),
            3 => Fact::Issue(Issue { labels: vec![text], ..issue(n, by, &[by, 1], minutes) }),
            4 => Fact::Approval(approval(n, by, minutes)),
            _ => Fact::Pipeline(lodge_activity::Pipeline {
                finished_at: later.map(at),
                reference: text,
                ..run(&id, &id, CiStatus::Success, minutes)
            }),
        }
    });
    vec(fact, 0..40).prop_map(|all| {
        let all = all.into_iter().map(|it| (it.key(), it));
        all.collect::<BTreeMap<_, _>>().into_values().collect()
    })
}

proptest! {
    #[test]
    fn whatever_is_asked_of_whatever_happened_is_answered(
        check in some_check(),
        facts in some_facts(),
    ) {
        let people = people();
        let found = judged(&check, &record(&people, &facts));
        let fit = found.evidence.iter().filter(|it| it.fits).count();
        match check.aggregate {
            Aggregate::Count | Aggregate::Any => prop_assert!(found.points.is_some()),
            Aggregate::Share | Aggregate::All => {
                prop_assert_eq!(found.points.is_none(), found.evidence.is_empty());
            }
        }
        if found.left_out == 0 && check.target > 0 && found.points.is_some() && fit == 0 {
            prop_assert_eq!(found.status(), Status::Failed);
        }
    }
}
