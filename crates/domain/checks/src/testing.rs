//! Facts for tests.

use std::time::Duration;

use lodge_activity::{
    Actor, ActorId, Approval, ChangedFile, Changes, CiStatus, Commit, Fact, Issue, IssueState,
    MergeRequest, MergeRequestState, Note, People, Pipeline, Subject,
};
use lodge_courses::{Settings, settings::CheckSetting};
use lodge_forge::ProviderName;
use lodge_kernel::{Digest, ProjectId, StudentId, Timestamp};
use lodge_teams::{Identity, IdentityKind};
use uuid::Uuid;

pub(crate) const ADA: StudentId = StudentId::from_uuid(Uuid::from_u128(1));
pub(crate) const BOB: StudentId = StudentId::from_uuid(Uuid::from_u128(2));
pub(crate) const MEMBERS: &[StudentId] = &[ADA, BOB];
pub(crate) const OTHER: ProjectId = ProjectId::from_uuid(Uuid::from_u128(8));
pub(crate) const PROJECT: ProjectId = ProjectId::from_uuid(Uuid::from_u128(7));

/// Minutes after an instant at which everything begins.
pub(crate) fn at(minutes: i64) -> Timestamp {
    Timestamp::from_seconds(1_790_000_000 + 60 * minutes)
}

/// 1 and 3 are Ada, 2 is Bob, 4 is a program, and whoever else is a stranger.
pub(crate) fn who(n: u8) -> ActorId {
    ActorId(Digest([n; 32]))
}

pub(crate) fn people() -> People {
    let host = ProviderName::parse("gitlab").unwrap();
    let named = |name: &str| Actor { username: Some(name.to_owned()), ..Actor::default() };
    let actors = [(1, named("ada")), (2, named("bob")), (3, named("ada2")), (4, named("ghost"))];
    let goes_by = |name| Identity::new(IdentityKind::Username, None, name).unwrap();
    let identities = [(ADA, goes_by("ada")), (ADA, goes_by("ada2")), (BOB, goes_by("bob"))];
    People::of(actors.iter().map(|(n, it)| (who(*n), &host, it)), &identities)
}

/// A commit of one file; change what else is wanted.
pub(crate) fn commit(sha: &str, parents: &[&str], author: u8, minutes: i64) -> Commit<ActorId> {
    let file =
        ChangedFile { path: "src/lib.rs".to_owned(), additions: Some(10), deletions: Some(0) };
    Commit {
        sha: sha.to_owned(),
        parents: Some(parents.iter().map(|it| (*it).to_owned()).collect()),
        message: "Add a search".to_owned(),
        author: who(author),
        authored_at: at(minutes),
        changes: Some(Changes { files: vec![file], left_out: 0 }),
        web_url: None,
    }
}

/// An open merge request from a branch `17-add-search`.
pub(crate) fn request(number: u64, author: u8, minutes: i64) -> MergeRequest<ActorId> {
    MergeRequest {
        number,
        title: "Add a search".to_owned(),
        description: None,
        author: Some(who(author)),
        state: MergeRequestState::Opened,
        draft: false,
        source_branch: "17-add-search".to_owned(),
        target_branch: "main".to_owned(),
        labels: Vec::new(),
        assignees: Vec::new(),
        reviewers: Vec::new(),
        head_sha: None,
        merged_by: None,
        created_at: at(minutes),
        updated_at: at(minutes),
        merged_at: None,
        closed_at: None,
        web_url: Some(format!("https://git.example/g/p/-/merge_requests/{number}")),
    }
}

/// The same, taken in by somebody.
pub(crate) fn merged(by: u8, minutes: i64, it: MergeRequest<ActorId>) -> MergeRequest<ActorId> {
    MergeRequest {
        state: MergeRequestState::Merged,
        merged_by: Some(who(by)),
        merged_at: Some(at(minutes)),
        updated_at: at(minutes),
        ..it
    }
}

pub(crate) fn note(id: &str, on: Subject, author: u8, minutes: i64, body: &str) -> Note<ActorId> {
    Note {
        id: id.to_owned(),
        on,
        author: who(author),
        body: body.to_owned(),
        thread: None,
        path: None,
        resolved: None,
        created_at: at(minutes),
        updated_at: at(minutes),
    }
}

pub(crate) fn approval(merge_request: u64, by: u8, minutes: i64) -> Approval<ActorId> {
    Approval { merge_request, by: who(by), approved: true, at: at(minutes) }
}

/// An open issue.
pub(crate) fn issue(number: u64, author: u8, assignees: &[u8], minutes: i64) -> Issue<ActorId> {
    Issue {
        number,
        title: "Search".to_owned(),
        description: None,
        author: Some(who(author)),
        state: IssueState::Opened,
        labels: Vec::new(),
        assignees: assignees.iter().map(|it| who(*it)).collect(),
        created_at: at(minutes),
        updated_at: at(minutes),
        closed_at: None,
        due_at: None,
        web_url: Some(format!("https://git.example/g/p/-/issues/{number}")),
    }
}

/// The same, closed.
pub(crate) fn closed(minutes: i64, it: Issue<ActorId>) -> Issue<ActorId> {
    let (state, closed_at) = (IssueState::Closed, Some(at(minutes)));
    Issue { state, closed_at, updated_at: at(minutes), ..it }
}

/// A run of one minute.
pub(crate) fn run(id: &str, sha: &str, status: CiStatus, minutes: i64) -> Pipeline<ActorId> {
    Pipeline {
        id: id.to_owned(),
        sha: sha.to_owned(),
        reference: "main".to_owned(),
        status,
        by: None,
        created_at: at(minutes),
        updated_at: at(minutes + 1),
        started_at: Some(at(minutes)),
        finished_at: Some(at(minutes).plus(Duration::from_mins(1))),
        coverage: None,
        web_url: None,
    }
}

/// The usual setting of a check.
pub(crate) fn usual(code: &str) -> CheckSetting {
    Settings::default().checks.into_iter().find(|it| it.code == code).unwrap()
}

/// What happened in one project of Ada and Bob.
pub(crate) fn record<'a>(people: &'a People, facts: &'a [Fact<ActorId>]) -> crate::Record<'a> {
    crate::Record::of(MEMBERS, people, [(PROJECT, facts)])
}
