//! Distribution of work.

use lodge_activity::{ActorId, Commit};
use lodge_kernel::StudentId;

use super::{share, team_commits};
use crate::{Outcome, Record};

/// The student's part of the lines that the members changed, against an equal
/// part for each: all points from an equal part on, half of them for half of it.
/// Generated files are left out. The evidence is the student's commits with
/// lines.
pub(super) fn indicate(student: StudentId, record: &Record<'_>) -> Outcome {
    let members = record.members.len();
    if members < 2 {
        return Outcome::not_applicable("the team has less than two members");
    }
    let all = lines(team_commits(record));
    let own = lines(record.commits_of(student).map(|(_, it)| it));
    let times = u64::try_from(members).unwrap_or(u64::MAX);
    let Some(points) = share(own.saturating_mul(times), all) else {
        return Outcome::not_applicable("the team changed no lines");
    };
    let with_lines = record.commits_of(student).filter(|(_, it)| it.own_lines().changed() > 0);
    let evidence = with_lines.map(|(project, it)| project.commit(it, true)).collect();
    let because = format!("{own} of {all} changed lines, among {members} members");
    Outcome::new(points, because, evidence)
}

/// The changed lines of commits.
fn lines<'a>(commits: impl Iterator<Item = &'a Commit<ActorId>>) -> u64 {
    commits.fold(0, |sum, it| sum.saturating_add(it.own_lines().changed()))
}

#[cfg(test)]
mod tests {
    use lodge_activity::Fact;

    use super::*;
    use crate::{
        Points, Status,
        testing::{ADA, BOB, PROJECT, commit, people, record},
    };

    fn written(sha: &str, author: u8, additions: u32) -> Commit<ActorId> {
        let mut it = commit(sha, &["root"], author, 0);
        it.changes.as_mut().unwrap().files[0].additions = Some(additions);
        it
    }

    fn indicated(student: StudentId, commits: &[Commit<ActorId>]) -> Outcome {
        let facts: Vec<_> = commits.iter().cloned().map(Fact::Commit).collect();
        indicate(student, &record(&people(), &facts))
    }

    #[test]
    fn an_equal_part_is_all_that_is_wanted() {
        let commits = [written("a", 1, 30), written("b", 3, 60), written("c", 2, 30)];
        let ada = indicated(ADA, &commits);
        assert_eq!(ada.points, Some(Points::ALL));
        assert_eq!(ada.because, "90 of 120 changed lines, among 2 members");
        assert_eq!(ada.evidence.len(), 2);
        assert_eq!(indicated(BOB, &commits).points, Some(Points::of_hundredths(5_000)));
        let equal = [written("a", 1, 7), written("b", 2, 7)];
        assert_eq!(indicated(BOB, &equal).status(), Status::Passed);
    }

    #[test]
    fn no_lines_fail_and_generated_ones_are_none() {
        let mut lock = written("b", 2, 9_000);
        "Cargo.lock".clone_into(&mut lock.changes.as_mut().unwrap().files[0].path);
        let commits = [written("a", 1, 1), lock.clone()];
        let bob = indicated(BOB, &commits);
        assert_eq!((bob.status(), bob.evidence.len()), (Status::Failed, 0));
        assert_eq!(indicated(ADA, &[lock]).status(), Status::NotApplicable);
    }

    #[test]
    fn strangers_take_nothing_from_the_members() {
        let commits = [written("a", 9, 900), written("b", 1, 5), written("c", 2, 5)];
        assert_eq!(indicated(ADA, &commits).status(), Status::Passed);
    }

    #[test]
    fn one_member_has_nobody_to_share_with() {
        let (people, facts) = (people(), [Fact::Commit(written("a", 1, 5))]);
        let alone = Record::of(&[ADA], &people, [(PROJECT, facts.as_slice())]);
        assert_eq!(indicate(ADA, &alone).status(), Status::NotApplicable);
    }
}
