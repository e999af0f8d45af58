//! `DELETE /api/v1/courses/{courseId}`

use actix_web::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::teaching::{
    caller::Teacher,
    problem::RefusalBody,
    respond::{Answer, One},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeleteQuery {
    #[serde(default)]
    confirm: String,
}

/// What went with a course.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeletedView {
    id: String,
    code: String,
    teams: u64,
    students: u64,
    projects: u64,
    staff: u64,
}

/// Deletes a course with everything in it. That cannot be undone, so the course
/// is named twice: without its code in `confirm`, the answer says what would
/// go.
#[utoipa::path(
    delete,
    path = "/api/v1/courses/{courseId}",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("courseId" = String, Path, description = "The course, `course_…`"),
        ("confirm" = String, Query, description = "The code of the course"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` that is meant"),
    ),
    responses(
        (status = 200, description = "What went with it", body = One<DeletedView>),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
        (status = 409, description = "Projects of it have webhooks at their hosts: the message names them", body = RefusalBody),
        (status = 412, description = "It has changed since", body = RefusalBody),
        (status = 422, description = "`confirm` is not its code", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.courses.delete", skip_all)]
pub(crate) async fn handler(teacher: Teacher) -> Answer {
    let id = teacher.segment("courseId", "course")?;
    let expected = teacher.expected()?;
    let DeleteQuery { confirm } = teacher.query()?;
    let deleted = teacher.teaching().delete_course(&teacher.caller, id, &expected, &confirm);
    let (course, contents) = deleted.await?;
    let view = DeletedView {
        id: course.id.to_string(),
        code: course.details.code,
        teams: contents.teams,
        students: contents.students,
        projects: contents.projects,
        staff: contents.staff,
    };
    Ok(teacher.one(StatusCode::OK, view)?.send())
}
