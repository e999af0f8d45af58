//! `POST /api/v1/courses/`

use actix_web::http::StatusCode;
use lodge_courses::Settings;

use super::view::{CourseBody, CourseView};
use crate::{
    body::RawBody,
    teaching::{
        caller::Teacher,
        once::once,
        problem::RefusalBody,
        respond::{Answer, MOST_JSON, One, json_bytes, parse},
    },
};

/// Makes a course, of which the caller is the teacher.
#[utoipa::path(
    post,
    path = "/api/v1/courses/",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "With the same key, it is done once in 24 hours")),
    request_body = CourseBody,
    responses(
        (status = 201, description = "The course", body = One<CourseView>),
        (status = 400, description = "The body cannot be read", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The caller makes no courses", body = RefusalBody),
        (status = 409, description = "The code is taken", body = RefusalBody),
        (status = 422, description = "A field cannot be used", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.courses.create", skip_all)]
pub(crate) async fn handler(teacher: Teacher, body: RawBody) -> Answer {
    let bytes = json_bytes(body, MOST_JSON).await?;
    once(teacher, bytes, |teacher, bytes| async move {
        let details = parse::<CourseBody>(&bytes)?.details()?;
        let made = teacher.teaching().create_course(&teacher.caller, details, Settings::default());
        let course = made.await?;
        let (place, revision) = (format!("/api/v1/courses/{}", course.id), course.revision);
        let reply = teacher.one(StatusCode::CREATED, CourseView::from(course))?;
        Ok(reply.at(revision).found_at(place))
    })
    .await
}
