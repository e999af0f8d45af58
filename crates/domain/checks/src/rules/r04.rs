//! Merge request linked to issue.

use lodge_kernel::StudentId;

use crate::{Outcome, Record};

/// Which share of the student's merge requests mentions an issue of the project.
pub(super) fn check(student: StudentId, record: &Record<'_>) -> Outcome {
    let requests = record.requests_of(student);
    let requests = requests.map(|(project, it)| project.request(it, !it.issues.is_empty()));
    Outcome::share(("merge requests", "mention an issue"), requests.collect())
}

#[cfg(test)]
mod tests {
    use lodge_activity::{ActorId, Commit, Fact, MergeRequest};

    use super::*;
    use crate::{
        Points, Status,
        testing::{ADA, commit, issue, people, record, request},
    };

    /// A merge request from a branch that is named after nothing.
    fn saying(description: &str, number: u64, author: u8) -> MergeRequest<ActorId> {
        MergeRequest {
            source_branch: "search".to_owned(),
            description: Some(description.to_owned()),
            ..request(number, author, 0)
        }
    }

    fn found(requests: &[MergeRequest<ActorId>]) -> Outcome {
        let requests = requests.iter().cloned().map(Fact::MergeRequest);
        let facts: Vec<_> = requests.chain([Fact::Issue(issue(17, 2, &[], 0))]).collect();
        check(ADA, &record(&people(), &facts))
    }

    #[test]
    fn text_or_branch_mention_the_issue() {
        let requests = [saying("Closes #17", 1, 1), request(2, 3, 0)];
        assert_eq!(found(&requests).status(), Status::Passed);
    }

    #[test]
    fn a_message_of_a_commit_mentions_it_too() {
        let message = "Search for #17".to_owned();
        let commit = Commit { message, ..commit("c1", &[], 1, 0) };
        let request = MergeRequest { head_sha: Some("c1".to_owned()), ..saying("", 1, 1) };
        let issue = Fact::Issue(issue(17, 2, &[], 0));
        let facts = [Fact::Commit(commit), Fact::MergeRequest(request), issue];
        assert_eq!(check(ADA, &record(&people(), &facts)).status(), Status::Passed);
    }

    #[test]
    fn some_do_and_some_do_not() {
        let found = found(&[saying("See #17", 1, 1), saying("Search", 2, 1), saying("", 3, 2)]);
        assert_eq!(found.points, Some(Points::of_hundredths(5_000)));
        assert_eq!(found.because, "1 of 2 merge requests mention an issue");
    }

    #[test]
    fn an_issue_that_is_not_there_is_none() {
        assert_eq!(found(&[saying("Closes #99", 1, 1)]).status(), Status::Failed);
    }

    #[test]
    fn those_of_others_and_of_programs_are_not_judged() {
        let requests = [request(1, 2, 0), request(2, 4, 0), request(3, 9, 0)];
        assert_eq!(found(&requests).status(), Status::NotApplicable);
    }
}
