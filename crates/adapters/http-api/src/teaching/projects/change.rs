//! `PATCH` and `DELETE /api/v1/projects/{projectId}`

use actix_web::http::StatusCode;
use lodge_kernel::TeamId;
use lodge_teaching::projects::ProjectChange;
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::ProjectView;
use crate::{
    body::RawBody,
    teaching::{
        caller::Teacher,
        problem::{Refusal, RefusalBody},
        respond::{Answer, MOST_JSON, One, Reply, json_bytes, parse},
        teams::change::state,
    },
};

/// What becomes another; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProjectChangeBody {
    name: Option<String>,
    /// Another team of the course.
    team_id: Option<String>,
    /// `active` or `gone`.
    state: Option<String>,
}

/// Changes a project, or gives it to another team.
#[utoipa::path(
    patch,
    path = "/api/v1/projects/{projectId}",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("projectId" = String, Path, description = "The project, `project_…`"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` that is meant"),
    ),
    request_body = ProjectChangeBody,
    responses(
        (status = 200, description = "The project", body = One<ProjectView>),
        (status = 400, description = "The body cannot be read", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
        (status = 409, description = "The course is archived, or the team is locked", body = RefusalBody),
        (status = 412, description = "It has changed since", body = RefusalBody),
        (status = 422, description = "A field cannot be used", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.projects.change", skip_all)]
pub(crate) async fn change(teacher: Teacher, body: RawBody) -> Answer {
    let id = teacher.segment("projectId", "project")?;
    let expected = teacher.expected()?;
    let body: ProjectChangeBody = parse(&json_bytes(body, MOST_JSON).await?)?;
    let team = body.team_id.as_deref().map(str::parse::<TeamId>).transpose();
    let team = team.map_err(|error| Refusal::field("team_id", error.to_string()))?;
    let change = ProjectChange { name: body.name, team, state: state(body.state.as_deref())? };
    let project = teacher.teaching().update_project(&teacher.caller, id, &expected, change).await?;
    let revision = project.revision;
    Ok(teacher.one(StatusCode::OK, ProjectView::from(project))?.at(revision).send())
}

/// Takes a project away from its team. At its host it stays.
#[utoipa::path(
    delete,
    path = "/api/v1/projects/{projectId}",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("projectId" = String, Path, description = "The project, `project_…`"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` that is meant"),
    ),
    responses(
        (status = 204, description = "It is gone"),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
        (status = 409, description = "The course is archived, the team is locked, or it has a webhook at its host", body = RefusalBody),
        (status = 412, description = "It has changed since", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.projects.delete", skip_all)]
pub(crate) async fn delete(teacher: Teacher) -> Answer {
    let id = teacher.segment("projectId", "project")?;
    let expected = teacher.expected()?;
    teacher.teaching().delete_project(&teacher.caller, id, &expected).await?;
    Ok(Reply::empty().send())
}
