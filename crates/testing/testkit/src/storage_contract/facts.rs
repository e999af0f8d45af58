//! One fact of each kind, with something in every field.

use std::time::Duration;

use lodge_activity::{
    ActorId, Approval, ChangedFile, Changes, CiJob, CiStatus, Commit, Fact, Issue, IssueState,
    MergeRequest, MergeRequestState, Milestone, MilestoneKind, Note, Pipeline, Subject,
};
use lodge_kernel::Timestamp;

use crate::builders::NOW;

fn at(seconds: u64) -> Timestamp {
    NOW.plus(Duration::from_micros(seconds * 1_000_000 + 7))
}

/// One of each kind, by `one` and `other`.
pub(super) fn one_of_each(one: ActorId, other: ActorId) -> Vec<Fact<ActorId>> {
    vec![
        Fact::Commit(a_commit(one)),
        Fact::MergeRequest(a_merge_request(one, other)),
        Fact::Approval(Approval { merge_request: 7, by: other, approved: true, at: at(3) }),
        Fact::Note(a_note(other)),
        Fact::Issue(an_issue(one, other)),
        Fact::Pipeline(a_pipeline(one)),
        Fact::CiJob(a_job(one)),
        Fact::Milestone(Milestone {
            kind: MilestoneKind::Deployment,
            id: "31".to_owned(),
            name: "production".to_owned(),
            sha: Some("c0ffee".to_owned()),
            status: Some("success".to_owned()),
            removed: false,
            by: Some(other),
            at: at(9),
        }),
    ]
}

fn a_commit(author: ActorId) -> Commit<ActorId> {
    let text = ChangedFile { path: "src/ž.rs".to_owned(), additions: Some(3), deletions: Some(0) };
    let binary = ChangedFile { path: "logo.png".to_owned(), additions: None, deletions: None };
    Commit {
        sha: "c0ffee".to_owned(),
        parents: Some(vec!["beef".to_owned(), "cafe".to_owned()]),
        message: "Begin \"well\"\n\n\u{0}…".to_owned(),
        author,
        authored_at: at(1),
        changes: Some(Changes { files: vec![binary, text], left_out: 4 }),
        web_url: Some("https://git.college.example/c0ffee".to_owned()),
    }
}

fn a_merge_request(author: ActorId, other: ActorId) -> MergeRequest<ActorId> {
    MergeRequest {
        number: 7,
        title: "Begin".to_owned(),
        description: Some("Closes #1".to_owned()),
        author: Some(author),
        state: MergeRequestState::Merged,
        draft: true,
        source_branch: "1-begin".to_owned(),
        target_branch: "main".to_owned(),
        labels: vec!["b".to_owned(), "a".to_owned()],
        assignees: vec![author],
        reviewers: vec![other, author],
        head_sha: Some("c0ffee".to_owned()),
        merged_by: Some(other),
        created_at: at(2),
        updated_at: at(5),
        merged_at: Some(at(4)),
        closed_at: Some(at(5)),
        web_url: Some("https://git.college.example/7".to_owned()),
    }
}

fn a_note(author: ActorId) -> Note<ActorId> {
    Note {
        id: "99".to_owned(),
        on: Subject::Commit("c0ffee".to_owned()),
        author,
        body: "Why not?".to_owned(),
        thread: Some("t1".to_owned()),
        path: Some("src/ž.rs".to_owned()),
        resolved: Some(false),
        created_at: at(3),
        updated_at: at(4),
    }
}

fn an_issue(author: ActorId, other: ActorId) -> Issue<ActorId> {
    Issue {
        number: u64::MAX,
        title: "Begin".to_owned(),
        description: Some(String::new()),
        author: Some(author),
        state: IssueState::Closed,
        labels: vec!["todo".to_owned()],
        assignees: vec![other],
        created_at: at(0),
        updated_at: at(6),
        closed_at: Some(at(6)),
        due_at: Some(at(99)),
        web_url: Some("https://git.college.example/1".to_owned()),
    }
}

fn a_pipeline(by: ActorId) -> Pipeline<ActorId> {
    Pipeline {
        id: "500".to_owned(),
        sha: "c0ffee".to_owned(),
        reference: "main".to_owned(),
        status: CiStatus::Skipped,
        by: Some(by),
        created_at: at(7),
        updated_at: at(9),
        started_at: Some(at(8)),
        finished_at: Some(at(9)),
        coverage: Some(8_725),
        web_url: Some("https://git.college.example/500".to_owned()),
    }
}

fn a_job(by: ActorId) -> CiJob<ActorId> {
    CiJob {
        id: "600".to_owned(),
        pipeline: "500".to_owned(),
        name: "test".to_owned(),
        stage: Some("check".to_owned()),
        status: CiStatus::Failed,
        by: Some(by),
        created_at: at(7),
        started_at: Some(at(8)),
        finished_at: Some(at(9)),
        coverage: Some(0),
    }
}
