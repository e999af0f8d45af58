//! Facts for tests: who is who is in [`people`].

use lodge_forge::ProviderName;
use lodge_kernel::{Digest, StudentId, Timestamp};
use lodge_teams::{Identity, IdentityKind};
use proptest::prelude::*;

use crate::{
    Actor, ActorId, Approval, ChangedFile, Changes, CiStatus, Commit, Fact, Issue, IssueState,
    MergeRequest, MergeRequestState, Note, People, Pipeline, Subject,
};

macro_rules! students {
    ($($name:ident = $n:literal;)+) => {$(
        pub(crate) const $name: StudentId = StudentId::from_uuid(uuid::Uuid::from_u128($n));
    )+};
}

students! {
    ADA = 1;
    BOB = 2;
    EVE = 3;
}

pub(crate) fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

pub(crate) fn who(n: u8) -> ActorId {
    ActorId(Digest([n; 32]))
}

/// 1 and 3 are Ada, 2 is Bob, 4 is a program, and whoever else is a stranger.
pub(crate) fn people() -> People {
    let host = ProviderName::parse("gitlab").unwrap();
    let named = |name: &str| Actor { username: Some(name.to_owned()), ..Actor::default() };
    let actors = [(1, named("ada")), (2, named("bob")), (3, named("ada2")), (4, named("ghost"))];
    let goes_by = |name| Identity::new(IdentityKind::Username, None, name).unwrap();
    let identities = [(ADA, goes_by("ada")), (ADA, goes_by("ada2")), (BOB, goes_by("bob"))];
    People::of(actors.iter().map(|(n, it)| (who(*n), &host, it)), &identities)
}

pub(crate) fn a_commit(sha: &str, author: ActorId, at: Timestamp, lines: u32) -> Fact<ActorId> {
    with_parents(1, sha, author, at, lines)
}

pub(crate) fn a_merge_commit(sha: &str, by: ActorId, at: Timestamp, lines: u32) -> Fact<ActorId> {
    with_parents(2, sha, by, at, lines)
}

fn with_parents(
    parents: usize,
    sha: &str,
    author: ActorId,
    authored_at: Timestamp,
    lines: u32,
) -> Fact<ActorId> {
    let file =
        ChangedFile { path: "src/main.rs".to_owned(), additions: Some(lines), deletions: None };
    Fact::Commit(Commit {
        sha: sha.to_owned(),
        parents: Some(vec!["0".to_owned(); parents]),
        message: "Begin".to_owned(),
        author,
        authored_at,
        changes: Some(Changes { files: vec![file], left_out: 0 }),
        web_url: None,
    })
}

pub(crate) fn a_merge_request(
    number: u64,
    author: Option<ActorId>,
    created_at: Timestamp,
    merged_at: Option<Timestamp>,
) -> Fact<ActorId> {
    let merged = merged_at.is_some();
    Fact::MergeRequest(MergeRequest {
        number,
        title: "Begin".to_owned(),
        description: None,
        author,
        state: if merged { MergeRequestState::Merged } else { MergeRequestState::Opened },
        draft: false,
        source_branch: "begin".to_owned(),
        target_branch: "main".to_owned(),
        labels: Vec::new(),
        assignees: Vec::new(),
        reviewers: Vec::new(),
        head_sha: None,
        merged_by: None,
        created_at,
        updated_at: merged_at.unwrap_or(created_at),
        merged_at,
        closed_at: None,
        web_url: None,
    })
}

pub(crate) fn a_note(id: &str, on: u64, author: ActorId, at: Timestamp) -> Fact<ActorId> {
    Fact::Note(Note {
        id: id.to_owned(),
        on: Subject::MergeRequest(on),
        author,
        body: "Why not?".to_owned(),
        thread: None,
        path: None,
        resolved: None,
        created_at: at,
        updated_at: at,
    })
}

pub(crate) fn an_approval(
    merge_request: u64,
    by: ActorId,
    approved: bool,
    at: Timestamp,
) -> Fact<ActorId> {
    Fact::Approval(Approval { merge_request, by, approved, at })
}

pub(crate) fn an_issue(
    number: u64,
    author: Option<ActorId>,
    assignees: &[ActorId],
    created_at: Timestamp,
    closed_at: Option<Timestamp>,
) -> Fact<ActorId> {
    let closed = closed_at.is_some();
    Fact::Issue(Issue {
        number,
        title: "Begin".to_owned(),
        description: None,
        author,
        state: if closed { IssueState::Closed } else { IssueState::Opened },
        labels: Vec::new(),
        assignees: assignees.to_vec(),
        created_at,
        updated_at: closed_at.unwrap_or(created_at),
        closed_at,
        due_at: None,
        web_url: None,
    })
}

pub(crate) fn a_pipeline(id: &str, by: Option<ActorId>, at: Timestamp) -> Fact<ActorId> {
    Fact::Pipeline(a_run(id, CiStatus::Success, at, 60, by))
}

/// A run on `main` that took so many seconds.
pub(crate) fn a_run(
    id: &str,
    status: CiStatus,
    at: Timestamp,
    seconds: u64,
    by: Option<ActorId>,
) -> Pipeline<ActorId> {
    let ended = at.plus(std::time::Duration::from_secs(seconds));
    Pipeline {
        id: id.to_owned(),
        sha: "c0ffee".to_owned(),
        reference: "main".to_owned(),
        status,
        by,
        created_at: at,
        updated_at: ended,
        started_at: Some(at),
        finished_at: Some(ended),
        coverage: None,
        web_url: None,
    }
}

/// Facts of one project, each key once.
pub(crate) fn some_facts() -> impl Strategy<Value = Vec<Fact<ActorId>>> {
    let fact = (0..7_u8, 0..6_u64, 1..6_u8, 0..2_000_000_i64, any::<bool>());
    let fact = fact.prop_map(|(kind, number, by, seconds, is_done)| {
        let (by, at) = (who(by), Timestamp::from_seconds(seconds));
        let id = number.to_string();
        let done = is_done.then_some(at);
        let lines = u32::try_from(seconds % 50).unwrap();
        match kind {
            0 => a_commit(&id, by, at, lines),
            1 => a_merge_commit(&id, by, at, lines),
            2 => a_merge_request(number, Some(by), at, done),
            3 => a_note(&id, number, by, at),
            4 => an_approval(number, by, is_done, at),
            5 => an_issue(number, Some(by), &[by, who(2)], at, done),
            _ => a_pipeline(&id, Some(by), at),
        }
    });
    let keyed = proptest::collection::vec(fact, 0..40);
    keyed.prop_map(|all| {
        let all = all.into_iter().map(|it| (it.key(), it));
        all.collect::<std::collections::BTreeMap<_, _>>().into_values().collect()
    })
}
