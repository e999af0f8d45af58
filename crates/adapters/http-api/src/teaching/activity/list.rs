//! `GET /api/v1/projects/{projectId}/commits|merge-requests|issues|pipelines`

use lodge_activity::{CiStatus, Fact, FactKind, IssueState, MergeRequestState};
use lodge_kernel::ProjectId;
use lodge_teaching::activity::Doer;
use serde::Serialize;

use super::{
    place::FactCursor,
    query::FactsQuery,
    view::{CommitView, IssueView, MergeRequestView, PipelineView},
};
use crate::teaching::{
    caller::Teacher,
    problem::RefusalBody,
    respond::{Answer, Many},
};

/// The commits of a project, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/projects/{projectId}/commits",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("projectId" = String, Path, description = "The project, `project_…`"),
        ("limit" = Option<u8>, Query, description = "How many items: 1 to 100, 25 when absent"),
        ("cursor" = Option<String>, Query, description = "`page_info.next_cursor` of the page before"),
        ("author" = Option<String>, Query, description = "A student, `student_…`, or a username at the host"),
        ("since" = Option<String>, Query, description = "That happened then or later"),
        ("until" = Option<String>, Query, description = "That happened before then"),
    ),
    responses(
        (status = 200, description = "One page", body = Many<CommitView>),
        (status = 400, description = "The query cannot be used", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.projects.commits", skip_all)]
pub(crate) async fn commits(teacher: Teacher) -> Answer {
    listed(&teacher, FactKind::Commit, |it| match it {
        Fact::Commit(it) => Some(CommitView::from(it)),
        _ => None,
    })
    .await
}

/// The merge requests of a project, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/projects/{projectId}/merge-requests",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("projectId" = String, Path, description = "The project, `project_…`"),
        ("limit" = Option<u8>, Query, description = "How many items: 1 to 100, 25 when absent"),
        ("cursor" = Option<String>, Query, description = "`page_info.next_cursor` of the page before"),
        ("author" = Option<String>, Query, description = "A student, `student_…`, or a username at the host"),
        ("state" = Option<String>, Query, description = "`opened`, `closed` or `merged`"),
        ("since" = Option<String>, Query, description = "That happened then or later"),
        ("until" = Option<String>, Query, description = "That happened before then"),
    ),
    responses(
        (status = 200, description = "One page", body = Many<MergeRequestView>),
        (status = 400, description = "The query cannot be used", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.projects.merge_requests", skip_all)]
pub(crate) async fn merge_requests(teacher: Teacher) -> Answer {
    listed(&teacher, FactKind::MergeRequest, |it| match it {
        Fact::MergeRequest(it) => Some(MergeRequestView::from(it)),
        _ => None,
    })
    .await
}

/// The issues of a project, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/projects/{projectId}/issues",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("projectId" = String, Path, description = "The project, `project_…`"),
        ("limit" = Option<u8>, Query, description = "How many items: 1 to 100, 25 when absent"),
        ("cursor" = Option<String>, Query, description = "`page_info.next_cursor` of the page before"),
        ("author" = Option<String>, Query, description = "A student, `student_…`, or a username at the host"),
        ("state" = Option<String>, Query, description = "`opened` or `closed`"),
        ("since" = Option<String>, Query, description = "That happened then or later"),
        ("until" = Option<String>, Query, description = "That happened before then"),
    ),
    responses(
        (status = 200, description = "One page", body = Many<IssueView>),
        (status = 400, description = "The query cannot be used", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.projects.issues", skip_all)]
pub(crate) async fn issues(teacher: Teacher) -> Answer {
    listed(&teacher, FactKind::Issue, |it| match it {
        Fact::Issue(it) => Some(IssueView::from(it)),
        _ => None,
    })
    .await
}

/// The runs of continuous integration of a project, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/projects/{projectId}/pipelines",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("projectId" = String, Path, description = "The project, `project_…`"),
        ("limit" = Option<u8>, Query, description = "How many items: 1 to 100, 25 when absent"),
        ("cursor" = Option<String>, Query, description = "`page_info.next_cursor` of the page before"),
        ("author" = Option<String>, Query, description = "A student, `student_…`, or a username at the host"),
        ("state" = Option<String>, Query, description = "`pending`, `running`, `success`, `failed`, `canceled` or `skipped`"),
        ("since" = Option<String>, Query, description = "That happened then or later"),
        ("until" = Option<String>, Query, description = "That happened before then"),
    ),
    responses(
        (status = 200, description = "One page", body = Many<PipelineView>),
        (status = 400, description = "The query cannot be used", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.projects.pipelines", skip_all)]
pub(crate) async fn pipelines(teacher: Teacher) -> Answer {
    listed(&teacher, FactKind::Pipeline, |it| match it {
        Fact::Pipeline(it) => Some(PipelineView::from(it)),
        _ => None,
    })
    .await
}

/// The states that facts of a kind have.
fn states(kind: FactKind) -> Vec<&'static str> {
    match kind {
        FactKind::MergeRequest => MergeRequestState::ALL.map(MergeRequestState::name).to_vec(),
        FactKind::Issue => IssueState::ALL.map(IssueState::name).to_vec(),
        FactKind::Pipeline => CiStatus::ALL.map(CiStatus::name).to_vec(),
        _ => Vec::new(),
    }
}

async fn listed<V: Serialize>(
    teacher: &Teacher,
    kind: FactKind,
    view: impl Fn(Fact<Doer>) -> Option<V>,
) -> Answer {
    let id: ProjectId = teacher.segment("projectId", "project")?;
    let query: FactsQuery = teacher.query()?;
    let states = states(kind);
    let (pager, query, page) = query.read(teacher, (id.to_string(), kind), &states)?;
    let found = teacher.teaching().list_facts(&teacher.caller, id, &query, page).await?;
    let place =
        |it: &lodge_teaching::activity::SeenFact| (FactCursor::text(&it.place), String::new());
    pager.many(teacher, found, place, |it| view(it.fact))
}
