//! Facts wound back.

use lodge_activity::{ActorId, CiStatus, Fact, IssueState, MergeRequestState};
use lodge_kernel::Timestamp;

/// The fact as it stood at an instant, as far as it can be known: what happened
/// later did not happen yet, and nothing had changed after it. `None` when it
/// was not there. What ended without anybody telling when, ended with its last
/// change. Texts, labels and assignees are those of now: hosts do not tell what
/// they were.
pub fn as_of(fact: &Fact<ActorId>, at: Timestamp) -> Option<Fact<ActorId>> {
    if fact.at() > at {
        return None;
    }
    let mut fact = fact.clone();
    match &mut fact {
        Fact::MergeRequest(it) => {
            let end = match it.state {
                MergeRequestState::Opened => None,
                MergeRequestState::Closed => Some(it.closed_at.unwrap_or(it.updated_at)),
                MergeRequestState::Merged => {
                    Some(it.merged_at.or(it.closed_at).unwrap_or(it.updated_at))
                }
            };
            if is_later(end, at) {
                it.state = MergeRequestState::Opened;
                it.merged_by = None;
            }
            it.merged_at = it.merged_at.filter(|it| *it <= at);
            it.closed_at = it.closed_at.filter(|it| *it <= at);
            it.updated_at = it.updated_at.min(at);
        }
        Fact::Issue(it) => {
            let is_closed = it.state == IssueState::Closed;
            let end = is_closed.then(|| it.closed_at.unwrap_or(it.updated_at));
            if is_later(end, at) {
                it.state = IssueState::Opened;
            }
            it.closed_at = it.closed_at.filter(|it| *it <= at);
            it.updated_at = it.updated_at.min(at);
        }
        Fact::Note(it) => {
            // A thread is settled by a change of its remark.
            if it.updated_at > at && it.resolved == Some(true) {
                it.resolved = Some(false);
            }
            it.updated_at = it.updated_at.min(at);
        }
        Fact::Pipeline(it) => {
            let end = it.finished_at.unwrap_or(it.updated_at);
            let before = before_end(it.status, it.started_at, Some(end), at);
            if let Some(status) = before {
                (it.status, it.coverage) = (status, None);
            }
            (it.started_at, it.finished_at) = times(before, it.started_at, it.finished_at, at);
            it.updated_at = it.updated_at.min(at);
        }
        Fact::CiJob(it) => {
            let before = before_end(it.status, it.started_at, it.finished_at, at);
            if let Some(status) = before {
                (it.status, it.coverage) = (status, None);
            }
            (it.started_at, it.finished_at) = times(before, it.started_at, it.finished_at, at);
        }
        Fact::Commit(_) | Fact::Approval(_) | Fact::Milestone(_) => {}
    }
    Some(fact)
}

fn is_later(it: Option<Timestamp>, at: Timestamp) -> bool {
    it.is_some_and(|it| it > at)
}

/// How what runs stood at an instant before its beginning or its end. `None`
/// when it stood as it does now.
fn before_end(
    status: CiStatus,
    started: Option<Timestamp>,
    end: Option<Timestamp>,
    at: Timestamp,
) -> Option<CiStatus> {
    if is_later(started, at) {
        Some(CiStatus::Pending)
    } else {
        (status.has_ended() && is_later(end, at)).then_some(CiStatus::Running)
    }
}

/// When what runs had begun and ended, as far as it had.
fn times(
    before: Option<CiStatus>,
    started: Option<Timestamp>,
    finished: Option<Timestamp>,
    at: Timestamp,
) -> (Option<Timestamp>, Option<Timestamp>) {
    let finished = finished.filter(|it| before.is_none() && *it <= at);
    (started.filter(|it| *it <= at), finished)
}

#[cfg(test)]
mod tests {
    use lodge_activity::{
        CiJob, Issue, MergeRequest, Milestone, MilestoneKind, Note, Pipeline, Subject,
    };
    use proptest::{option, prelude::*, sample::select};

    use super::*;
    use crate::testing::{approval, at, closed, commit, issue, merged, note, request, run, who};

    fn job(status: CiStatus, started: Option<i64>, finished: Option<i64>) -> CiJob<ActorId> {
        CiJob {
            id: "1".to_owned(),
            pipeline: "1".to_owned(),
            name: "test".to_owned(),
            stage: None,
            status,
            by: None,
            created_at: at(10),
            started_at: started.map(at),
            finished_at: finished.map(at),
            coverage: Some(8_000),
        }
    }

