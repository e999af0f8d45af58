//! Churn.

use std::{collections::BTreeMap, time::Duration};

use lodge_activity::{ActorId, ChangedFile, Commit};
use lodge_courses::settings::flags::Churn;
use lodge_kernel::StudentId;

use crate::{
    Evidence, Item, ProjectRecord, Record, Severity,
    flags::{
        Flag, FlagKind,
        work::{counted, is_share, joined, work},
    },
};

/// Twenty lines or more that one student adds to a file, and half as many or
/// more that they remove from it in later commits within a day. Nobody tells
/// which lines: somebody who rewrites what was there before looks alike. The
/// more lines are removed, the more it matters.
pub(super) fn find(record: &Record<'_>, settings: Churn) -> Vec<Flag> {
    let in_project = |project| {
        let of = move |student| of(record, settings, project, student);
        record.members.iter().copied().flat_map(of)
    };
    record.projects.iter().flat_map(in_project).collect()
}

/// What a commit changed in a file.
type Change<'a> = (&'a Commit<ActorId>, &'a ChangedFile);

fn of(
    record: &Record<'_>,
    settings: Churn,
    project: &ProjectRecord<'_>,
    student: StudentId,
) -> Vec<Flag> {
    let mut files: BTreeMap<&str, Vec<Change<'_>>> = BTreeMap::new();
    for commit in work(record, project, student) {
        for file in commit.own_files() {
            files.entry(&file.path).or_default().push((commit, file));
        }
    }
    let flags = files.iter().flat_map(|(path, changes)| {
        let spans = (0..changes.len()).filter_map(|from| undone(settings, changes, from));
        let spans: Vec<_> = spans.collect();
        let stretches = joined(spans.iter().map(|it| (it.from, it.to)));
        let flags = stretches.into_iter().filter_map(move |(from, to)| {
            let within = spans.iter().filter(|it| from <= it.from && it.to <= to);
            let Undone { added, removed, .. } = within.max_by_key(|it| (it.removed, it.added))?;
            let severity = Severity::over(*removed, settings.lines);
            let because = format!(
                "{} were added to a file, and {removed} removed from it within {}",
                counted(*added, "line"),
                counted(u64::from(settings.hours), "hour"),
            );
            let evidence = evidence(project, path, changes.get(from..to)?);
            Flag::new((FlagKind::Churn, severity), vec![student], because, evidence)
        });
        flags.collect::<Vec<_>>()
    });
    flags.collect()
}

/// The file, and the commits.
fn evidence(project: &ProjectRecord<'_>, path: &str, changes: &[Change<'_>]) -> Vec<Evidence> {
    let commits = changes.iter().map(|(it, _)| project.commit(it, false));
    let item = Item::File(path.to_owned());
    let file = commits.clone().next().map(|first| Evidence { item, web_url: None, ..first });
    file.into_iter().chain(commits).collect()
}

/// Changes of a file, from the first to before the second, that come to little.
struct Undone {
    from: usize,
    to: usize,
    added: u64,
    removed: u64,
}

