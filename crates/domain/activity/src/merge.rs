//! What two tellings of one fact come to.
//!
//! Webhooks come twice, out of order and not at all; listings come late and
//! know more. So tellings of a fact stand in one order, and the greatest
//! counts: by the instant of the change, to the second, since webhooks are no
//! finer; within a second by how far along the thing stands; then by how much
//! is told; then by all the rest, so that no two different ones are equal.
//! When a merge request or an issue ended, and who took it in, one telling says
//! and later ones may not: these are joined by themselves, and have no part in
//! the order.
//!
//! Of a commit nothing ever changes, and each part is taken from whoever knows
//! it. Its author and time are those of who read the commit rather than of a
//! webhook; of two who read it they do not depend on who came later, so that
//! what a repository corrects of names afterwards may not be seen.

use std::cmp::Ordering;

use crate::{ActorId, Commit, Fact, Issue, MergeRequest};

type Kept = Fact<ActorId>;

pub(crate) fn merged(one: Kept, other: Kept) -> Kept {
    if one.key() != other.key() {
        return one;
    }
    match (one, other) {
        (Fact::Commit(one), Fact::Commit(other)) => Fact::Commit(joined(one, other)),
        (Fact::MergeRequest(one), Fact::MergeRequest(other)) => ended_request(one, other),
        (Fact::Issue(one), Fact::Issue(other)) => ended_issue(one, other),
        (one, other) => greater(one, other),
    }
}

fn greater(one: Kept, other: Kept) -> Kept {
    if (rank(&one), &one) < (rank(&other), &other) { other } else { one }
}

fn ended_request(mut one: MergeRequest<ActorId>, mut other: MergeRequest<ActorId>) -> Kept {
    let merged_at = one.merged_at.take().max(other.merged_at.take());
    let merged_by = one.merged_by.take().max(other.merged_by.take());
    let closed_at = one.closed_at.take().max(other.closed_at.take());
    match greater(Fact::MergeRequest(one), Fact::MergeRequest(other)) {
        Fact::MergeRequest(it) => {
            Fact::MergeRequest(MergeRequest { merged_by, merged_at, closed_at, ..it })
        }
        it => it,
    }
}

fn ended_issue(mut one: Issue<ActorId>, mut other: Issue<ActorId>) -> Kept {
    let closed_at = one.closed_at.take().max(other.closed_at.take());
    match greater(Fact::Issue(one), Fact::Issue(other)) {
        Fact::Issue(it) => Fact::Issue(Issue { closed_at, ..it }),
        it => it,
    }
}

/// Second of the change, how far along it stands, how much is told.
fn rank(it: &Kept) -> (i64, u8, usize) {
    let (at, stage, told) = match it {
        Fact::Commit(it) => (it.authored_at, 0, 0),
        Fact::MergeRequest(it) => (
            it.updated_at,
            it.state.stage(),
            usize::from(it.author.is_some())
                + usize::from(it.description.is_some())
                + usize::from(it.head_sha.is_some())
                + usize::from(it.web_url.is_some())
                + it.labels.len()
                + it.assignees.len()
                + it.reviewers.len(),
        ),
        // Of one instant the word that was taken back is the later one.
        Fact::Approval(it) => return (it.at.as_micros(), u8::from(!it.approved), 0),
        Fact::Note(it) => (
            it.updated_at,
            it.resolved.map_or(0, |settled| 1 + u8::from(settled)),
            usize::from(it.thread.is_some()) + usize::from(it.path.is_some()),
        ),
        Fact::Issue(it) => (
            it.updated_at,
            it.state.stage(),
            usize::from(it.author.is_some())
                + usize::from(it.description.is_some())
                + usize::from(it.due_at.is_some())
                + usize::from(it.web_url.is_some())
                + it.labels.len()
                + it.assignees.len(),
        ),
        Fact::Pipeline(it) => (
            it.updated_at,
            it.status.stage(),
            usize::from(it.by.is_some())
                + usize::from(it.started_at.is_some())
                + usize::from(it.finished_at.is_some())
                + usize::from(it.coverage.is_some())
                + usize::from(it.web_url.is_some()),
        ),
        Fact::CiJob(it) => (
            it.finished_at.or(it.started_at).unwrap_or(it.created_at),
            it.status.stage(),
            usize::from(it.by.is_some())
                + usize::from(it.stage.is_some())
                + usize::from(it.coverage.is_some()),
        ),
        Fact::Milestone(it) => (
            it.at,
            if it.removed { u8::MAX } else { it.stage() },
            usize::from(it.by.is_some())
                + usize::from(it.sha.is_some())
                + usize::from(it.status.is_some()),
        ),
    };
    (at.as_micros().div_euclid(1_000_000), stage, told)
}

