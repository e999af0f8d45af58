//! Balanced contribution.

use std::collections::HashSet;

use lodge_activity::{ActorId, Commit, MergeRequestState};
use lodge_kernel::StudentId;

use crate::{Outcome, ProjectRecord, Record, balance::balance};

/// How evenly the members changed lines that were merged: 100 when all changed
/// as many, 0 when one changed them all. It is the same for every member.
pub(super) fn check(student: StudentId, record: &Record<'_>) -> Outcome {
    let mut seen = HashSet::new();
    let commits = record.projects.iter().flat_map(|it| counted(it).map(move |of| (it, of)));
    // A branch may be merged twice, and a project have a copy.
    let commits: Vec<_> = commits.filter(|(_, it)| seen.insert(it.sha.as_str())).collect();
    let of = |member| commits.iter().filter(move |(_, it)| record.is(it.author, member));
    let lines = |member| {
        of(member).fold(0_u64, |sum, (_, it)| sum.saturating_add(it.own_lines().changed()))
    };
    let parts: Vec<_> = record.members.iter().map(|it| lines(*it)).collect();
    let Some(points) = balance(&parts) else {
        return Outcome::not_applicable("there are no two members, or no merged lines");
    };
    let evidence = of(student).filter(|(_, it)| it.own_lines().changed() > 0);
    let evidence = evidence.map(|(project, it)| project.commit(it, true)).collect();
    let most = parts.iter().max().copied().unwrap_or_default();
    let members = parts.len();
    let all = parts.iter().fold(0_u64, |sum, it| sum.saturating_add(*it));
    let because = format!("{members} members changed {all} lines, one of them {most}");
    Outcome::new(points, because, evidence)
}

/// The commits that were merged. A project without merge requests, as a plain
/// folder is, has nothing that could be waiting: all of its commits.
fn counted<'r, 'a>(
    project: &'r ProjectRecord<'a>,
) -> impl Iterator<Item = &'a Commit<ActorId>> + use<'r, 'a> {
    let merged = project.requests.iter().filter(|it| it.it.state == MergeRequestState::Merged);
    let all = project.commits.iter().filter(|_| project.requests.is_empty());
    merged.flat_map(|it| &it.commits).chain(all).copied()
}

#[cfg(test)]
mod tests {
    use lodge_activity::{ChangedFile, Changes, Fact, MergeRequest};

    use super::*;
    use crate::{
        Item, Points, Status,
        testing::{ADA, BOB, PROJECT, commit, merged, people, record, request},
    };

    fn lines(path: &str, lines: u32, it: Commit<ActorId>) -> Fact<ActorId> {
        let (additions, deletions) = (Some(lines), None);
        let file = ChangedFile { path: path.to_owned(), additions, deletions };
        Fact::Commit(Commit { changes: Some(Changes { files: vec![file], left_out: 0 }), ..it })
    }

    /// A commit of so many lines, on no branch in particular.
    fn work(sha: &str, author: u8, changed: u32) -> Fact<ActorId> {
        lines("src/lib.rs", changed, commit(sha, &[], author, 0))
    }

    fn taken_in(number: u64, author: u8, head: &str) -> Fact<ActorId> {
        let head_sha = Some(head.to_owned());
        Fact::MergeRequest(MergeRequest { head_sha, ..merged(2, 60, request(number, author, 0)) })
    }

    fn found(facts: &[Fact<ActorId>]) -> Outcome {
        let people = people();
        let record = record(&people, facts);
        let (ada, bob) = (check(ADA, &record), check(BOB, &record));
        assert_eq!((ada.points, &ada.because), (bob.points, &bob.because));
        ada
    }

    #[test]
    fn it_is_balanced_when_both_changed_as_much() {
        let found = found(&[work("a", 1, 30), work("b", 3, 20), work("c", 2, 50)]);
        assert_eq!(found.status(), Status::Passed);
        assert_eq!(found.because, "2 members changed 100 lines, one of them 50");
        let seen: Vec<_> = found.evidence.into_iter().map(|it| it.item).collect();
        assert_eq!(seen, ["a", "b"].map(|it| Item::Commit(it.to_owned())));
    }

    #[test]
    fn it_is_not_when_one_changed_more() {
        let part = found(&[work("a", 1, 75), work("b", 2, 25)]);
        assert_eq!(part.points, Some(Points::of_hundredths(5_000)));
        assert_eq!(found(&[work("a", 1, 75)]).status(), Status::Failed);
    }

    #[test]
    fn only_what_was_merged_counts_where_there_are_merge_requests() {
        let facts = [
            work("a", 1, 10),
            work("b", 2, 10),
            work("c", 2, 500),
            work("d", 2, 500),
            taken_in(1, 1, "a"),
            taken_in(2, 2, "b"),
            // Into another branch, once more.
            taken_in(3, 2, "b"),
            Fact::MergeRequest(MergeRequest { head_sha: Some("c".to_owned()), ..request(4, 2, 0) }),
        ];
        assert_eq!(found(&facts).status(), Status::Passed);
    }

    #[test]
    fn merges_tools_programs_and_strangers_count_for_nothing() {
        let facts = [
            work("a", 1, 10),
            work("b", 2, 10),
            lines("src/lib.rs", 500, commit("c", &["a", "b"], 2, 5)),
            lines("package-lock.json", 500, commit("d", &[], 1, 5)),
            work("e", 4, 500),
            work("f", 9, 500),
        ];
        let found = found(&facts);
        assert_eq!((found.status(), found.evidence.len()), (Status::Passed, 1));
    }

    #[test]
    fn alone_or_without_lines_there_is_nothing_to_judge() {
        for facts in [vec![], vec![work("a", 9, 10)], vec![work("a", 1, 0)]] {
            assert_eq!(found(&facts).status(), Status::NotApplicable, "{facts:?}");
        }
        let (people, facts) = (people(), [work("a", 1, 10)]);
        let alone = Record::of(&[ADA], &people, [(PROJECT, &facts[..])]);
        assert_eq!(check(ADA, &alone).status(), Status::NotApplicable);
    }
}
