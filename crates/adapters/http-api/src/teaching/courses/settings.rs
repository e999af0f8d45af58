//! `GET` and `PUT /api/v1/courses/{courseId}/settings`

use actix_web::http::StatusCode;
use lodge_courses::{Course, Settings};
use serde_json::Value;

use crate::{
    body::RawBody,
    teaching::{
        caller::Teacher,
        problem::{Refusal, RefusalBody},
        respond::{Answer, MOST_JSON, One, document, json_bytes, parse, value},
    },
};

/// What a teacher chose for a course: every choice, those that nobody changed
/// too.
#[utoipa::path(
    get,
    path = "/api/v1/courses/{courseId}/settings",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("courseId" = String, Path, description = "The course, `course_…`")),
    responses(
        (status = 200, description = "The settings, with their `ETag`", body = One<Value>),
        (status = 304, description = "The caller has them: `If-None-Match`"),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "Students do not see settings", body = RefusalBody),
        (status = 404, description = "There is no course that the caller may see", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.courses.settings", skip_all)]
pub(crate) async fn show(teacher: Teacher) -> Answer {
    let id = teacher.segment("courseId", "course")?;
    let course = teacher.teaching().find_settings(&teacher.caller, id).await?;
    teacher.shown(view(&course), course.revision, None)
}

/// Replaces the settings. What is absent has its usual value again.
#[utoipa::path(
    put,
    path = "/api/v1/courses/{courseId}/settings",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("courseId" = String, Path, description = "The course, `course_…`"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` that is meant"),
    ),
    request_body = Value,
    responses(
        (status = 200, description = "The settings", body = One<Value>),
        (status = 400, description = "The body cannot be read", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is no course that the caller may see", body = RefusalBody),
        (status = 409, description = "The course is archived", body = RefusalBody),
        (status = 412, description = "They have changed since", body = RefusalBody),
        (status = 422, description = "A choice cannot be used: each is named with its place", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.courses.replace_settings", skip_all)]
pub(crate) async fn replace(teacher: Teacher, body: RawBody) -> Answer {
    let id = teacher.segment("courseId", "course")?;
    let expected = teacher.expected()?;
    let given: Value = parse(&json_bytes(body, MOST_JSON).await?)?;
    let settings = Settings::read(&document(given), "").map_err(Refusal::unprocessable)?;
    let replaced = teacher.teaching().replace_settings(&teacher.caller, id, &expected, settings);
    let course = replaced.await?;
    Ok(teacher.one(StatusCode::OK, view(&course))?.at(course.revision).send())
}

fn view(course: &Course) -> Value {
    value(course.settings.write())
}