fn joined(one: Commit<ActorId>, other: Commit<ActorId>) -> Commit<ActorId> {
    let (author, authored_at) = match one.parents.is_some().cmp(&other.parents.is_some()) {
        Ordering::Less => (other.author, other.authored_at),
        Ordering::Greater => (one.author, one.authored_at),
        Ordering::Equal => (one.author.max(other.author), one.authored_at.min(other.authored_at)),
    };
    Commit {
        sha: one.sha,
        parents: one.parents.max(other.parents),
        message: one.message.max(other.message),
        author,
        authored_at,
        changes: one.changes.max(other.changes),
        web_url: one.web_url.max(other.web_url),
    }
}

#[cfg(test)]
mod tests {
    use lodge_kernel::{Digest, Timestamp};
    use proptest::{collection::vec, option, prelude::*, sample::select};

    use super::*;
    use crate::{
        Approval, ChangedFile, Changes, CiJob, CiStatus, IssueState, MergeRequestState, Milestone,
        MilestoneKind, Note, Pipeline, Subject,
    };

    // Few values, so that any two facts are often of one key, of one second, or
    // the same.
    fn who() -> impl Strategy<Value = ActorId> {
        (0..2_u8).prop_map(|n| ActorId(Digest([n; 32])))
    }

    /// Within two seconds.
    fn at() -> impl Strategy<Value = Timestamp> {
        (0..4_i64).prop_map(|n| Timestamp::from_micros(n * 500_000))
    }

    fn word() -> impl Strategy<Value = String> {
        select(vec!["a", "b"]).prop_map(str::to_owned)
    }

    fn ci_status() -> impl Strategy<Value = CiStatus> {
        select(CiStatus::ALL.to_vec())
    }

    prop_compose! {
        fn commit()(
            sha in word(), parents in option::of(vec(word(), 0..3)), message in word(),
            author in who(), authored_at in at(), web_url in option::of(word()),
            path in option::of(word()), additions in option::of(0..2_u32),
        ) -> Kept {
            let changes = path.map(|path| Changes {
                files: vec![ChangedFile { path, additions, deletions: None }], left_out: 0,
            });
            Fact::Commit(Commit { sha, parents, message, author, authored_at, changes, web_url })
        }
    }

    prop_compose! {
        fn merge_request()(
            (number, title, draft) in (0..2_u64, word(), any::<bool>()),
            description in option::of(word()), author in option::of(who()),
            state in select(MergeRequestState::ALL.to_vec()), labels in vec(word(), 0..2),
            assignees in vec(who(), 0..2), reviewers in vec(who(), 0..2),
            head_sha in option::of(word()), merged_by in option::of(who()),
            created_at in at(), updated_at in at(), merged_at in option::of(at()),
            closed_at in option::of(at()),
        ) -> Kept {
            let (source_branch, target_branch) = (title.clone(), title.clone());
            Fact::MergeRequest(MergeRequest {
                number, title, description, author, state, draft, source_branch, target_branch,
                labels, assignees, reviewers, head_sha, merged_by, created_at, updated_at,
                merged_at, closed_at, web_url: None,
            })
        }
    }

    prop_compose! {
        fn approval()(merge_request in 0..2_u64, by in who(), approved: bool, at in at()) -> Kept {
            Fact::Approval(Approval { merge_request, by, approved, at })
        }
    }

