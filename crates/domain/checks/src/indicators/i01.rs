//! Commit regularity.

use std::collections::BTreeMap;

use lodge_activity::{ActorId, Commit};
use lodge_kernel::{Day, StudentId};

use super::{share, team_commits};
use crate::{Outcome, Record};

/// The share of weeks in which the student wrote a commit: of those from the
/// team's first commit to its last, both counted. Weeks begin on Monday, in
/// UTC. The evidence is the first commit of each week.
pub(super) fn indicate(student: StudentId, record: &Record<'_>) -> Outcome {
    let first = team_commits(record).map(week).min();
    let last = team_commits(record).map(week).max();
    let (Some(first), Some(last)) = (first, last) else {
        return Outcome::not_applicable("the team has no commits");
    };
    let mut own = BTreeMap::new();
    for (project, it) in record.commits_of(student) {
        let found = own.entry(week(it)).or_insert((project, it));
        if it.authored_at < found.1.authored_at {
            *found = (project, it);
        }
    }
    let weeks = last.days_since(first) / 7 + 1;
    let with = u64::try_from(own.len()).unwrap_or(u64::MAX);
    let evidence = own.into_values().map(|(project, it)| project.commit(it, true)).collect();
    let because = format!("{with} of {weeks} weeks have a commit");
    Outcome::new(share(with, weeks).unwrap_or_default(), because, evidence)
}

fn week(it: &Commit<ActorId>) -> Day {
    Day::of(it.authored_at, 0).monday()
}

#[cfg(test)]
mod tests {
    use lodge_activity::Fact;

    use super::*;
    use crate::{
        Item, Status,
        testing::{ADA, BOB, commit, people, record},
    };

    const DAY: i64 = 24 * 60;

    fn indicated(student: StudentId, commits: &[(&str, u8, i64)]) -> Outcome {
        let facts: Vec<_> = commits
            .iter()
            .map(|(sha, author, minutes)| Fact::Commit(commit(sha, &["root"], *author, *minutes)))
            .collect();
        indicate(student, &record(&people(), &facts))
    }

    #[test]
    fn weeks_with_a_commit_count_once() {
        let commits = [("a", 1, 0), ("b", 3, 5), ("c", 2, 7 * DAY), ("d", 2, 22 * DAY)];
        let ada = indicated(ADA, &commits);
        assert_eq!(ada.points.map(crate::Points::hundredths), Some(2_500));
        assert_eq!(ada.because, "1 of 4 weeks have a commit");
        let evidence: Vec<_> = ada.evidence.iter().map(|it| it.item.clone()).collect();
        assert_eq!(evidence, [Item::Commit("a".to_owned())]);
        assert_eq!(indicated(BOB, &commits).because, "2 of 4 weeks have a commit");
    }

    #[test]
    fn every_week_passes_and_none_fails() {
        let commits = [("a", 1, 0), ("b", 1, 7 * DAY)];
        assert_eq!(indicated(ADA, &commits).status(), Status::Passed);
        assert_eq!(indicated(BOB, &commits).status(), Status::Failed);
    }

    #[test]
    fn a_week_begins_on_monday() {
        // Everything begins on a Monday, at 14:13.
        let sunday = [("a", 1, 0), ("b", 2, 7 * DAY - 15 * 60)];
        assert_eq!(indicated(ADA, &sunday).because, "1 of 1 weeks have a commit");
        let monday = [("a", 1, 0), ("b", 2, 7 * DAY - 14 * 60)];
        assert_eq!(indicated(ADA, &monday).because, "1 of 2 weeks have a commit");
    }

    #[test]
    fn commits_of_strangers_and_programs_are_not_the_teams() {
        let commits = [("a", 9, -700 * DAY), ("b", 4, 0), ("c", 1, DAY)];
        assert_eq!(indicated(ADA, &commits).status(), Status::Passed);
        assert_eq!(indicated(ADA, &commits[..2]).status(), Status::NotApplicable);
    }
}
