//! `GET /api/v1/courses/{courseId}/summary`

use actix_web::http::StatusCode;
use lodge_storage::KnownActor;
use lodge_teaching::activity::CourseSummary;
use lodge_teams::CourseSource;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    teaching::{
        caller::Teacher,
        problem::RefusalBody,
        respond::{Answer, One},
    },
    views::Time,
};

/// A course at a glance.
#[derive(Serialize, ToSchema)]
pub(crate) struct SummaryView {
    teams: u64,
    students: u64,
    projects: u64,
    staff: u64,
    /// Projects that their hosts have no more.
    projects_gone: u64,
    /// Projects whose last sync did not come to its end: see their
    /// `sync_problem`.
    projects_with_problems: u64,
    last_activity_at: Option<Time>,
    /// When everything was last brought up to date.
    last_sync_at: Option<Time>,
    sources: Vec<SourceView>,
    /// Runs of continuous integration that have ended.
    pipelines_ended: u64,
    pipelines_successful: u64,
    /// People in the projects who are no student as far as anybody knows, at most
    /// 200: give a student what they go by, with `POST
    /// /api/v1/students/{id}/identities`.
    unmapped: Vec<UnmappedView>,
    /// How many there are.
    unmapped_all: usize,
}

/// Where a course was brought in from.
#[derive(Serialize, ToSchema)]
pub(crate) struct SourceView {
    host: String,
    /// `group` or `project`.
    kind: &'static str,
    remote_id: String,
    address: String,
    connection_id: Option<String>,
    auto_sync: bool,
    created_at: Time,
    synced_at: Option<Time>,
    /// When it was last tried to bring it up to date.
    tried_at: Option<Time>,
    /// Why that failed; `null` when it did not.
    problem: Option<String>,
    /// What failed is not tried again by itself before.
    retry_at: Option<Time>,
}

impl From<CourseSource> for SourceView {
    fn from(it: CourseSource) -> Self {
        let failure = it.failure.map(|it| (it.reason, it.retry_at.into()));
        let (problem, retry_at) = failure.unzip();
        Self {
            host: it.host.to_string(),
            kind: it.kind.name(),
            remote_id: it.remote_id,
            address: it.address,
            connection_id: it.connection.map(|it| it.to_string()),
            auto_sync: it.auto_sync,
            created_at: it.created_at.into(),
            synced_at: it.synced_at.map(Into::into),
            tried_at: it.tried_at.map(Into::into),
            problem,
            retry_at,
        }
    }
}

/// Somebody whom nobody knows.
#[derive(Serialize, ToSchema)]
pub(crate) struct UnmappedView {
    host: String,
    host_user: Option<String>,
    username: Option<String>,
    email: Option<String>,
    name: Option<String>,
}

impl From<KnownActor> for UnmappedView {
    fn from(it: KnownActor) -> Self {
        let actor = it.actor;
        Self {
            host: it.host.to_string(),
            host_user: actor.host_user,
            username: actor.username,
            email: actor.email,
            name: actor.name,
        }
    }
}

impl From<CourseSummary> for SummaryView {
    fn from(it: CourseSummary) -> Self {
        let (pipelines_ended, pipelines_successful) = it.runs;
        Self {
            teams: it.contents.teams,
            students: it.contents.students,
            projects: it.contents.projects,
            staff: it.contents.staff,
            projects_gone: it.gone,
            projects_with_problems: it.with_problems,
            last_activity_at: it.last_activity_at.map(Into::into),
            last_sync_at: it.sources.iter().filter_map(|it| it.synced_at).max().map(Into::into),
            sources: it.sources.into_iter().map(Into::into).collect(),
            pipelines_ended,
            pipelines_successful,
            unmapped: it.unmapped.into_iter().map(Into::into).collect(),
            unmapped_all: it.unmapped_all,
        }
    }
}

/// A course at a glance: what is in it, when something last happened, and who
/// is in its projects without being known.
#[utoipa::path(
    get,
    path = "/api/v1/courses/{courseId}/summary",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("courseId" = String, Path, description = "The course, `course_…`")),
    responses(
        (status = 200, description = "The course at a glance", body = One<SummaryView>),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.courses.summary", skip_all)]
pub(crate) async fn handler(teacher: Teacher) -> Answer {
    let id = teacher.segment("courseId", "course")?;
    let summary = teacher.teaching().summarise_course(&teacher.caller, id).await?;
    Ok(teacher.one(StatusCode::OK, SummaryView::from(summary))?.send())
}
