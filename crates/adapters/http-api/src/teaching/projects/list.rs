//! `GET /api/v1/courses/{courseId}/projects` and `GET /api/v1/projects/{projectId}`

use actix_web::http::StatusCode;
use lodge_kernel::{ProjectId, TeamId};
use lodge_teams::OriginState;

use super::view::ProjectView;
use crate::teaching::{
    caller::Teacher,
    page::ListQuery,
    problem::{Refusal, RefusalBody},
    respond::{Answer, Many, One},
};

/// The projects of a course: of a student only those of their own team.
#[utoipa::path(
    get,
    path = "/api/v1/courses/{courseId}/projects",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("courseId" = String, Path, description = "The course, `course_…`"),
        ("limit" = Option<u8>, Query, description = "How many items: 1 to 100, 25 when absent"),
        ("cursor" = Option<String>, Query, description = "`page_info.next_cursor` of the page before"),
        ("q" = Option<String>, Query, description = "What occurs in it"),
        ("sort" = Option<String>, Query, description = "`created_at`, `name`; `-` before it turns it round"),
        ("state" = Option<String>, Query, description = "`active` or `gone`"),
        ("team_id" = Option<String>, Query, description = "Of this team only"),
    ),
    responses(
        (status = 200, description = "One page", body = Many<ProjectView>),
        (status = 400, description = "The query cannot be used", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.projects.list", skip_all)]
pub(crate) async fn all(teacher: Teacher) -> Answer {
    let course = teacher.segment("courseId", "course")?;
    let query: ListQuery = teacher.query()?;
    let state = query.state("`active` and `gone`", OriginState::parse)?;
    let team = query.team_id.as_deref().map(str::parse::<TeamId>).transpose();
    let team = team.map_err(|error| Refusal::invalid(format!("`team_id`: {error}")))?;
    let (pager, listing) = query.page::<ProjectId>(&teacher, &format!("{course}"))?;
    let meant = (team, state);
    let found = teacher.teaching().list_projects(&teacher.caller, course, meant, &listing).await?;
    pager.many(&teacher, found, |it| (it.id.to_string(), it.name_key()), ProjectView::from)
}

/// One project.
#[utoipa::path(
    get,
    path = "/api/v1/projects/{projectId}",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("projectId" = String, Path, description = "The project, `project_…`")),
    responses(
        (status = 200, description = "The project, with its `ETag`", body = One<ProjectView>),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.projects.find", skip_all)]
pub(crate) async fn one(teacher: Teacher) -> Answer {
    let id = teacher.segment("projectId", "project")?;
    let project = teacher.teaching().find_project(&teacher.caller, id).await?;
    let state = teacher.teaching().project_state(&teacher.caller, id).await?;
    let revision = project.revision;
    // It changes without the project: what the caller has may be too old.
    let view = ProjectView::from(project).kept_up(state);
    Ok(teacher.one(StatusCode::OK, view)?.at(revision).send())
}
