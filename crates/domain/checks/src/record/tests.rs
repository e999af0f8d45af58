//! What belongs to what.

use super::*;
use crate::testing::{
    ADA, BOB, PROJECT, approval, at, commit, issue, merged, note, people, record, request, run, who,
};

fn of(number: u64, author: u8, head: &str) -> MergeRequest<ActorId> {
    MergeRequest { head_sha: Some(head.to_owned()), ..request(number, author, 50) }
}

/// The hashes of the commits of each merge request.
fn shas(facts: &[Fact<ActorId>]) -> Vec<Vec<String>> {
    let people = people();
    let record = record(&people, facts);
    let of = |it: &Request<'_>| it.commits.iter().map(|it| it.sha.clone()).collect();
    record.projects[0].requests.iter().map(of).collect()
}

fn commits(all: &[(&str, &[&str], u8)]) -> Vec<Fact<ActorId>> {
    let all = all.iter().zip(0_i64..);
    all.map(|((sha, parents, by), n)| Fact::Commit(commit(sha, parents, *by, n))).collect()
}

#[test]
fn a_merge_commit_tells_what_it_brought_in() {
    let mut facts = commits(&[
        ("r", &[], 1),
        ("a1", &["r"], 1),
        ("b1", &["r"], 2),
        ("a2", &["a1"], 1),
        ("m1", &["r", "a2"], 2),
        // The branch takes in what was merged meanwhile.
        ("u", &["b1", "m1"], 2),
        ("b2", &["u"], 1),
        ("m2", &["m1", "b2"], 1),
    ]);
    facts.push(Fact::MergeRequest(merged(2, 60, of(1, 1, "a2"))));
    facts.push(Fact::MergeRequest(merged(1, 70, of(2, 2, "b2"))));
    // Those of another author too, and neither the merge nor what it brought.
    assert_eq!(shas(&facts), [vec!["a1", "a2"], vec!["b1", "b2"]]);
    facts.reverse();
    assert_eq!(shas(&facts), [vec!["a1", "a2"], vec!["b1", "b2"]]);
}

#[test]
fn without_a_merge_commit_a_line_by_the_author_is_its_own() {
    let mut facts = commits(&[
        ("r", &[], 2),
        ("a1", &["r"], 1),
        ("a2", &["a1"], 3),
        ("b1", &["a2"], 1),
        ("b2", &["b1"], 1),
    ]);
    facts.push(Fact::MergeRequest(merged(2, 60, of(1, 1, "a2"))));
    facts.push(Fact::MergeRequest(of(2, 3, "b2")));
    // Up to another's commit, and up to what is on another merge request.
    assert_eq!(shas(&facts), [vec!["a1", "a2"], vec!["b1", "b2"]]);
}

#[test]
fn a_merge_request_whose_commits_nobody_told_of_has_none() {
    let mut facts = commits(&[("a", &[], 1)]);
    facts.push(Fact::MergeRequest(of(1, 1, "lost")));
    facts.push(Fact::MergeRequest(request(2, 1, 50)));
    facts.push(Fact::MergeRequest(MergeRequest { author: None, ..of(3, 1, "a") }));
    assert_eq!(shas(&facts), [const { Vec::<&str>::new() }; 3]);
}

#[test]
fn a_history_that_bites_its_tail_ends() {
    let mut facts = commits(&[("a", &["b"], 1), ("b", &["a"], 1), ("m", &["a", "b"], 1)]);
    facts.push(Fact::MergeRequest(of(1, 1, "b")));
    facts.push(Fact::MergeRequest(of(2, 1, "m")));
    assert_eq!(shas(&facts).len(), 2);
}

