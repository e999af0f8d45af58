//! Merge request approved.

use lodge_kernel::StudentId;

use super::merged_of;
use crate::{Outcome, Record};

/// Which share of the student's merged merge requests another member approved
/// before they were merged.
pub(super) fn check(student: StudentId, record: &Record<'_>) -> Outcome {
    let requests = merged_of(record, student)
        .map(|(project, it)| project.request(it, it.approved_by_another(record, it.it.merged_at)));
    Outcome::share(("merged merge requests", "were approved before"), requests.collect())
}

#[cfg(test)]
mod tests {
    use lodge_activity::{ActorId, Approval, Fact, MergeRequest};

    use super::*;
    use crate::{
        Points, Status,
        testing::{ADA, approval, merged, people, record, request},
    };

    fn own(number: u64) -> Fact<ActorId> {
        Fact::MergeRequest(merged(2, 60, request(number, 1, 0)))
    }

    fn approved(number: u64, by: u8, minutes: i64) -> Fact<ActorId> {
        Fact::Approval(approval(number, by, minutes))
    }

    fn found(facts: &[Fact<ActorId>]) -> Outcome {
        check(ADA, &record(&people(), facts))
    }

    #[test]
    fn another_member_approved_it_no_later_than_the_merge() {
        assert_eq!(found(&[own(1), approved(1, 2, 60)]).status(), Status::Passed);
        assert_eq!(found(&[own(1), approved(1, 2, 61)]).status(), Status::Failed);
    }

    #[test]
    fn when_nobody_told_of_the_merge_any_approval_counts() {
        let merged = MergeRequest { merged_at: None, ..merged(2, 60, request(1, 1, 0)) };
        let facts = [Fact::MergeRequest(merged), approved(1, 2, 90)];
        assert_eq!(found(&facts).status(), Status::Passed);
    }

    #[test]
    fn the_author_programs_and_strangers_do_not_approve() {
        for by in [1, 3, 4, 9] {
            assert_eq!(found(&[own(1), approved(1, by, 30)]).status(), Status::Failed, "{by}");
        }
        let refused = Approval { approved: false, ..approval(1, 2, 30) };
        assert_eq!(found(&[own(1), Fact::Approval(refused)]).status(), Status::Failed);
    }

    #[test]
    fn some_were_approved() {
        let found = found(&[own(1), own(2), own(3), approved(1, 2, 30), approved(3, 2, 30)]);
        assert_eq!(found.points, Some(Points::of_hundredths(6_667)));
        assert_eq!(found.because, "2 of 3 merged merge requests were approved before");
    }

    #[test]
    fn only_merged_ones_are_judged() {
        let of_other = Fact::MergeRequest(merged(1, 60, request(2, 2, 0)));
        let facts = [Fact::MergeRequest(request(1, 1, 0)), of_other, approved(1, 2, 30)];
        assert_eq!(found(&facts).status(), Status::NotApplicable);
    }
}
