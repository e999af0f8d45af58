//! Facts wound back.

use lodge_activity::{ActorId, CiStatus, Fact, IssueState, MergeRequestState};
use lodge_kernel::Timestamp;

/// The fact as it stood at an instant, as far as it can be known: what happened
/// later did not happen yet. `None` when it was not there. Texts, labels and
/// assignees are those of now: hosts do not tell what they were.
pub fn as_of(fact: &Fact<ActorId>, at: Timestamp) -> Option<Fact<ActorId>> {
    if fact.at() > at {
        return None;
    }
    let is_later = |it: Option<Timestamp>| it.is_some_and(|it| it > at);
    let mut fact = fact.clone();
    match &mut fact {
        Fact::MergeRequest(it) => {
            if is_later(it.merged_at) || is_later(it.closed_at) {
                it.state = MergeRequestState::Opened;
                it.merged_by = None;
            }
            it.merged_at = it.merged_at.filter(|it| *it <= at);
            it.closed_at = it.closed_at.filter(|it| *it <= at);
        }
        Fact::Issue(it) => {
            if is_later(it.closed_at) {
                it.state = IssueState::Opened;
            }
            it.closed_at = it.closed_at.filter(|it| *it <= at);
        }
        Fact::Note(it) => {
            // A thread is settled by a change of its remark.
            if it.updated_at > at && it.resolved == Some(true) {
                it.resolved = Some(false);
            }
        }
        Fact::Pipeline(it) => {
            if is_later(it.finished_at) {
                it.status = CiStatus::Running;
            }
            it.finished_at = it.finished_at.filter(|it| *it <= at);
        }
        Fact::Commit(_) | Fact::Approval(_) | Fact::CiJob(_) | Fact::Milestone(_) => {}
    }
    Some(fact)
}

#[cfg(test)]
mod tests {
    use lodge_activity::Subject;

    use super::*;
    use crate::testing::{at, closed, issue, merged, note, request, run};

    #[test]
    fn what_was_not_there_is_not_there() {
        let facts = [
            Fact::MergeRequest(request(1, 1, 10)),
            Fact::Issue(issue(1, 1, &[], 10)),
            Fact::Note(note("1", Subject::Issue(1), 1, 10, "Why?")),
            Fact::Pipeline(run("1", "a", CiStatus::Success, 10)),
        ];
        for fact in facts {
            assert_eq!(as_of(&fact, at(9)), None);
            assert_eq!(as_of(&fact, at(99)), Some(fact));
        }
    }

    #[test]
    fn what_ended_later_had_not_ended() {
        let of = |fact: Fact<ActorId>| as_of(&fact, at(20));
        let open = Fact::MergeRequest(request(1, 1, 10));
        match of(Fact::MergeRequest(merged(2, 30, request(1, 1, 10)))) {
            Some(Fact::MergeRequest(it)) => {
                assert_eq!((it.state, it.merged_at), (MergeRequestState::Opened, None));
                assert_eq!(it.merged_by, None);
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(of(open.clone()), Some(open));
        match of(Fact::Issue(closed(30, issue(1, 1, &[], 10)))) {
            Some(Fact::Issue(it)) => {
                assert_eq!((it.state, it.closed_at), (IssueState::Opened, None));
            }
            other => panic!("{other:?}"),
        }
        match of(Fact::Pipeline(run("1", "a", CiStatus::Failed, 20))) {
            Some(Fact::Pipeline(it)) => assert_eq!(it.status, CiStatus::Running),
            other => panic!("{other:?}"),
        }
        let settled = lodge_activity::Note {
            resolved: Some(true),
            updated_at: at(30),
            ..note("1", Subject::Issue(1), 1, 10, "Why?")
        };
        match of(Fact::Note(settled)) {
            Some(Fact::Note(it)) => assert_eq!(it.resolved, Some(false)),
            other => panic!("{other:?}"),
        }
    }
}
