//! What the patterns have in common.

use std::{collections::BTreeSet, time::Duration};

use lodge_activity::{ActorId, ChangedFile, Commit};
use lodge_kernel::{StudentId, Timestamp};

use crate::{Evidence, ProjectRecord, Record, Request, text};

/// The commits that a student wrote in a project, oldest first, without copies.
///
/// Rebasing and amending make another commit with the time of the first one.
/// Of commits of one instant, those that follow one another are all work; of the
/// others one is.
pub(super) fn work<'a>(
    record: &Record<'_>,
    project: &ProjectRecord<'a>,
    student: StudentId,
) -> Vec<&'a Commit<ActorId>> {
    let own = project.commits.iter().copied().filter(|it| record.is(it.author, student));
    let own: Vec<_> = own.collect();
    let mut work = Vec::with_capacity(own.len());
    for instant in own.chunk_by(|one, other| one.authored_at == other.authored_at) {
        let all: BTreeSet<_> = instant.iter().map(|it| it.sha.as_str()).collect();
        let mut first = None;
        work.extend(instant.iter().copied().filter(|it| {
            let mut parents = it.parents.iter().flatten();
            let follows = parents.any(|it| all.contains(it.as_str()));
            follows || *first.get_or_insert(it.sha.as_str()) == it.sha
        }));
    }
    work
}

/// How many lines a commit changed. `None` when that is not known of all its
/// files.
pub(super) fn counted_lines(it: &Commit<ActorId>) -> Option<u64> {
    let is_whole = it.changes.as_ref().is_some_and(|it| it.left_out == 0);
    let is_counted = |it: &ChangedFile| it.additions.is_some() || it.deletions.is_some();
    (is_whole && it.own_files().all(is_counted)).then(|| it.own_lines().changed())
}

/// The changed lines of several commits.
pub(super) fn lines<'a>(commits: impl IntoIterator<Item = &'a Commit<ActorId>>) -> u64 {
    let each = commits.into_iter().map(|it| it.own_lines().changed());
    each.fold(0, u64::saturating_add)
}

/// Commits of a project as evidence.
pub(super) fn evidence(project: &ProjectRecord<'_>, of: &[&Commit<ActorId>]) -> Vec<Evidence> {
    of.iter().map(|it| project.commit(it, false)).collect()
}

/// Puts evidence in order, the newest last.
pub(super) fn in_order(evidence: &mut [Evidence]) {
    evidence.sort_by(|one, other| {
        (one.at, one.project, &one.item).cmp(&(other.at, other.project, &other.item))
    });
}

/// Every `n` neighbours that fit, with those that overlap made one stretch.
pub(super) fn stretches<T>(all: &[T], n: u32, fits: impl Fn(&[T]) -> bool) -> Vec<&[T]> {
    let n = usize::try_from(n).unwrap_or(usize::MAX).max(1);
    let groups = all.windows(n).enumerate().filter(|(_, group)| fits(group));
    let spans = joined(groups.map(|(from, _)| (from, from.saturating_add(n))));
    spans.into_iter().filter_map(|(from, to)| all.get(from..to)).collect()
}

/// Spans from the first to before the second, by their beginnings, with those
/// that overlap made one.
pub(super) fn joined(spans: impl IntoIterator<Item = (usize, usize)>) -> Vec<(usize, usize)> {
    let mut all: Vec<(usize, usize)> = Vec::new();
    for (from, to) in spans {
        match all.last_mut() {
            Some(last) if from < last.1 => last.1 = last.1.max(to),
            _ => all.push((from, to)),
        }
    }
    all
}

/// From the first to the last is at most so long.
pub(super) fn is_within(commits: &[&Commit<ActorId>], minutes: u32) -> bool {
    span(commits) <= Duration::from_secs(60 * u64::from(minutes))
}

/// From the first to the last, in minutes that were begun: at least one.
pub(super) fn minutes(commits: &[&Commit<ActorId>]) -> u64 {
    span(commits).as_secs().div_ceil(60).max(1)
}

