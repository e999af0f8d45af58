//! Merged by author.

use lodge_kernel::StudentId;

use super::merged_of;
use crate::{Outcome, Record, Request};

/// Which share of the student's merged merge requests the student merged, after
/// another member approved them. Without approval, and when nobody told who
/// merged, they do not fit.
pub(super) fn check(student: StudentId, record: &Record<'_>) -> Outcome {
    let fits = |of: &Request<'_>| {
        let is_own = of.it.merged_by.is_some_and(|by| record.is(by, student));
        is_own && of.approved_by_another(record, of.it.merged_at)
    };
    let requests = merged_of(record, student).map(|(project, it)| project.request(it, fits(it)));
    Outcome::share(
        ("merged merge requests", "were merged by their author after approval"),
        requests.collect(),
    )
}

#[cfg(test)]
mod tests {
    use lodge_activity::{ActorId, Fact, MergeRequest};

    use super::*;
    use crate::{
        Points, Status,
        testing::{ADA, approval, merged, people, record, request},
    };

    fn merged_by(by: u8, number: u64) -> Fact<ActorId> {
        Fact::MergeRequest(merged(by, 60, request(number, 1, 0)))
    }

    fn approved(number: u64, by: u8, minutes: i64) -> Fact<ActorId> {
        Fact::Approval(approval(number, by, minutes))
    }

    fn found(facts: &[Fact<ActorId>]) -> Outcome {
        check(ADA, &record(&people(), facts))
    }

    #[test]
    fn the_author_merges_after_approval_under_any_account() {
        for by in [1, 3] {
            let facts = [merged_by(by, 1), approved(1, 2, 30)];
            assert_eq!(found(&facts).status(), Status::Passed, "{by}");
        }
    }

    #[test]
    fn a_merge_of_another_or_without_approval_does_not_fit() {
        for by in [2, 4, 9] {
            let facts = [merged_by(by, 1), approved(1, 2, 30)];
            assert_eq!(found(&facts).status(), Status::Failed, "{by}");
        }
        for (by, minutes) in [(2, 61), (1, 30), (3, 30), (4, 30), (9, 30)] {
            let facts = [merged_by(1, 1), approved(1, by, minutes)];
            assert_eq!(found(&facts).status(), Status::Failed, "{by} {minutes}");
        }
        let untold = MergeRequest { merged_by: None, ..merged(1, 60, request(1, 1, 0)) };
        let facts = [Fact::MergeRequest(untold), approved(1, 2, 30)];
        assert_eq!(found(&facts).status(), Status::Failed);
    }

    #[test]
    fn some_were() {
        let found = found(&[merged_by(1, 1), approved(1, 2, 30), merged_by(1, 2)]);
        assert_eq!(found.points, Some(Points::of_hundredths(5_000)));
        let because = "1 of 2 merged merge requests were merged by their author after approval";
        assert_eq!(found.because, because);
    }

    #[test]
    fn only_merged_ones_are_judged() {
        let of_other = Fact::MergeRequest(merged(1, 60, request(2, 2, 0)));
        let facts = [Fact::MergeRequest(request(1, 1, 0)), of_other, approved(1, 2, 30)];
        assert_eq!(found(&facts).status(), Status::NotApplicable);
    }
}
