//! `POST /api/v1/courses/{courseId}/teams`

use actix_web::http::StatusCode;
use lodge_teaching::teams::TeamDraft;
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::{OriginView, TeamView};
use crate::{
    body::RawBody,
    teaching::{
        caller::Teacher,
        once::once,
        problem::RefusalBody,
        respond::{Answer, MOST_JSON, One, json_bytes, parse},
    },
};

/// A new team.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TeamBody {
    /// 1 to 200 characters, unique in the course.
    name: String,
    /// What it is at a host.
    origin: Option<OriginView>,
}

/// Makes a team.
#[utoipa::path(
    post,
    path = "/api/v1/courses/{courseId}/teams",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("courseId" = String, Path, description = "The course, `course_…`")),
    request_body = TeamBody,
    responses(
        (status = 201, description = "The team", body = One<TeamView>),
        (status = 400, description = "The body cannot be read", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
        (status = 409, description = "The name or the place at the host is taken, or the course is archived", body = RefusalBody),
        (status = 422, description = "A field cannot be used", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.teams.create", skip_all)]
pub(crate) async fn handler(teacher: Teacher, body: RawBody) -> Answer {
    let bytes = json_bytes(body, MOST_JSON).await?;
    once(teacher, bytes, |teacher, bytes| async move {
        let course = teacher.segment("courseId", "course")?;
        let body: TeamBody = parse(&bytes)?;
        let origin = body.origin.map(OriginView::origin).transpose()?;
        let draft = TeamDraft { name: body.name, origin };
        let team = teacher.teaching().create_team(&teacher.caller, course, draft).await?;
        let (place, revision) = (format!("/api/v1/teams/{}", team.id), team.revision);
        let reply = teacher.one(StatusCode::CREATED, TeamView::from(team))?;
        Ok(reply.at(revision).found_at(place))
    })
    .await
}
