//! Commits linked to issues.

use lodge_kernel::StudentId;

use super::brought::Brought;
use crate::{Outcome, Record, text};

/// The share of the student's commits that belong to an issue of the project:
/// the message mentions one, or a merge request that does brought the commit.
pub(super) fn indicate(student: StudentId, record: &Record<'_>) -> Outcome {
    let mut evidence = Vec::new();
    for project in &record.projects {
        let linked = Brought::by(project.requests.iter().filter(|it| !it.issues.is_empty()));
        for it in project.commits.iter().filter(|it| record.is(it.author, student)) {
            let mentions = |number| project.issues.contains_key(number);
            let fits = text::mentioned(&it.message).iter().any(mentions) || linked.has(it);
            evidence.push(project.commit(it, fits));
        }
    }
    Outcome::share(("commits", "belong to an issue"), evidence)
}

#[cfg(test)]
mod tests {
    use lodge_activity::{ActorId, Commit, Fact};

    use super::*;
    use crate::{
        Status,
        testing::{ADA, BOB, commit, issue, people, record, request},
    };

    fn said(sha: &str, author: u8, minutes: i64, message: &str) -> Commit<ActorId> {
        let mut it = commit(sha, &["root"], author, minutes);
        message.clone_into(&mut it.message);
        it
    }

    #[test]
    fn a_message_links_a_commit_to_an_issue_that_is_there() {
        let facts = [
            Fact::Issue(issue(17, 2, &[], 0)),
            Fact::Commit(said("a", 1, 1, "Add a search (#17)")),
            Fact::Commit(said("b", 1, 2, "Add a search (#18)")),
            Fact::Commit(said("c", 2, 3, "Closes #17")),
        ];
        let people = people();
        let record = record(&people, &facts);
        let ada = indicate(ADA, &record);
        assert_eq!(ada.status(), Status::Partial);
        assert_eq!(ada.because, "1 of 2 commits belong to an issue");
        assert_eq!(ada.evidence.iter().map(|it| it.fits).collect::<Vec<_>>(), [false, true]);
        assert_eq!(indicate(BOB, &record).status(), Status::Passed);
    }

    #[test]
    fn a_merge_request_links_its_commits() {
        let mut open = request(1, 1, 5);
        open.head_sha = Some("a".to_owned());
        let facts = [Fact::Commit(said("a", 1, 1, "Add")), Fact::MergeRequest(open)];
        let people = people();
        // The branch is named after an issue that is not there.
        assert_eq!(indicate(ADA, &record(&people, &facts)).status(), Status::Failed);
        let facts = [&facts[..], &[Fact::Issue(issue(17, 2, &[], 0))]].concat();
        assert_eq!(indicate(ADA, &record(&people, &facts)).status(), Status::Passed);
    }

    #[test]
    fn without_commits_there_is_nothing_to_link() {
        let (people, facts) = (people(), [Fact::Issue(issue(17, 1, &[1], 0))]);
        assert_eq!(indicate(ADA, &record(&people, &facts)).status(), Status::NotApplicable);
    }
}
