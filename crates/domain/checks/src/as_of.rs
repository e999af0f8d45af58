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