#[test]
fn what_programs_did_is_left_out() {
    let people = people();
    let mut facts = commits(&[("r", &[], 2), ("a", &["r"], 1), ("p", &["a"], 4), ("b", &["p"], 1)]);
    facts.extend(commits(&[("m", &["r", "b"], 2)]));
    facts.extend([
        Fact::MergeRequest(of(1, 1, "b")),
        Fact::MergeRequest(of(2, 4, "p")),
        Fact::Issue(issue(17, 4, &[1], 0)),
        Fact::Note(note("1", Subject::MergeRequest(1), 4, 60, "Covered")),
        Fact::Approval(approval(1, 4, 60)),
        Fact::Pipeline(lodge_activity::Pipeline {
            by: Some(who(4)),
            ..run("7", "a", lodge_activity::CiStatus::Success, 5)
        }),
    ]);
    let record = record(&people, &facts);
    let project = &record.projects[0];
    let shas: Vec<_> = project.commits.iter().map(|it| &*it.sha).collect();
    // A program's commit is followed through, and a merge is left out too.
    assert_eq!(shas, ["r", "a", "b"]);
    assert_eq!(project.requests.len(), 1);
    let request = &project.requests[0];
    assert_eq!(request.commits.iter().map(|it| &*it.sha).collect::<Vec<_>>(), ["a", "b"]);
    assert!(project.issues.is_empty() && project.notes.is_empty());
    assert!(request.notes.is_empty() && request.approvals.is_empty() && request.issues.is_empty());
    assert_eq!((project.pipelines.len(), request.pipelines.len()), (1, 1));
}

#[test]
fn issues_are_linked_from_wherever_they_are_mentioned_if_they_are_there() {
    let people = people();
    let mut facts: Vec<_> = (1..=4).map(|n| Fact::Issue(issue(n, 1, &[], 0))).collect();
    let mut said = commit("a", &["r"], 1, 5);
    said.message = "Add\n\nCloses #3, see other/project#2".to_owned();
    facts.push(Fact::Commit(said));
    facts.push(Fact::MergeRequest(MergeRequest {
        title: "Search (#1, #99)".to_owned(),
        description: Some("https://git.example/g/p/-/issues/2 and #98".to_owned()),
        source_branch: "issue-4-search".to_owned(),
        ..of(1, 1, "a")
    }));
    let numbers = |facts: &[Fact<ActorId>]| {
        let record = record(&people, facts);
        let issues = record.projects[0].requests[0].issues.clone();
        issues.into_iter().collect::<Vec<_>>()
    };
    assert_eq!(numbers(&facts), [1, 2, 3, 4]);
    assert_eq!(numbers(&facts[2..]), [3, 4]);
    assert_eq!(numbers(&facts[4..]), [0; 0]);
}

#[test]
fn only_another_member_approves_and_not_a_second_account() {
    let people = people();
    let is = |approvals: &[(u8, bool, i64)], until| {
        let all = approvals.iter().map(|(by, approved, minutes)| {
            Fact::Approval(Approval { approved: *approved, ..approval(1, *by, *minutes) })
        });
        let mut facts: Vec<_> = all.collect();
        facts.push(Fact::Approval(approval(2, 2, 1)));
        facts.push(Fact::MergeRequest(request(1, 1, 0)));
        let record = record(&people, &facts);
        record.projects[0].requests[0].approved_by_another(&record, until)
    };
    assert!(is(&[(2, true, 9)], None));
    // A stranger, a program, the author and the author's other account.
    for by in [9, 4, 1, 3] {
        assert!(!is(&[(by, true, 9)], None), "{by}");
    }
    assert!(!is(&[(2, false, 9)], None));
    assert!(is(&[(2, true, 9)], Some(at(9))));
    assert!(!is(&[(2, true, 9)], Some(at(8))));
}