    fn release() -> Milestone<ActorId> {
        Milestone {
            kind: MilestoneKind::Release,
            id: "v1".to_owned(),
            name: "v1".to_owned(),
            sha: None,
            status: None,
            removed: false,
            by: None,
            at: at(10),
        }
    }

    fn wound(fact: &Fact<ActorId>, minutes: i64) -> Fact<ActorId> {
        as_of(fact, at(minutes)).unwrap()
    }

    #[test]
    fn what_was_not_there_is_not_there() {
        let facts = [
            Fact::Commit(commit("a", &[], 1, 10)),
            Fact::MergeRequest(request(1, 1, 10)),
            Fact::Approval(approval(1, 2, 10)),
            Fact::Issue(issue(1, 1, &[], 10)),
            Fact::Note(note("1", Subject::Issue(1), 1, 10, "Why?")),
            Fact::Pipeline(run("1", "a", CiStatus::Success, 10)),
            Fact::CiJob(job(CiStatus::Success, Some(10), Some(11))),
            Fact::Milestone(release()),
        ];
        for fact in facts {
            assert_eq!(as_of(&fact, at(9)), None);
            assert!(as_of(&fact, at(10)).is_some());
            assert_eq!(as_of(&fact, at(99)), Some(fact));
        }
    }

    #[test]
    fn a_merge_request_was_open_before_its_end() {
        let open = request(1, 1, 10);
        let then = MergeRequest { updated_at: at(20), ..open.clone() };
        let ended = |state, merged_at: Option<i64>, closed_at: Option<i64>| MergeRequest {
            state,
            merged_by: (state == MergeRequestState::Merged).then(|| who(2)),
            merged_at: merged_at.map(at),
            closed_at: closed_at.map(at),
            updated_at: at(30),
            ..open.clone()
        };
        for it in [
            merged(2, 30, open.clone()),
            ended(MergeRequestState::Closed, None, Some(30)),
            // Nobody told when: with the last change.
            ended(MergeRequestState::Merged, None, None),
            ended(MergeRequestState::Merged, None, Some(30)),
            ended(MergeRequestState::Closed, None, None),
        ] {
            let it = Fact::MergeRequest(it);
            assert_eq!(wound(&it, 20), Fact::MergeRequest(then.clone()));
            assert_eq!(wound(&it, 30), it);
        }
    }

    #[test]
    fn a_merged_merge_request_stays_merged_whatever_came_after() {
        let it = MergeRequest {
            closed_at: Some(at(30)),
            updated_at: at(40),
            ..merged(2, 15, request(1, 1, 10))
        };
        let then = MergeRequest { closed_at: None, updated_at: at(20), ..it.clone() };
        assert_eq!(wound(&Fact::MergeRequest(it), 20), Fact::MergeRequest(then));
    }

    #[test]
    fn what_was_opened_again_is_open() {
        let it = Issue { closed_at: Some(at(15)), ..issue(1, 1, &[], 10) };
        assert_eq!(wound(&Fact::Issue(it.clone()), 20), Fact::Issue(it));
    }

    #[test]
    fn an_issue_was_open_before_its_end() {
        let open = issue(1, 1, &[], 10);
        let then = Issue { updated_at: at(20), ..open.clone() };
        let told = closed(30, open);
        for it in [told.clone(), Issue { closed_at: None, ..told }] {
            let it = Fact::Issue(it);
            assert_eq!(wound(&it, 20), Fact::Issue(then.clone()));
            assert_eq!(wound(&it, 30), it);
        }
    }

    #[test]
    fn a_thread_was_not_settled_before_its_last_change() {
        let asked = note("1", Subject::Issue(1), 1, 10, "Why?");
        let settled = Note { resolved: Some(true), updated_at: at(30), ..asked.clone() };
        let then = Note { resolved: Some(false), updated_at: at(20), ..asked.clone() };
        assert_eq!(wound(&Fact::Note(settled), 20), Fact::Note(then));
        // Edited later: it says what it says now, and asked for nothing then either.
        let edited = Note { updated_at: at(30), ..asked.clone() };
        let then = Note { updated_at: at(20), ..asked };
        assert_eq!(wound(&Fact::Note(edited), 20), Fact::Note(then));
    }

