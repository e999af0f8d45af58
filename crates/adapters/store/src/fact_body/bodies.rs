//! One structure a kind.

use lodge_activity::{
    ActorId, Approval, Changes, CiJob, CiStatus, Commit, Issue, IssueState, MergeRequest,
    MergeRequestState, Milestone, MilestoneKind, Note, Pipeline, Subject,
};
use lodge_kernel::Timestamp;
use serde::{Deserialize, Serialize};

use super::parts;

#[derive(Serialize, Deserialize)]
#[serde(remote = "Commit<ActorId>")]
pub(super) struct CommitBody {
    sha: String,
    parents: Option<Vec<String>>,
    message: String,
    #[serde(with = "parts")]
    author: ActorId,
    #[serde(with = "parts")]
    authored_at: Timestamp,
    #[serde(with = "parts")]
    changes: Option<Changes>,
    web_url: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "MergeRequest<ActorId>")]
pub(super) struct MergeRequestBody {
    number: u64,
    title: String,
    description: Option<String>,
    #[serde(with = "parts")]
    author: Option<ActorId>,
    #[serde(with = "parts")]
    state: MergeRequestState,
    draft: bool,
    source_branch: String,
    target_branch: String,
    labels: Vec<String>,
    #[serde(with = "parts")]
    assignees: Vec<ActorId>,
    #[serde(with = "parts")]
    reviewers: Vec<ActorId>,
    head_sha: Option<String>,
    #[serde(with = "parts")]
    merged_by: Option<ActorId>,
    #[serde(with = "parts")]
    created_at: Timestamp,
    #[serde(with = "parts")]
    updated_at: Timestamp,
    #[serde(with = "parts")]
    merged_at: Option<Timestamp>,
    #[serde(with = "parts")]
    closed_at: Option<Timestamp>,
    web_url: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Approval<ActorId>")]
pub(super) struct ApprovalBody {
    merge_request: u64,
    #[serde(with = "parts")]
    by: ActorId,
    approved: bool,
    #[serde(with = "parts")]
    at: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Subject", rename_all = "snake_case")]
enum SubjectBody {
    MergeRequest(u64),
    Issue(u64),
    Commit(String),
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Note<ActorId>")]
pub(super) struct NoteBody {
    id: String,
    #[serde(with = "SubjectBody")]
    on: Subject,
    #[serde(with = "parts")]
    author: ActorId,
    body: String,
    thread: Option<String>,
    path: Option<String>,
    resolved: Option<bool>,
    #[serde(with = "parts")]
    created_at: Timestamp,
    #[serde(with = "parts")]
    updated_at: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Issue<ActorId>")]
pub(super) struct IssueBody {
    number: u64,
    title: String,
    description: Option<String>,
    #[serde(with = "parts")]
    author: Option<ActorId>,
    #[serde(with = "parts")]
    state: IssueState,
    labels: Vec<String>,
    #[serde(with = "parts")]
    assignees: Vec<ActorId>,
    #[serde(with = "parts")]
    created_at: Timestamp,
    #[serde(with = "parts")]
    updated_at: Timestamp,
    #[serde(with = "parts")]
    closed_at: Option<Timestamp>,
    #[serde(with = "parts")]
    due_at: Option<Timestamp>,
    web_url: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Pipeline<ActorId>")]
pub(super) struct PipelineBody {
    id: String,
    sha: String,
    reference: String,
    #[serde(with = "parts")]
    status: CiStatus,
    #[serde(with = "parts")]
    by: Option<ActorId>,
    #[serde(with = "parts")]
    created_at: Timestamp,
    #[serde(with = "parts")]
    updated_at: Timestamp,
    #[serde(with = "parts")]
    started_at: Option<Timestamp>,
    #[serde(with = "parts")]
    finished_at: Option<Timestamp>,
    coverage: Option<u32>,
    web_url: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "CiJob<ActorId>")]
pub(super) struct CiJobBody {
    id: String,
    pipeline: String,
    name: String,
    stage: Option<String>,
    #[serde(with = "parts")]
    status: CiStatus,
    #[serde(with = "parts")]
    by: Option<ActorId>,
    #[serde(with = "parts")]
    created_at: Timestamp,
    #[serde(with = "parts")]
    started_at: Option<Timestamp>,
    #[serde(with = "parts")]
    finished_at: Option<Timestamp>,
    coverage: Option<u32>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Milestone<ActorId>")]
pub(super) struct MilestoneBody {
    #[serde(with = "parts")]
    kind: MilestoneKind,
    id: String,
    name: String,
    sha: Option<String>,
    status: Option<String>,
    removed: bool,
    #[serde(with = "parts")]
    by: Option<ActorId>,
    #[serde(with = "parts")]
    at: Timestamp,
}
