//! Branch and merge request created.

use lodge_courses::settings::CheckSetting;
use lodge_kernel::StudentId;
use regex_automata::meta::Regex;

use crate::{Outcome, Record, setting::pattern};

/// Which share of the student's merge requests comes from a branch whose name
/// fits `pattern`. No name fits what is no pattern.
pub(super) fn check(setting: &CheckSetting, student: StudentId, record: &Record<'_>) -> Outcome {
    let wanted = Regex::new(pattern(setting, "pattern")).ok();
    let fits = |branch: &str| wanted.as_ref().is_some_and(|it| it.is_match(branch));
    let requests = record.requests_of(student);
    let requests = requests.map(|(project, it)| project.request(it, fits(&it.it.source_branch)));
    Outcome::share(("merge requests", "have a branch of the wanted name"), requests.collect())
}

#[cfg(test)]
mod tests {
    use lodge_activity::{ActorId, Fact, MergeRequest};
    use lodge_courses::settings::Param;

    use super::*;
    use crate::{
        Points, Status,
        testing::{ADA, BOB, people, record, request, usual},
    };

    fn from(branch: &str, number: u64, author: u8) -> Fact<ActorId> {
        let source_branch = branch.to_owned();
        Fact::MergeRequest(MergeRequest { source_branch, ..request(number, author, 0) })
    }

    fn found(facts: &[Fact<ActorId>], student: StudentId) -> Outcome {
        check(&usual("R02"), student, &record(&people(), facts))
    }

    #[test]
    fn a_branch_is_named_after_its_issue() {
        let good = [from("17-add-search", 1, 1), from("issue-8-fix", 2, 3)];
        assert_eq!(found(&good, ADA).status(), Status::Passed);
        let bad = [from("main", 1, 1), from("17-Add-Search", 2, 1), from("17", 3, 1)];
        assert_eq!(found(&bad, ADA).status(), Status::Failed);
    }

    #[test]
    fn what_does_not_fit_is_shown_first() {
        let facts = [from("17-a", 1, 1), from("patch", 2, 1), from("18-b", 3, 1), from("x", 4, 2)];
        let found = found(&facts, ADA);
        assert_eq!(found.points, Some(Points::of_hundredths(6_667)));
        assert_eq!(found.because, "2 of 3 merge requests have a branch of the wanted name");
        let fits: Vec<_> = found.evidence.iter().map(|it| (it.item.id(), it.fits)).collect();
        assert_eq!(
            fits,
            [("2", false), ("1", true), ("3", true)].map(|it| (it.0.to_owned(), it.1))
        );
    }

    #[test]
    fn without_a_merge_request_there_is_nothing_to_judge() {
        let facts = [from("17-a", 1, 4), from("17-b", 2, 9), from("17-c", 3, 2)];
        let found = found(&facts, ADA);
        assert_eq!(
            (found.status(), found.because.as_str()),
            (Status::NotApplicable, "there are no merge requests")
        );
    }

    #[test]
    fn no_branch_fits_what_is_no_pattern() {
        let mut setting = usual("R02");
        setting.params = vec![("pattern", Param::Pattern("(".to_owned()))];
        let facts = [from("17-a", 1, 2)];
        let found = check(&setting, BOB, &record(&people(), &facts));
        assert_eq!(found.status(), Status::Failed);
    }
}