fn span(commits: &[&Commit<ActorId>]) -> Duration {
    match commits {
        [first, .., last] => last.authored_at.since(first.authored_at),
        _ => Duration::ZERO,
    }
}

/// `part` is so many percent of `whole` or more.
pub(super) fn is_share(part: u64, whole: u64, percent: u32) -> bool {
    u128::from(part) * 100 >= u128::from(whole) * u128::from(percent)
}

/// So many things, as a count of them is written.
pub(super) fn counted(n: u64, thing: &str) -> String {
    if n == 1 { format!("1 {thing}") } else { format!("{n} {thing}s") }
}

/// How many there are.
pub(super) fn count<T>(all: &[T]) -> u64 {
    u64::try_from(all.len()).unwrap_or(u64::MAX)
}

/// When other members of the team reviewed a merge request: approvals and
/// remarks that say something.
pub(super) fn reviews(
    record: &Record<'_>,
    characters: u32,
    request: &Request<'_>,
) -> impl Iterator<Item = (ActorId, Timestamp)> {
    let characters = usize::try_from(characters).unwrap_or(usize::MAX);
    let approvals = request.approvals.iter().filter(|it| it.approved).map(|it| (it.by, it.at));
    let notes = request.notes.iter().filter(move |it| text::is_substantive(&it.body, characters));
    let all = approvals.chain(notes.map(|it| (it.author, it.created_at)));
    all.filter(|(by, _)| record.is_another_member(*by, request.it.author))
}

#[cfg(test)]
mod tests {
    use lodge_activity::{Changes, Fact};

    use super::*;
    use crate::testing::{ADA, commit, people, record};

    #[test]
    fn what_overlaps_is_one() {
        assert_eq!(joined([(0, 3), (1, 4), (3, 5), (5, 8)]), [(0, 5), (5, 8)]);
        assert_eq!(joined([(0, 9), (1, 4)]), [(0, 9)]);
        let all = [1, 2, 3, 9, 4, 5, 6, 7];
        let small = |it: &[i32]| it.iter().all(|it| *it < 8);
        assert_eq!(stretches(&all, 3, small), [&[1, 2, 3][..], &[4, 5, 6, 7]]);
        assert!(stretches(&all, 0, |_| false).is_empty());
    }

    #[test]
    fn copies_of_a_commit_are_no_work() {
        let facts = [
            commit("a", &["0"], 1, 0),
            commit("b", &["9"], 1, 0),
            // One second is enough for two commits in a row.
            commit("d", &["e"], 1, 1),
            commit("e", &["a"], 1, 1),
            commit("f", &["b"], 1, 1),
            commit("g", &["a"], 2, 1),
        ]
        .map(Fact::Commit);
        let people = people();
        let record = record(&people, &facts);
        let work = work(&record, &record.projects[0], ADA);
        let shas: Vec<_> = work.iter().map(|it| it.sha.as_str()).collect();
        assert_eq!(shas, ["a", "d", "e"]);
    }

    #[test]
    fn lines_are_known_of_all_files_or_not_at_all() {
        let it = commit("a", &[], 1, 0);
        assert_eq!(counted_lines(&it), Some(10));
        assert_eq!(counted_lines(&Commit { changes: None, ..it.clone() }), None);
        let changes = it.changes.clone().unwrap();
        let more = Changes { left_out: 1, ..changes.clone() };
        assert_eq!(counted_lines(&Commit { changes: Some(more), ..it.clone() }), None);
        let mut files = changes.files;
        (files[0].additions, files[0].deletions) = (None, None);
        let binary = Some(Changes { files, left_out: 0 });
        assert_eq!(counted_lines(&Commit { changes: binary, ..it }), None);
    }

    #[test]
    fn shares_and_counts() {
        assert!(is_share(4, 5, 80) && !is_share(79, 100, 80));
        assert_eq!([counted(1, "commit"), counted(2, "commit")], ["1 commit", "2 commits"]);
    }
}
