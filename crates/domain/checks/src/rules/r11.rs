//! Merge request and issue closed.

use lodge_activity::IssueState;
use lodge_kernel::StudentId;

use super::merged_of;
use crate::{Outcome, Record};

/// Which share of the student's merged merge requests that mention issues
/// mentions closed ones only.
pub(super) fn check(student: StudentId, record: &Record<'_>) -> Outcome {
    let requests = merged_of(record, student).filter(|(_, it)| !it.issues.is_empty());
    let requests = requests.map(|(project, it)| {
        let mut issues = it.issues.iter().filter_map(|it| project.issues.get(it));
        project.request(it, issues.all(|it| it.state == IssueState::Closed))
    });
    Outcome::share(
        ("merged merge requests with issues", "have all of them closed"),
        requests.collect(),
    )
}

#[cfg(test)]
mod tests {
    use lodge_activity::{ActorId, Fact, Issue, MergeRequest};

    use super::*;
    use crate::{
        Points, Status,
        testing::{ADA, closed, issue, merged, people, record, request},
    };

    /// One that mentions issues, and was merged.
    fn saying(text: &str, number: u64, author: u8) -> MergeRequest<ActorId> {
        let (source_branch, title) = ("search".to_owned(), text.to_owned());
        MergeRequest { source_branch, title, ..merged(2, 60, request(number, author, 0)) }
    }

    fn found(requests: &[MergeRequest<ActorId>]) -> Outcome {
        let issues: [Issue<ActorId>; 3] =
            [closed(50, issue(1, 2, &[], 0)), closed(90, issue(2, 2, &[], 0)), issue(3, 2, &[], 0)];
        let requests = requests.iter().cloned().map(Fact::MergeRequest);
        let facts: Vec<_> = requests.chain(issues.map(Fact::Issue)).collect();
        check(ADA, &record(&people(), &facts))
    }

    #[test]
    fn all_issues_are_closed_sooner_or_later() {
        assert_eq!(found(&[saying("#1 #2", 1, 1), saying("#2", 2, 3)]).status(), Status::Passed);
    }

    #[test]
    fn one_that_is_open_is_one_too_many() {
        assert_eq!(found(&[saying("#1 #3", 1, 1)]).status(), Status::Failed);
    }

    #[test]
    fn what_mentions_no_issue_is_left_out() {
        let found = found(&[saying("#1", 1, 1), saying("#3", 2, 1), saying("Search #99", 3, 1)]);
        assert_eq!(found.points, Some(Points::of_hundredths(5_000)));
        let because = "1 of 2 merged merge requests with issues have all of them closed";
        assert_eq!(found.because, because);
    }

    #[test]
    fn without_issues_and_merges_there_is_nothing_to_judge() {
        let open = MergeRequest { title: "#1".to_owned(), ..request(1, 1, 0) };
        for it in [open, saying("Search", 1, 1), saying("#1", 1, 2), saying("#1", 1, 4)] {
            let found = found(std::slice::from_ref(&it));
            assert_eq!(found.status(), Status::NotApplicable, "{it:?}");
        }
    }
}
