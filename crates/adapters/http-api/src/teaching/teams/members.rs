//! `GET` and `POST /api/v1/teams/{teamId}/members`, and `DELETE …/{studentId}`

use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    body::RawBody,
    teaching::{
        caller::Teacher,
        once::once,
        problem::{Refusal, RefusalBody},
        respond::{Answer, MOST_JSON, Many, Reply, json_bytes, parse},
        students::view::StudentView,
    },
};

/// A student of the team's course.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MemberBody {
    student_id: String,
}

/// The members of a team, all on one page.
#[utoipa::path(
    get,
    path = "/api/v1/teams/{teamId}/members",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("teamId" = String, Path, description = "The team, `team_…`")),
    responses(
        (status = 200, description = "Everybody", body = Many<StudentView>),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.teams.list_members", skip_all)]
pub(crate) async fn list(teacher: Teacher) -> Answer {
    let id = teacher.segment("teamId", "team")?;
    let seen = teacher.teaching().find_team(&teacher.caller, id).await?;
    teacher.whole::<_, StudentView>(seen.members)
}

/// Makes a student a member.
#[utoipa::path(
    post,
    path = "/api/v1/teams/{teamId}/members",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("teamId" = String, Path, description = "The team, `team_…`")),
    request_body = MemberBody,
    responses(
        (status = 204, description = "The student is a member"),
        (status = 400, description = "The body cannot be read", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
        (status = 409, description = "The course is archived, or the team is locked", body = RefusalBody),
        (status = 422, description = "There is no such student in the course", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.teams.add_member", skip_all)]
pub(crate) async fn add(teacher: Teacher, body: RawBody) -> Answer {
    let bytes = json_bytes(body, MOST_JSON).await?;
    once(teacher, bytes, |teacher, bytes| async move {
        let id = teacher.segment("teamId", "team")?;
        let body: MemberBody = parse(&bytes)?;
        let student = body.student_id.parse().map_err(|_not_an_id| {
            Refusal::field("student_id", "this is a student's id, `student_…`")
        })?;
        teacher.teaching().add_member(&teacher.caller, id, student).await?;
        Ok(Reply::empty())
    })
    .await
}

/// Ends a membership. The student stays in the course.
#[utoipa::path(
    delete,
    path = "/api/v1/teams/{teamId}/members/{studentId}",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("teamId" = String, Path, description = "The team, `team_…`"),
        ("studentId" = String, Path, description = "The student, `student_…`"),
    ),
    responses(
        (status = 204, description = "The student is no member"),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
        (status = 409, description = "The course is archived, or the team is locked", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.teams.remove_member", skip_all)]
pub(crate) async fn remove(teacher: Teacher) -> Answer {
    let id = teacher.segment("teamId", "team")?;
    let student = teacher.segment("studentId", "member of this team")?;
    teacher.teaching().remove_member(&teacher.caller, id, student).await?;
    Ok(Reply::empty().send())
}