    #[test]
    fn a_run_waited_then_ran_then_ended() {
        let ended = Pipeline {
            started_at: Some(at(20)),
            finished_at: Some(at(30)),
            updated_at: at(40),
            coverage: Some(8_000),
            ..run("1", "a", CiStatus::Failed, 10)
        };
        let (early, late) = (CiStatus::Pending, CiStatus::Running);
        let then = |minutes, status, started: Option<i64>| Pipeline {
            status,
            started_at: started.map(at),
            finished_at: None,
            updated_at: at(minutes),
            coverage: None,
            ..ended.clone()
        };
        let whole = Fact::Pipeline(ended.clone());
        assert_eq!(wound(&whole, 15), Fact::Pipeline(then(15, early, None)));
        assert_eq!(wound(&whole, 25), Fact::Pipeline(then(25, late, Some(20))));
        assert_eq!(
            wound(&whole, 35),
            Fact::Pipeline(Pipeline { updated_at: at(35), ..ended.clone() })
        );
        // Nobody told when it ended: with its last change.
        let untold = Fact::Pipeline(Pipeline { finished_at: None, ..ended.clone() });
        assert_eq!(wound(&untold, 35), Fact::Pipeline(then(35, late, Some(20))));
    }

    #[test]
    fn a_job_waited_then_ran_then_ended() {
        let whole = Fact::CiJob(job(CiStatus::Success, Some(20), Some(30)));
        let then = |status, started| CiJob { coverage: None, ..job(status, started, None) };
        assert_eq!(wound(&whole, 15), Fact::CiJob(then(CiStatus::Pending, None)));
        assert_eq!(wound(&whole, 25), Fact::CiJob(then(CiStatus::Running, Some(20))));
        assert_eq!(wound(&whole, 30), whole);
        // When it ended cannot be known.
        let untold = Fact::CiJob(job(CiStatus::Success, Some(10), None));
        assert_eq!(wound(&untold, 15), untold);
    }

    /// Facts as odd as hosts may tell them: what ends may end before it begins.
    fn some_fact() -> impl Strategy<Value = Fact<ActorId>> {
        let minutes = || 0..40_i64;
        let maybe = || option::of(0..40_i64);
        let times = (minutes(), minutes(), maybe(), maybe());
        let states = (
            select(&MergeRequestState::ALL[..]),
            select(&IssueState::ALL[..]),
            select(&CiStatus::ALL[..]),
            option::of(any::<bool>()),
        );
        (0..8_u8, times, states).prop_map(|(kind, (made, changed, one, other), states)| {
            let (updated_at, one, other) = (at(changed), one.map(at), other.map(at));
            let (merge, state, ci, resolved) = states;
            match kind {
                0 => Fact::Commit(commit("a", &[], 1, made)),
                1 => Fact::MergeRequest(MergeRequest {
                    state: merge,
                    merged_by: resolved.map(|_| who(2)),
                    merged_at: one,
                    closed_at: other,
                    updated_at,
                    ..request(1, 1, made)
                }),
                2 => Fact::Approval(approval(1, 2, made)),
                3 => Fact::Note(Note {
                    resolved,
                    updated_at,
                    ..note("1", Subject::Issue(1), 1, made, "Why?")
                }),
                4 => {
                    let it = issue(1, 1, &[], made);
                    Fact::Issue(Issue { state, closed_at: one, updated_at, ..it })
                }
                5 => Fact::Pipeline(Pipeline {
                    started_at: one,
                    finished_at: other,
                    updated_at,
                    coverage: Some(1),
                    ..run("1", "a", ci, made)
                }),
                6 => Fact::CiJob(CiJob {
                    created_at: at(made),
                    started_at: one,
                    finished_at: other,
                    ..job(ci, None, None)
                }),
                _ => Fact::Milestone(release()),
            }
        })
    }

    proptest! {
        #[test]
        fn in_the_end_everything_stands_as_it_does(fact in some_fact()) {
            prop_assert_eq!(as_of(&fact, Timestamp::from_micros(i64::MAX)), Some(fact));
        }

        #[test]
        fn winding_back_by_steps_is_winding_back(fact in some_fact(), a in 0..45_i64, b in 0..45_i64) {
            let (a, b) = (at(a.min(b)), at(a.max(b)));
            let by_steps = as_of(&fact, b).and_then(|it| as_of(&it, a));
            prop_assert_eq!(by_steps, as_of(&fact, a));
        }

        #[test]
        fn winding_back_twice_changes_nothing(fact in some_fact(), minutes in 0..45_i64) {
            let once = as_of(&fact, at(minutes));
            let twice = once.as_ref().and_then(|it| as_of(it, at(minutes)));
            prop_assert_eq!(twice, once);
        }
    }
}
