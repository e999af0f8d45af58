//! Facts as answers show them.

use lodge_activity::{Commit, Fact, Issue, MergeRequest, Pipeline};
use lodge_teaching::activity::Doer;
use serde::Serialize;
use utoipa::ToSchema;

use crate::views::Time;

/// Somebody who did something.
#[derive(Serialize, ToSchema)]
pub(crate) struct DoerView {
    /// The student, where it is one.
    student_id: Option<String>,
    /// Null where the caller does not see it, or the person was erased.
    name: Option<String>,
    username: Option<String>,
    /// Teachers and assistants see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
}

impl From<Doer> for DoerView {
    fn from(it: Doer) -> Self {
        Self {
            student_id: it.student.map(|it| it.to_string()),
            name: it.name,
            username: it.username,
            email: it.email,
        }
    }
}

fn doers(all: Vec<Doer>) -> Vec<DoerView> {
    all.into_iter().map(DoerView::from).collect()
}

/// A commit, on whatever branch.
#[derive(Serialize, ToSchema)]
pub(crate) struct CommitView {
    sha: String,
    message: String,
    author: DoerView,
    authored_at: Time,
    /// It brings branches together, and counts as nobody's work.
    is_merge: bool,
    /// Lines added in files that its author may have written; null until it was
    /// read what it changed.
    additions: Option<u64>,
    deletions: Option<u64>,
    /// How many files it changed.
    files: Option<usize>,
    /// How many of them are generated, or brought in from elsewhere.
    left_out: Option<usize>,
    web_url: Option<String>,
}

impl From<Commit<Doer>> for CommitView {
    fn from(it: Commit<Doer>) -> Self {
        let (lines, is_merge) = (it.own_lines(), it.is_merge());
        let own = it.own_files().count();
        let changes = it.changes.as_ref();
        let more = |it: &lodge_activity::Changes| usize::try_from(it.left_out).unwrap_or_default();
        let files = changes.map(|it| it.files.len() + more(it));
        Self {
            is_merge,
            additions: changes.map(|_| lines.additions),
            deletions: changes.map(|_| lines.deletions),
            files,
            left_out: files.map(|all| all.saturating_sub(own)),
            sha: it.sha,
            message: it.message,
            author: it.author.into(),
            authored_at: it.authored_at.into(),
            web_url: it.web_url,
        }
    }
}

/// A merge request.
#[derive(Serialize, ToSchema)]
pub(crate) struct MergeRequestView {
    number: u64,
    title: String,
    description: Option<String>,
    author: Option<DoerView>,
    /// `opened`, `closed` or `merged`.
    state: &'static str,
    draft: bool,
    source_branch: String,
    target_branch: String,
    labels: Vec<String>,
    assignees: Vec<DoerView>,
    reviewers: Vec<DoerView>,
    head_sha: Option<String>,
    merged_by: Option<DoerView>,
    created_at: Time,
    updated_at: Time,
    merged_at: Option<Time>,
    closed_at: Option<Time>,
    web_url: Option<String>,
}

impl From<MergeRequest<Doer>> for MergeRequestView {
    fn from(it: MergeRequest<Doer>) -> Self {
        let merged_at = it.merged().map(Into::into);
        let closed_at = it.closed().map(Into::into);
        Self {
            number: it.number,
            title: it.title,
            description: it.description,
            author: it.author.map(Into::into),
            state: it.state.name(),
            draft: it.draft,
            source_branch: it.source_branch,
            target_branch: it.target_branch,
            labels: it.labels,
            assignees: doers(it.assignees),
            reviewers: doers(it.reviewers),
            head_sha: it.head_sha,
            merged_by: it.merged_by.map(Into::into),
            created_at: it.created_at.into(),
            updated_at: it.updated_at.into(),
            merged_at,
            closed_at,
            web_url: it.web_url,
        }
    }
}

/// An issue.
#[derive(Serialize, ToSchema)]
pub(crate) struct IssueView {
    number: u64,
    title: String,
    description: Option<String>,
    author: Option<DoerView>,
    /// `opened` or `closed`.
    state: &'static str,
    labels: Vec<String>,
    assignees: Vec<DoerView>,
    created_at: Time,
    updated_at: Time,
    closed_at: Option<Time>,
    due_at: Option<Time>,
    web_url: Option<String>,
}

impl From<Issue<Doer>> for IssueView {
    fn from(it: Issue<Doer>) -> Self {
        let closed_at = it.closed().map(Into::into);
        Self {
            number: it.number,
            title: it.title,
            description: it.description,
            author: it.author.map(Into::into),
            state: it.state.name(),
            labels: it.labels,
            assignees: doers(it.assignees),
            created_at: it.created_at.into(),
            updated_at: it.updated_at.into(),
            closed_at,
            due_at: it.due_at.map(Into::into),
            web_url: it.web_url,
        }
    }
}

/// A run of continuous integration.
#[derive(Serialize, ToSchema)]
pub(crate) struct PipelineView {
    id: String,
    sha: String,
    /// The branch or tag.
    reference: String,
    /// `pending`, `running`, `success`, `failed`, `canceled` or `skipped`.
    status: &'static str,
    started_by: Option<DoerView>,
    created_at: Time,
    updated_at: Time,
    started_at: Option<Time>,
    finished_at: Option<Time>,
    /// The share of lines that tests reach, in percent.
    coverage: Option<f64>,
    web_url: Option<String>,
}

/// Hundredths as a number.
pub(crate) fn hundredths(n: u32) -> f64 {
    f64::from(n) / 100.0
}

impl From<Pipeline<Doer>> for PipelineView {
    fn from(it: Pipeline<Doer>) -> Self {
        Self {
            id: it.id,
            sha: it.sha,
            reference: it.reference,
            status: it.status.name(),
            started_by: it.by.map(Into::into),
            created_at: it.created_at.into(),
            updated_at: it.updated_at.into(),
            started_at: it.started_at.map(Into::into),
            finished_at: it.finished_at.map(Into::into),
            coverage: it.coverage.map(hundredths),
            web_url: it.web_url,
        }
    }
}

/// One thing that a student did.
#[derive(Serialize, ToSchema)]
pub(crate) struct ActivityView {
    project_id: String,
    /// `commit`, `merge_request`, `approval`, `note`, `issue`, `pipeline`, `job` or
    /// `milestone`.
    kind: &'static str,
    at: Time,
    /// The hash, the number, or the host's id.
    id: String,
    /// The title, or the first line.
    title: String,
    web_url: Option<String>,
}

impl ActivityView {
    pub(crate) fn new<A>(project_id: String, fact: &Fact<A>) -> Self {
        let first = |text: &str| -> String {
            text.lines().next().unwrap_or_default().chars().take(200).collect()
        };
        let (id, title, web_url) = match fact {
            Fact::Commit(it) => (it.sha.clone(), first(&it.message), &it.web_url),
            Fact::MergeRequest(it) => (it.number.to_string(), first(&it.title), &it.web_url),
            Fact::Approval(it) => (it.merge_request.to_string(), String::new(), &None),
            Fact::Note(it) => (it.id.clone(), first(&it.body), &None),
            Fact::Issue(it) => (it.number.to_string(), first(&it.title), &it.web_url),
            Fact::Pipeline(it) => (it.id.clone(), first(&it.reference), &it.web_url),
            Fact::CiJob(it) => (it.id.clone(), first(&it.name), &None),
            Fact::Milestone(it) => (it.id.clone(), first(&it.name), &None),
        };
        let (kind, at) = (fact.kind().name(), fact.at().into());
        Self { project_id, kind, at, id, title, web_url: web_url.clone() }
    }
}