#[test]
fn two_accounts_are_one_student() {
    let people = people();
    let facts = [
        Fact::Commit(commit("a", &[], 1, 1)),
        Fact::Commit(commit("b", &["a"], 3, 2)),
        Fact::Commit(commit("c", &["b"], 2, 3)),
        Fact::MergeRequest(request(1, 3, 4)),
        Fact::Issue(issue(1, 2, &[3, 1], 0)),
    ];
    let record = record(&people, &facts);
    let count = |student| {
        let issues = record.issues_for(student).count();
        (record.commits_of(student).count(), record.requests_of(student).count(), issues)
    };
    assert_eq!((count(ADA), count(BOB)), ((2, 1, 1), (1, 0, 0)));
    assert!(!record.is_another_member(who(3), Some(who(1))));
    assert!(record.is_another_member(who(2), Some(who(1))));
    // A student who is in another team is no member.
    let alone = Record::of(&[ADA], &people, [(PROJECT, facts.as_slice())]);
    assert!(!alone.is_another_member(who(2), Some(who(1))));
}

#[test]
fn each_merge_request_has_its_own_in_order() {
    let people = people();
    let on = |id, number, minutes| {
        Fact::Note(note(id, Subject::MergeRequest(number), 2, minutes, "Why?"))
    };
    let mut facts = commits(&[("r", &[], 2), ("a", &["r"], 1), ("b", &["a"], 1)]);
    facts.extend([
        on("3", 1, 9),
        on("1", 2, 7),
        on("2", 1, 8),
        Fact::Note(note("4", Subject::Issue(1), 2, 6, "Why?")),
        Fact::Note(note("5", Subject::Commit("a".to_owned()), 2, 6, "Why?")),
        Fact::Pipeline(run("2", "b", lodge_activity::CiStatus::Failed, 3)),
        Fact::Pipeline(run("1", "a", lodge_activity::CiStatus::Failed, 4)),
        Fact::Pipeline(run("3", "r", lodge_activity::CiStatus::Failed, 5)),
        Fact::MergeRequest(of(1, 1, "b")),
        Fact::MergeRequest(request(2, 1, 50)),
    ]);
    let record = record(&people, &facts);
    let project = &record.projects[0];
    let notes = |n: usize| {
        let notes = project.requests[n].notes.iter();
        notes.map(|it| &*it.id).collect::<Vec<_>>()
    };
    assert_eq!((notes(0), notes(1)), (vec!["2", "3"], vec!["1"]));
    assert_eq!(project.notes.len(), 5);
    let runs: Vec<_> = project.requests[0].pipelines.iter().map(|it| &*it.id).collect();
    assert_eq!(runs, ["2", "1"]);
    let page = |n: usize| project.note(project.notes[n], true).web_url;
    assert_eq!(page(2), project.requests[1].it.web_url);
    assert!(page(3).is_some_and(|it| it.ends_with("/1")));
    assert_eq!(page(0), None);
}

/// A project in which so many branches of so many commits were merged in turn.
fn long(branches: u64, length: u64) -> Vec<Fact<ActorId>> {
    let (mut facts, mut main, mut minutes) = (commits(&[("r", &[], 1)]), "r".to_owned(), 1);
    for n in 1..=branches {
        let by = if n % 2 == 0 { 1 } else { 2 };
        let mut head = main.clone();
        for k in 0..length {
            let sha = format!("{n}-{k}");
            facts.push(Fact::Commit(commit(&sha, &[&head], by, minutes)));
            facts.push(Fact::Pipeline(run(&sha, &sha, lodge_activity::CiStatus::Success, minutes)));
            facts.push(Fact::Note(note(&sha, Subject::MergeRequest(n), 3 - by, minutes, "Why?")));
            (head, minutes) = (sha, minutes + 1);
        }
        let merge = format!("m{n}");
        facts.push(Fact::Commit(commit(&merge, &[&main, &head], by, minutes)));
        facts.push(Fact::MergeRequest(merged(by, minutes, of(n, by, &head))));
        main = merge;
    }
    facts
}

#[test]
fn each_merge_request_of_a_long_history_has_its_own() {
    let (people, facts) = (people(), long(300, 16));
    let record = record(&people, &facts);
    let requests = &record.projects[0].requests;
    assert!(requests.iter().all(|it| (it.commits.len(), it.pipelines.len()) == (16, 16)));
    assert!(requests.iter().all(|it| it.notes.len() == 16));
}