    prop_compose! {
        fn note()(
            id in word(), author in who(), body in word(), thread in option::of(word()),
            resolved: Option<bool>, created_at in at(), updated_at in at(),
        ) -> Kept {
            let on = Subject::MergeRequest(1);
            Fact::Note(Note {
                id, on, author, body, thread, path: None, resolved, created_at, updated_at,
            })
        }
    }

    prop_compose! {
        fn issue()(
            number in 0..2_u64, title in word(), author in option::of(who()),
            state in select(IssueState::ALL.to_vec()), assignees in vec(who(), 0..2),
            created_at in at(), updated_at in at(), closed_at in option::of(at()),
        ) -> Kept {
            Fact::Issue(Issue {
                number, title, description: None, author, state, labels: Vec::new(), assignees,
                created_at, updated_at, closed_at, due_at: None, web_url: None,
            })
        }
    }

    prop_compose! {
        fn pipeline()(
            id in word(), sha in word(), status in ci_status(), by in option::of(who()),
            created_at in at(), updated_at in at(), finished_at in option::of(at()),
            coverage in option::of(0..2_u32),
        ) -> Kept {
            let reference = "main".to_owned();
            Fact::Pipeline(Pipeline {
                id, sha, reference, status, by, created_at, updated_at, started_at: None,
                finished_at, coverage, web_url: None,
            })
        }
    }

    prop_compose! {
        fn job()(
            id in word(), name in word(), status in ci_status(), by in option::of(who()),
            created_at in at(), started_at in option::of(at()), finished_at in option::of(at()),
        ) -> Kept {
            Fact::CiJob(CiJob {
                id, pipeline: name.clone(), name, stage: None, status, by, created_at, started_at,
                finished_at, coverage: None,
            })
        }
    }

    prop_compose! {
        fn milestone()(
            kind in select(MilestoneKind::ALL.to_vec()), id in word(), sha in option::of(word()),
            removed: bool, by in option::of(who()), at in at(),
            status in option::of(select(vec!["created", "running", "success", "failed"])),
        ) -> Kept {
            let (name, status) = (id.clone(), status.map(str::to_owned));
            Fact::Milestone(Milestone { kind, id, name, sha, status, removed, by, at })
        }
    }

