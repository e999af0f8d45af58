//! `POST /api/v1/teams/{teamId}/projects`

use actix_web::http::StatusCode;
use lodge_teaching::projects::ProjectDraft;
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::ProjectView;
use crate::{
    body::RawBody,
    teaching::{
        caller::Teacher,
        once::once,
        problem::RefusalBody,
        respond::{Answer, MOST_JSON, One, json_bytes, parse},
        teams::view::OriginView,
    },
};

/// A new project.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProjectBody {
    name: String,
    /// What it is at its host, where nothing else of the course is.
    origin: OriginView,
}

/// Gives a team a project.
#[utoipa::path(
    post,
    path = "/api/v1/teams/{teamId}/projects",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("teamId" = String, Path, description = "The team, `team_…`")),
    request_body = ProjectBody,
    responses(
        (status = 201, description = "The project", body = One<ProjectView>),
        (status = 400, description = "The body cannot be read", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
        (status = 409, description = "The place at the host is another project's, the course is archived, or the team is locked", body = RefusalBody),
        (status = 422, description = "A field cannot be used", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.projects.create", skip_all)]
pub(crate) async fn handler(teacher: Teacher, body: RawBody) -> Answer {
    let bytes = json_bytes(body, MOST_JSON).await?;
    once(teacher, bytes, |teacher, bytes| async move {
        let team = teacher.segment("teamId", "team")?;
        let body: ProjectBody = parse(&bytes)?;
        let draft = ProjectDraft { name: body.name, origin: body.origin.origin()? };
        let project = teacher.teaching().create_project(&teacher.caller, team, draft).await?;
        let (place, revision) = (format!("/api/v1/projects/{}", project.id), project.revision);
        let reply = teacher.one(StatusCode::CREATED, ProjectView::from(project))?;
        Ok(reply.at(revision).found_at(place))
    })
    .await
}
