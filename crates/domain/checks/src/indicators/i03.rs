//! Use of issues.

use lodge_kernel::StudentId;

use crate::{Outcome, Record};

/// How many issues are enough.
const TARGET: usize = 2;

/// Issues that the student wrote, or that are assigned to the student: two of
/// them. One that is both counts once.
pub(super) fn indicate(student: StudentId, record: &Record<'_>) -> Outcome {
    let issues = record.projects.iter().flat_map(|project| {
        let own = project
            .issues
            .values()
            .filter(|it| it.author.iter().chain(&it.assignees).any(|who| record.is(*who, student)));
        own.map(|it| project.issue(it, true))
    });
    Outcome::count("issues written or assigned", TARGET, issues.collect())
}

#[cfg(test)]
mod tests {
    use lodge_activity::{ActorId, Fact, Issue};

    use super::*;
    use crate::{
        Points, Status,
        testing::{ADA, BOB, issue, people, record},
    };

    fn indicated(student: StudentId, issues: &[Issue<ActorId>]) -> Outcome {
        let facts: Vec<_> = issues.iter().cloned().map(Fact::Issue).collect();
        indicate(student, &record(&people(), &facts))
    }

    #[test]
    fn written_and_assigned_issues_count() {
        let issues = [issue(1, 1, &[2], 0), issue(2, 9, &[3], 1), issue(3, 9, &[], 2)];
        let ada = indicated(ADA, &issues);
        assert_eq!(ada.status(), Status::Passed);
        assert_eq!(ada.because, "2 issues written or assigned, 2 wanted");
        assert_eq!(indicated(BOB, &issues).points, Some(Points::of_hundredths(5_000)));
        assert_eq!(indicated(BOB, &issues[1..]).status(), Status::Failed);
    }

    #[test]
    fn an_own_issue_of_ones_own_counts_once() {
        let ada = indicated(ADA, &[issue(1, 1, &[1, 3], 0)]);
        assert_eq!((ada.status(), ada.evidence.len()), (Status::Partial, 1));
    }
}
