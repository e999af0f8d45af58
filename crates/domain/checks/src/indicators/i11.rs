//! Size of commits.

use lodge_kernel::StudentId;

use crate::{Outcome, Record};

/// A commit of more changed lines is large.
const MOST: u64 = 300;

/// The share of the student's commits with at most 300 changed lines. Generated
/// files are left out, and so are commits that change nothing else, and those
/// that nobody has read yet. A commit of more files than are kept is large.
pub(super) fn indicate(student: StudentId, record: &Record<'_>) -> Outcome {
    let sized = record.commits_of(student).filter_map(|(project, it)| {
        let lines = it.own_lines().changed();
        let is_cut = it.changes.as_ref()?.left_out > 0;
        (lines > 0 || is_cut).then(|| project.commit(it, lines <= MOST && !is_cut))
    });
    let what = ("commits with changed lines", "have at most 300");
    Outcome::share(what, sized.collect())
}

#[cfg(test)]
mod tests {
    use lodge_activity::{ActorId, Changes, Commit, Fact};

    use super::*;
    use crate::{
        Status,
        testing::{ADA, BOB, commit, people, record},
    };

    fn sized(sha: &str, author: u8, additions: u32, deletions: u32) -> Commit<ActorId> {
        let mut it = commit(sha, &["root"], author, 0);
        let file = &mut it.changes.as_mut().unwrap().files[0];
        (file.additions, file.deletions) = (Some(additions), Some(deletions));
        it
    }

    fn indicated(student: StudentId, commits: &[Commit<ActorId>]) -> Outcome {
        let facts: Vec<_> = commits.iter().cloned().map(Fact::Commit).collect();
        indicate(student, &record(&people(), &facts))
    }

    #[test]
    fn three_hundred_lines_are_still_small() {
        let commits = [sized("a", 1, 200, 100), sized("b", 3, 200, 101), sized("c", 2, 301, 0)];
        let ada = indicated(ADA, &commits);
        assert_eq!(ada.status(), Status::Partial);
        assert_eq!(ada.because, "1 of 2 commits with changed lines have at most 300");
        assert_eq!(indicated(ADA, &commits[..1]).status(), Status::Passed);
        assert_eq!(indicated(BOB, &commits).status(), Status::Failed);
    }

    #[test]
    fn commits_that_say_nothing_of_size_are_left_out() {
        let unread = Commit { changes: None, ..sized("a", 1, 1, 0) };
        let empty = Commit { changes: Some(Changes::default()), ..sized("b", 1, 1, 0) };
        let mut lock = sized("c", 1, 900, 0);
        "Cargo.lock".clone_into(&mut lock.changes.as_mut().unwrap().files[0].path);
        let commits = [unread, empty, lock];
        assert_eq!(indicated(ADA, &commits).status(), Status::NotApplicable);
    }

    #[test]
    fn a_commit_of_too_many_files_is_large() {
        let mut it = sized("a", 1, 5, 0);
        it.changes.as_mut().unwrap().left_out = 1;
        assert_eq!(indicated(ADA, &[it]).status(), Status::Failed);
    }
}
