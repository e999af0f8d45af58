//! Spread over time.

use std::time::Duration;

use lodge_kernel::StudentId;

use super::{share, team_commits};
use crate::{Outcome, Record};

/// A team at work for less has no last days.
const SHORTEST: Duration = Duration::from_hours(7 * 24);

/// How much of the student's changed lines was written before the last fifth of
/// the time from the team's first commit to its last: all points when at least
/// 60 % of them were, half of them for 30 %, none for none. Not applicable to
/// less than seven days. The evidence is the student's commits with lines; those
/// of the last fifth speak against.
///
/// Formula: 100 × min(1, early lines ÷ (0.6 × all lines)).
pub(super) fn indicate(student: StudentId, record: &Record<'_>) -> Outcome {
    let first = team_commits(record).map(|it| it.authored_at).min();
    let last = team_commits(record).map(|it| it.authored_at).max();
    let Some((first, last)) = first.zip(last) else {
        return Outcome::not_applicable("the team has no commits");
    };
    let period = last.since(first);
    if period < SHORTEST {
        return Outcome::not_applicable("the team has worked for less than seven days");
    }
    let mut evidence = Vec::new();
    let (mut early, mut all) = (0_u64, 0_u64);
    for (project, it) in record.commits_of(student) {
        let lines = it.own_lines().changed();
        if lines == 0 {
            continue;
        }
        let is_early = last.since(it.authored_at).saturating_mul(5) >= period;
        all = all.saturating_add(lines);
        early = early.saturating_add(if is_early { lines } else { 0 });
        evidence.push(project.commit(it, is_early));
    }
    let Some(points) = share(early.saturating_mul(5), all.saturating_mul(3)) else {
        return Outcome::not_applicable("there are no changed lines");
    };
    let because = format!("{early} of {all} changed lines are from before the last fifth");
    Outcome::new(points, because, evidence)
}

#[cfg(test)]
mod tests {
    use lodge_activity::Fact;

    use super::*;
    use crate::{
        Points, Status,
        testing::{ADA, BOB, commit, people, record},
    };

    const DAY: i64 = 24 * 60;

    /// By author and day, with as many lines.
    fn indicated(student: StudentId, commits: &[(u8, i64, u32)]) -> Outcome {
        let written = |(n, (author, minutes, additions)): (usize, &(u8, i64, u32))| {
            let mut it = commit(&format!("c{n}"), &["root"], *author, *minutes);
            it.changes.as_mut().unwrap().files[0].additions = Some(*additions);
            Fact::Commit(it)
        };
        let facts: Vec<_> = commits.iter().enumerate().map(written).collect();
        indicate(student, &record(&people(), &facts))
    }

    #[test]
    fn two_fifths_may_come_last() {
        let commits = [(1, 0, 60), (2, 0, 3), (1, 9 * DAY, 40), (2, 10 * DAY, 7)];
        let ada = indicated(ADA, &commits);
        assert_eq!(ada.status(), Status::Passed);
        assert_eq!(ada.because, "60 of 100 changed lines are from before the last fifth");
        assert_eq!(ada.evidence.iter().map(|it| it.fits).collect::<Vec<_>>(), [false, true]);
        assert_eq!(indicated(BOB, &commits).points, Some(Points::of_hundredths(5_000)));
    }

    #[test]
    fn all_in_the_last_days_fails() {
        let commits = [(1, 0, 60), (2, 9 * DAY, 3), (2, 10 * DAY, 7)];
        assert_eq!(indicated(BOB, &commits).status(), Status::Failed);
    }

    #[test]
    fn the_last_fifth_begins_after_four() {
        let commits = |minutes| [(1, 0, 1), (2, minutes, 10), (1, 10 * DAY, 1)];
        assert_eq!(indicated(BOB, &commits(8 * DAY)).status(), Status::Passed);
        assert_eq!(indicated(BOB, &commits(8 * DAY + 1)).status(), Status::Failed);
    }

    #[test]
    fn a_week_is_needed_and_lines() {
        let week = |minutes| [(1, 0, 5), (1, minutes, 5), (2, 0, 0)];
        assert_eq!(indicated(ADA, &week(7 * DAY)).status(), Status::Partial);
        assert_eq!(indicated(ADA, &week(7 * DAY - 1)).status(), Status::NotApplicable);
        assert_eq!(indicated(BOB, &week(7 * DAY)).because, "there are no changed lines");
        assert_eq!(indicated(BOB, &[]).status(), Status::NotApplicable);
    }
}
