//! Commit splitting.

use std::collections::BTreeSet;

use lodge_activity::{ActorId, Commit};
use lodge_courses::settings::flags::CommitSplitting;

use crate::{
    ProjectRecord, Record, Severity,
    flags::{
        Flag, FlagKind,
        work::{count, counted, evidence, is_within, minutes, stretches, work},
    },
};

/// Three successive commits of one student within half an hour, each of which
/// changes a file that the one before changed. The more in a row, the more it
/// matters, but medium at most: careful people make small commits too.
pub(super) fn find(record: &Record<'_>, settings: CommitSplitting) -> Vec<Flag> {
    let in_project = |project| in_project(record, settings, project);
    record.projects.iter().flat_map(in_project).collect()
}

fn in_project(
    record: &Record<'_>,
    settings: CommitSplitting,
    project: &ProjectRecord<'_>,
) -> Vec<Flag> {
    let of = |student| {
        let own = work(record, project, student);
        let found = stretches(&own, settings.commits, |it| {
            is_within(it, settings.minutes) && it.windows(2).all(is_on_same)
        });
        let flag = |it: &[_]| {
            let severity = Severity::over(count(it), settings.commits).min(Severity::Medium);
            let commits = counted(count(it), "commit");
            let within = counted(minutes(it), "minute");
            let because =
                format!("{commits} within {within} each share a file with the one before");
            let evidence = evidence(project, it);
            Flag::new((FlagKind::CommitSplitting, severity), vec![student], because, evidence)
        };
        found.into_iter().filter_map(flag).collect::<Vec<_>>()
    };
    record.members.iter().copied().flat_map(of).collect()
}

/// Two commits have a file in common.
fn is_on_same(pair: &[&Commit<ActorId>]) -> bool {
    let [one, other] = pair else { return false };
    let files: BTreeSet<_> = one.own_files().map(|it| &it.path).collect();
    other.own_files().any(|it| files.contains(&it.path))
}

#[cfg(test)]
mod tests {
    use lodge_activity::Fact;

    use super::*;
    use crate::{
        flags::testing::{file, ids, seen, with},
        testing::{at, commit},
    };

    /// Commits of these minutes, each of these files.
    fn commits(author: u8, all: &[(i64, &[&str])]) -> Vec<Fact<ActorId>> {
        let one = |(n, (minutes, paths)): (usize, &(i64, &[&str]))| {
            let files: Vec<_> = paths.iter().map(|it| file(it, 30, 0)).collect();
            with(&files, commit(&format!("c{n:02}"), &["0"], author, *minutes))
        };
        all.iter().enumerate().map(one).collect()
    }

    fn split(facts: &[Fact<ActorId>]) -> Vec<Flag> {
        seen(FlagKind::CommitSplitting, facts)
    }

    #[test]
    fn three_in_half_an_hour_on_the_same_files_are_one_piece_of_work() {
        let three: [(i64, &[&str]); 3] = [(0, &["a", "b"]), (10, &["b", "c"]), (30, &["c"])];
        let found = split(&commits(1, &three));
        let [flag] = &found[..] else { panic!("{found:?}") };
        assert_eq!((flag.at, flag.severity), (at(0), Severity::Low));
        assert_eq!(ids(flag), ["c00", "c01", "c02"]);
        assert_eq!(
            flag.because,
            "3 commits within 30 minutes each share a file with the one before"
        );
        assert_eq!(split(&commits(1, &three[..2])), []);
        assert_eq!(split(&commits(1, &[three[0], three[1], (31, &["c"])])), []);
        assert_eq!(split(&commits(1, &[three[0], three[1], (30, &["a"])])), []);
        // Nobody writes that one, and a program the others.
        let lock: &[&str] = &["Cargo.lock"];
        assert_eq!(split(&commits(1, &[(0, lock), (1, lock), (2, lock)])), []);
        assert_eq!(split(&commits(4, &three)), []);
    }

    #[test]
    fn what_overlaps_is_one_flag() {
        let many: Vec<(i64, &[&str])> = (0..30).map(|n| (10 * n, &["a"][..])).collect();
        let of = |n: usize| split(&commits(1, &many[..n]));
        assert_eq!((of(30).len(), ids(&of(30)[0]).len()), (1, 30));
        assert_eq!(of(5)[0].key(), of(30)[0].key());
        assert_eq!(
            [5, 6, 30].map(|n| of(n)[0].severity),
            [Severity::Low, Severity::Medium, Severity::Medium]
        );
    }

    #[test]
    fn a_merge_is_no_commit_in_a_row() {
        let mut facts = commits(1, &[(0, &["a"]), (10, &["a"]), (20, &["a"])]);
        let Fact::Commit(it) = &mut facts[1] else { unreachable!() };
        it.parents = Some(vec!["1".to_owned(), "2".to_owned()]);
        assert_eq!(split(&facts), []);
    }
}
