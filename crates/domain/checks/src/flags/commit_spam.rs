//! Commit spam.

use lodge_courses::settings::flags::CommitSpam;

use crate::{
    ProjectRecord, Record, Severity,
    flags::{
        Flag, FlagKind,
        work::{count, counted, counted_lines, evidence, is_within, minutes, stretches, work},
    },
};

/// Five successive commits of one student within ten minutes, with three changed
/// lines at the median. Commits of which not all lines are counted are left out.
/// The more commits in a row, the more it matters.
pub(super) fn find(record: &Record<'_>, settings: CommitSpam) -> Vec<Flag> {
    let in_project = |project| in_project(record, settings, project);
    record.projects.iter().flat_map(in_project).collect()
}

fn in_project(record: &Record<'_>, settings: CommitSpam, project: &ProjectRecord<'_>) -> Vec<Flag> {
    let most = u64::from(settings.median_lines);
    let of = |student| {
        let mut own = work(record, project, student);
        own.retain(|it| counted_lines(it).is_some());
        let found = stretches(&own, settings.commits, |it| {
            let lines = it.iter().map(|it| it.own_lines().changed()).collect();
            is_within(it, settings.minutes) && is_median_at_most(lines, most)
        });
        let flag = |it: &[_]| {
            let severity = Severity::over(count(it), settings.commits);
            let commits = counted(count(it), "commit");
            let because = format!(
                "{commits} within {} have at most {} at the median",
                counted(minutes(it), "minute"),
                counted(most, "changed line"),
            );
            let evidence = evidence(project, it);
            Flag::new((FlagKind::CommitSpam, severity), vec![student], because, evidence)
        };
        found.into_iter().filter_map(flag).collect::<Vec<_>>()
    };
    record.members.iter().copied().flat_map(of).collect()
}

/// The median of an even number is the mean of the middle two.
fn is_median_at_most(mut all: Vec<u64>, most: u64) -> bool {
    all.sort_unstable();
    let upper = all.get(all.len() / 2).copied();
    let lower = all.get(all.len().saturating_sub(1) / 2).copied();
    let twice = upper.unwrap_or_default().saturating_add(lower.unwrap_or_default());
    twice <= most.saturating_mul(2)
}

#[cfg(test)]
mod tests {
    use lodge_activity::{ActorId, Commit, Fact};

    use super::*;
    use crate::{
        flags::testing::{file, ids, seen, with},
        testing::{ADA, at, commit, who},
    };

    /// Commits of these minutes and changed lines.
    fn commits(author: u8, all: &[(i64, u32)]) -> Vec<Fact<ActorId>> {
        let one = |(n, (minutes, lines)): (usize, &(i64, u32))| {
            let files = [file(&format!("src/{n}.rs"), *lines, 0)];
            with(&files, commit(&format!("c{n:02}"), &["0"], author, *minutes))
        };
        all.iter().enumerate().map(one).collect()
    }

    fn spam(facts: &[Fact<ActorId>]) -> Vec<Flag> {
        seen(FlagKind::CommitSpam, facts)
    }

    #[test]
    fn five_in_ten_minutes_are_spam() {
        let five = [(0, 1), (2, 3), (4, 90), (6, 3), (10, 90)];
        let found = spam(&commits(1, &five));
        let [flag] = &found[..] else { panic!("{found:?}") };
        assert_eq!((flag.at, flag.severity), (at(0), Severity::Low));
        assert_eq!((&flag.students[..], ids(flag).len()), (&[ADA][..], 5));
        assert_eq!(
            flag.because,
            "5 commits within 10 minutes have at most 3 changed lines at the median"
        );
        assert_eq!(spam(&commits(1, &five[..4])), []);
        assert_eq!(spam(&commits(1, &[(0, 1), (2, 3), (4, 90), (6, 3), (11, 1)])), []);
        assert_eq!(spam(&commits(1, &[(0, 1), (2, 3), (4, 4), (6, 4), (10, 4)])), []);
    }

    #[test]
    fn what_overlaps_is_one_flag() {
        let many: Vec<_> = (0..20).map(|n| (2 * n, 1)).collect();
        let found = spam(&commits(1, &many));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].severity, ids(&found[0]).len()), (Severity::High, 20));
        let twice: Vec<_> = (0..5).chain(600..605).map(|n| (n, 1)).collect();
        let found = spam(&commits(1, &twice));
        assert_eq!(found.iter().map(|it| it.at).collect::<Vec<_>>(), [at(600), at(0)]);
        assert_eq!(spam(&commits(1, &twice[..5]))[0].key(), found[1].key());
    }

    #[test]
    fn others_do_not_count() {
        let five: Vec<_> = (0..5).map(|n| (n, 1)).collect();
        // A program, and somebody nobody knows.
        assert_eq!((spam(&commits(4, &five)), spam(&commits(9, &five))), (vec![], vec![]));
        let change = |change: fn(&mut Commit<ActorId>)| {
            let mut facts = commits(1, &five);
            let Fact::Commit(it) = &mut facts[2] else { unreachable!() };
            change(it);
            spam(&facts)
        };
        assert_eq!(change(|_| ()).len(), 1);
        assert_eq!(change(|it| it.parents = Some(vec!["1".to_owned(), "2".to_owned()])), []);
        assert_eq!(change(|it| it.changes = None), []);
        assert_eq!(change(|it| it.author = who(2)), []);
        // Another account of hers.
        assert_eq!(change(|it| it.author = who(3)).len(), 1);
    }

    #[test]
    fn the_median_of_an_even_number_is_a_mean() {
        assert!(is_median_at_most(vec![1, 5, 9, 1], 3));
        assert!(!is_median_at_most(vec![1, 6, 9, 1], 3));
        assert!(is_median_at_most(Vec::new(), 0));
    }
}