    /// Three facts of one kind.
    fn three() -> impl Strategy<Value = [Kept; 3]> {
        fn of(one: impl Strategy<Value = Kept> + 'static) -> BoxedStrategy<[Kept; 3]> {
            let one = one.boxed();
            [one.clone(), one.clone(), one].boxed()
        }
        prop_oneof![
            of(commit()),
            of(merge_request()),
            of(approval()),
            of(note()),
            of(issue()),
            of(pipeline()),
            of(job()),
            of(milestone()),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn two_tellings_come_to_the_same_whichever_came_first([one, other, _] in three()) {
            if one.key() == other.key() {
                prop_assert_eq!(one.clone().merged(other.clone()), other.merged(one));
            } else {
                prop_assert_eq!(one.clone().merged(other), one);
            }
        }

        #[test]
        fn three_tellings_come_to_the_same_in_whatever_groups([a, b, c] in three()) {
            if a.key() == b.key() && b.key() == c.key() {
                let left = a.clone().merged(b.clone()).merged(c.clone());
                prop_assert_eq!(left, a.merged(b.merged(c)));
            }
        }

        #[test]
        fn telling_again_changes_nothing([one, other, _] in three()) {
            let both = one.clone().merged(other.clone());
            prop_assert_eq!(one.clone().merged(one.clone()), one.clone());
            prop_assert_eq!(both.clone().merged(one.clone()), both.clone());
            if one.key() == other.key() {
                prop_assert_eq!(both.clone().merged(other), both);
            }
        }

        #[test]
        fn what_is_merged_keeps_its_key([one, other, _] in three()) {
            prop_assert_eq!(one.clone().merged(other).key(), one.key());
        }
    }

    #[test]
    fn a_later_change_does_not_forget_when_it_ended() {
        let ended = Timestamp::from_seconds(9);
        let of = |it| match it {
            Fact::MergeRequest(it) => it,
            other => panic!("{other:?}"),
        };
        let by = ActorId(Digest([1; 32]));
        let merged = of(crate::testing::a_merge_request(1, None, Timestamp::EPOCH, Some(ended)));
        let merged = MergeRequest { merged_by: Some(by), ..merged };
        let labelled = MergeRequest {
            labels: vec!["todo".to_owned()],
            updated_at: Timestamp::from_seconds(99),
            merged_at: None,
            merged_by: None,
            ..merged.clone()
        };
        let all = MergeRequest { merged_at: Some(ended), merged_by: Some(by), ..labelled.clone() };
        let [merged, labelled, all] = [merged, labelled, all].map(Fact::MergeRequest);
        assert_eq!(merged.clone().merged(labelled.clone()), all);
        assert_eq!(labelled.merged(merged), all);
        let closed = crate::testing::an_issue(1, None, &[], Timestamp::EPOCH, Some(ended));
        let Fact::Issue(it) = closed.clone() else { panic!("{closed:?}") };
        let later = Timestamp::from_seconds(99);
        let edited = Fact::Issue(Issue { updated_at: later, closed_at: None, ..it.clone() });
        let all = Fact::Issue(Issue { updated_at: later, ..it });
        assert_eq!(closed.merged(edited), all);
    }

    #[test]
    fn who_read_a_commit_is_believed_before_a_webhook() {
        let told = Commit {
            sha: "c0ffee".to_owned(),
            parents: None,
            message: "Begin".to_owned(),
            author: ActorId(Digest([2; 32])),
            authored_at: Timestamp::from_seconds(1),
            changes: None,
            web_url: None,
        };
        let read = Commit {
            parents: Some(Vec::new()),
            author: ActorId(Digest([1; 32])),
            authored_at: Timestamp::from_seconds(9),
            ..told.clone()
        };
        let [told, read] = [told, read].map(Fact::Commit);
        assert_eq!(told.clone().merged(read.clone()), read);
        assert_eq!(read.clone().merged(told), read);
    }

    #[test]
    fn within_a_second_the_later_word_counts_and_a_deployment_goes_on() {
        let word = |approved, micros| {
            let at = Timestamp::from_micros(micros);
            crate::testing::an_approval(1, ActorId(Digest([1; 32])), approved, at)
        };
        let [yes, no] = [word(true, 7), word(false, 7)];
        assert_eq!(yes.clone().merged(no.clone()), no);
        assert_eq!(word(true, 8).merged(no), word(true, 8));
        let reached = |status: &str| {
            Fact::Milestone(Milestone {
                kind: MilestoneKind::Deployment,
                id: "7".to_owned(),
                name: "production".to_owned(),
                sha: None,
                status: Some(status.to_owned()),
                removed: false,
                by: None,
                at: Timestamp::EPOCH,
            })
        };
        for (before, after) in
            [("running", "failed"), ("running", "canceled"), ("created", "running")]
        {
            assert_eq!(reached(before).merged(reached(after)), reached(after));
        }
    }

    #[test]
    fn a_commit_knows_what_anybody_knew_of_it() {
        let told = Commit {
            sha: "c0ffee".to_owned(),
            parents: None,
            message: "Begin".to_owned(),
            author: ActorId(Digest([1; 32])),
            authored_at: Timestamp::from_seconds(9),
            changes: None,
            web_url: Some("https://git.college.example/c0ffee".to_owned()),
        };
        let listed = Commit { parents: Some(Vec::new()), web_url: None, ..told.clone() };
        let read = Commit { changes: Some(Changes::default()), web_url: None, ..told.clone() };
        let all = Commit {
            parents: listed.parents.clone(),
            changes: read.changes.clone(),
            ..told.clone()
        };
        let [told, listed, read] = [told, listed, read].map(Fact::Commit);
        assert_eq!(told.merged(listed).merged(read), Fact::Commit(all));
    }
}
