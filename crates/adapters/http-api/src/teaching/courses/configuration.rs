//! `GET /api/v1/courses/{courseId}/export` and `POST /api/v1/courses/import/json`

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
};
use lodge_courses::{Details, configuration};
use serde_json::Value;

use super::view::{CourseView, time_zone};
use crate::{
    body::RawBody,
    teaching::{
        caller::Teacher,
        once::once,
        problem::{Refusal, RefusalBody},
        respond::{Answer, MOST_JSON, One, document, json_bytes, parse, value},
    },
};

/// How a course is set, as a file, without anybody in it.
#[utoipa::path(
    get,
    path = "/api/v1/courses/{courseId}/export",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("courseId" = String, Path, description = "The course, `course_…`")),
    responses(
        (status = 200, description = "The file: what `POST /courses/import/json` takes", body = Value),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.courses.export", skip_all)]
pub(crate) async fn export(teacher: Teacher) -> Answer {
    let id = teacher.segment("courseId", "course")?;
    let (code, file) = teacher.teaching().export_course(&teacher.caller, id).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_DISPOSITION, attachment(&code, "json")))
        .json(value(file)))
}

/// A course as another one was set. Its code may be changed in the file first.
#[utoipa::path(
    post,
    path = "/api/v1/courses/import/json",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "With the same key, it is done once in 24 hours")),
    request_body = Value,
    responses(
        (status = 201, description = "The course", body = One<CourseView>),
        (status = 400, description = "The body cannot be read", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The caller makes no courses", body = RefusalBody),
        (status = 409, description = "The code is taken", body = RefusalBody),
        (status = 422, description = "A field cannot be used: each is named with its place", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.courses.import", skip_all)]
pub(crate) async fn import(teacher: Teacher, body: RawBody) -> Answer {
    let bytes = json_bytes(body, MOST_JSON).await?;
    once(teacher, bytes, |teacher, bytes| async move {
        let given: Value = parse(&bytes)?;
        let read = configuration::read(&document(given));
        let (details, settings) = read.map_err(Refusal::unprocessable)?;
        let zone = time_zone("course.time_zone", &details.time_zone)?;
        let details = Details { time_zone: zone, ..details };
        let made = teacher.teaching().create_course(&teacher.caller, details, settings);
        let course = made.await?;
        let (place, revision) = (format!("/api/v1/courses/{}", course.id), course.revision);
        let reply = teacher.one(StatusCode::CREATED, CourseView::from(course))?;
        Ok(reply.at(revision).found_at(place))
    })
    .await
}

/// How a browser names the file. What a code may have needs no quoting; other
/// letters than those of ASCII are left out.
pub(super) fn attachment(code: &str, ending: &str) -> String {
    let name: String = code.chars().filter(char::is_ascii).collect();
    format!("attachment; filename=\"{name}.{ending}\"")
}