/// The longest that begins there. A removal takes of what was added before it in
/// the same span, and of nothing else.
fn undone(settings: Churn, changes: &[Change<'_>], from: usize) -> Option<Undone> {
    let least = u64::from(settings.lines).max(1);
    let longest = Duration::from_secs(3_600 * u64::from(settings.hours));
    let since = changes.get(from)?.0.authored_at;
    let (mut added, mut removed, mut found) = (0_u64, 0_u64, None);
    for (index, (commit, file)) in changes.iter().enumerate().skip(from) {
        if commit.authored_at.since(since) > longest {
            break;
        }
        let taken = file.deletions.unwrap_or_default();
        removed = removed.saturating_add(taken.into()).min(added);
        let is_undone = added >= least && is_share(removed, added, settings.percent);
        if taken > 0 && is_undone {
            found = Some(Undone { from, to: index.saturating_add(1), added, removed });
        }
        added = added.saturating_add(file.additions.unwrap_or_default().into());
        if added == 0 {
            // It begins with what is added.
            return None;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use lodge_activity::Fact;

    use super::*;
    use crate::{
        flags::testing::{file, ids, seen, with},
        testing::{at, commit},
    };

    /// Commits of these minutes with lines added and removed.
    fn commits(author: u8, path: &str, all: &[(i64, u32, u32)]) -> Vec<Fact<ActorId>> {
        let one = |(minutes, additions, deletions): &(i64, u32, u32)| {
            let it = commit(&format!("c{minutes:04}"), &["0"], author, *minutes);
            with(&[file(path, *additions, *deletions)], it)
        };
        all.iter().map(one).collect()
    }

    fn churn(all: &[(i64, u32, u32)]) -> Vec<Flag> {
        seen(FlagKind::Churn, &commits(1, "a.rs", all))
    }

    #[test]
    fn half_of_twenty_lines_within_a_day() {
        let found = churn(&[(0, 20, 0), (1_440, 0, 10)]);
        let [flag] = &found[..] else { panic!("{found:?}") };
        assert_eq!((flag.at, flag.severity), (at(0), Severity::Low));
        assert_eq!(ids(flag), ["a.rs", "c0000", "c1440"]);
        assert_eq!(
            flag.because,
            "20 lines were added to a file, and 10 removed from it within 24 hours"
        );
        assert_eq!(churn(&[(0, 20, 0), (1_441, 0, 10)]), []);
        assert_eq!(churn(&[(0, 20, 0), (60, 0, 9)]), []);
        assert_eq!(churn(&[(0, 19, 0), (60, 0, 19)]), []);
        assert_eq!(churn(&[(0, 12, 0), (30, 8, 0), (60, 0, 10)]).len(), 1);
    }

    #[test]
    fn only_what_was_added_before_can_be_removed_again() {
        assert_eq!(churn(&[(0, 20, 20)]), []);
        assert_eq!(churn(&[(0, 1, 0), (10, 0, 15), (20, 25, 0), (30, 0, 1)]), []);
        assert_eq!(churn(&[(0, 0, 30), (10, 30, 0)]), []);
    }

    #[test]
    fn what_overlaps_is_one_flag() {
        let found = churn(&[(0, 100, 0), (600, 0, 90), (1_000, 100, 0), (2_000, 0, 100)]);
        assert_eq!(found.iter().map(|it| ids(it).len()).collect::<Vec<_>>(), [3, 3], "{found:?}");
        let found = churn(&[(0, 100, 0), (600, 60, 90), (1_000, 0, 50)]);
        assert_eq!(found.iter().map(|it| ids(it).len()).collect::<Vec<_>>(), [4], "{found:?}");
        assert_eq!(found[0].severity, Severity::High);
        assert_eq!(churn(&[(0, 100, 0), (600, 60, 90)])[0].key(), found[0].key());
        let apart = churn(&[(0, 90, 0), (600, 0, 79), (9_000, 40, 0), (9_001, 0, 39)]);
        assert_eq!(
            apart.iter().map(|it| it.severity).collect::<Vec<_>>(),
            [Severity::Low, Severity::Medium]
        );
    }

    #[test]
    fn another_file_or_student_is_other_work() {
        let of = |one: (u8, &str), other: (u8, &str)| {
            let mut facts = commits(one.0, one.1, &[(0, 30, 0)]);
            facts.extend(commits(other.0, other.1, &[(9, 0, 30)]));
            seen(FlagKind::Churn, &facts).len()
        };
        assert_eq!((of((1, "a"), (1, "a")), of((1, "a"), (3, "a"))), (1, 1));
        assert_eq!((of((1, "a"), (1, "b")), of((1, "a"), (2, "a"))), (0, 0));
        assert_eq!((of((4, "a"), (4, "a")), of((1, "Cargo.lock"), (1, "Cargo.lock"))), (0, 0));
        let mut facts = commits(1, "a", &[(0, 30, 0), (9, 0, 30)]);
        let Fact::Commit(it) = &mut facts[1] else { unreachable!() };
        it.parents = Some(vec!["1".to_owned(), "2".to_owned()]);
        assert_eq!(seen(FlagKind::Churn, &facts), []);
    }
}
