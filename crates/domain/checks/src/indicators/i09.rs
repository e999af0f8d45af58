//! Branch strategy.

use lodge_activity::{ActorId, Commit};
use lodge_kernel::StudentId;

use super::brought::Brought;
use crate::{Outcome, Record};

/// The share of the student's commits that a merge request brought, rather than
/// a push straight to a branch. Projects without merge requests are left out,
/// and so is a commit that a project begins with: there is no branch yet that
/// could take it in.
pub(super) fn indicate(student: StudentId, record: &Record<'_>) -> Outcome {
    let mut evidence = Vec::new();
    for project in record.projects.iter().filter(|it| !it.requests.is_empty()) {
        let brought = Brought::by(project.requests.iter());
        let own = project.commits.iter().filter(|it| record.is(it.author, student));
        let own = own.filter(|it| !is_first(it));
        evidence.extend(own.map(|it| project.commit(it, brought.has(it))));
    }
    if record.projects.iter().all(|it| it.requests.is_empty()) {
        return Outcome::not_applicable("there are no merge requests");
    }
    Outcome::share(("commits", "lie on a merge request"), evidence)
}

/// There is no commit before it.
fn is_first(it: &Commit<ActorId>) -> bool {
    it.parents.as_ref().is_some_and(Vec::is_empty)
}

#[cfg(test)]
mod tests {
    use lodge_activity::Fact;
    use lodge_kernel::ProjectId;
    use uuid::Uuid;

    use super::*;
    use crate::{
        Status,
        testing::{ADA, BOB, MEMBERS, PROJECT, commit, merged, people, record, request},
    };

    fn facts() -> Vec<Fact<ActorId>> {
        let mut open = request(1, 1, 9);
        open.head_sha = Some("b".to_owned());
        vec![
            Fact::Commit(commit("root", &[], 2, 0)),
            Fact::Commit(commit("a", &["root"], 1, 1)),
            Fact::Commit(commit("b", &["a"], 3, 2)),
            Fact::Commit(commit("c", &["root"], 2, 3)),
            Fact::MergeRequest(open),
        ]
    }

    #[test]
    fn commits_on_merge_requests_pass() {
        let (people, facts) = (people(), facts());
        let record = record(&people, &facts);
        let ada = indicate(ADA, &record);
        assert_eq!((ada.status(), ada.evidence.len()), (Status::Passed, 2));
        let bob = indicate(BOB, &record);
        assert_eq!(bob.status(), Status::Failed);
        assert_eq!(bob.because, "0 of 1 commits lie on a merge request");
    }

    #[test]
    fn a_push_beside_a_merge_request_is_partial() {
        let (people, mut facts) = (people(), facts());
        facts.push(Fact::Commit(commit("d", &["c"], 1, 4)));
        assert_eq!(
            indicate(ADA, &record(&people, &facts)).because,
            "2 of 3 commits lie on a merge request"
        );
    }

    #[test]
    fn what_a_merge_squashed_lies_on_it() {
        let people = people();
        let facts = [
            Fact::Commit(commit("s", &["root"], 1, 5)),
            Fact::MergeRequest(merged(1, 9, request(1, 1, 4))),
        ];
        assert_eq!(indicate(ADA, &record(&people, &facts)).status(), Status::Passed);
    }

    #[test]
    fn without_merge_requests_there_is_no_strategy_to_judge() {
        let (people, facts) = (people(), facts());
        let without = indicate(ADA, &record(&people, &facts[..4]));
        assert_eq!(without.status(), Status::NotApplicable);
        assert_eq!(without.because, "there are no merge requests");
        // A project without any does not count beside one with some.
        let other = ProjectId::from_uuid(Uuid::from_u128(8));
        let both = [(PROJECT, facts.as_slice()), (other, &facts[..4])];
        assert_eq!(indicate(ADA, &Record::of(MEMBERS, &people, both)).evidence.len(), 2);
    }
}
