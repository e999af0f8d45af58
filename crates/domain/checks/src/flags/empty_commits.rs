//! Empty commits.

use lodge_activity::{ActorId, Commit};
use lodge_courses::settings::flags::EmptyCommits;
use lodge_kernel::StudentId;

use crate::{
    Record, Severity,
    flags::{
        Flag, FlagKind,
        work::{count, counted, in_order, work},
    },
};

/// Commits of one student that change no file at all: one flag for all of them.
/// Somebody may have made one to start a pipeline: it is medium from three
/// on, and high from ten on.
pub(super) fn find(record: &Record<'_>, settings: EmptyCommits) -> Vec<Flag> {
    record.members.iter().filter_map(|student| of(record, settings, *student)).collect()
}

fn of(record: &Record<'_>, settings: EmptyCommits, student: StudentId) -> Option<Flag> {
    let empty = record.projects.iter().flat_map(|project| {
        let empty = work(record, project, student).into_iter().filter(|it| is_empty(it));
        empty.map(|it| project.commit(it, false))
    });
    let mut evidence: Vec<_> = empty.collect();
    in_order(&mut evidence);
    let n = count(&evidence);
    if n < u64::from(settings.commits) {
        return None;
    }
    let severity = Severity::from_on(n, 3, 10);
    let verb = if n == 1 { "changes" } else { "change" };
    let because = format!("{} {verb} no file", counted(n, "commit"));
    Flag::new((FlagKind::EmptyCommits, severity), vec![student], because, evidence)
}

/// It is known to change no file. One whose parents nobody told may be a merge.
fn is_empty(it: &Commit<ActorId>) -> bool {
    let has_none = it.changes.as_ref().is_some_and(|it| it.files.is_empty() && it.left_out == 0);
    has_none && it.parents.is_some()
}

#[cfg(test)]
mod tests {
    use lodge_activity::{Changes, Fact};

    use super::*;
    use crate::{
        flags::testing::{ids, seen, with},
        testing::{ADA, at, commit},
    };

    fn empty(n: i64, author: u8) -> Fact<ActorId> {
        with(&[], commit(&format!("c{n:02}"), &["0"], author, n))
    }

    fn found(facts: &[Fact<ActorId>]) -> Vec<Flag> {
        seen(FlagKind::EmptyCommits, facts)
    }

    #[test]
    fn all_of_a_student_are_one_flag() {
        let facts = [empty(7, 3), empty(2, 1), Fact::Commit(commit("full", &[], 1, 3))];
        let flags = found(&facts);
        let [flag] = &flags[..] else { panic!("{flags:?}") };
        assert_eq!((&flag.students[..], flag.at), (&[ADA][..], at(2)));
        assert_eq!(ids(flag), ["c02", "c07"]);
        assert_eq!(flag.because, "2 commits change no file");
        assert_eq!(found(&facts[1..])[0].because, "1 commit changes no file");
        assert_eq!(found(&facts[2..]), []);
        assert_eq!(found(&facts[..1])[0].key(), flag.key());
    }

    #[test]
    fn how_many_there_are_says_how_much_it_matters() {
        let severity = |n| found(&(0..n).map(|n| empty(n, 1)).collect::<Vec<_>>())[0].severity;
        assert_eq!(
            [2, 3, 9, 10].map(severity),
            [Severity::Low, Severity::Medium, Severity::Medium, Severity::High]
        );
    }

    #[test]
    fn who_does_not_know_says_nothing() {
        let it = commit("a", &["0"], 1, 0);
        let nothing = Some(Changes::default());
        let left_out = Some(Changes { left_out: 1, ..Changes::default() });
        let merge = commit("b", &["0", "1"], 1, 0);
        let facts = [
            Commit { changes: None, ..it.clone() },
            Commit { changes: left_out, ..it.clone() },
            Commit { changes: nothing.clone(), parents: None, ..it },
            Commit { changes: nothing, ..merge },
        ];
        for it in facts {
            assert_eq!(found(&[Fact::Commit(it)]), []);
        }
        assert_eq!((found(&[empty(1, 4)]), found(&[empty(1, 9)])), (vec![], vec![]));
    }
}
