//! `POST /api/v1/courses/{courseId}/archive` and `…/unarchive`

use actix_web::http::StatusCode;
use lodge_courses::CourseState;

use super::view::CourseView;
use crate::{
    body::RawBody,
    teaching::{
        caller::Teacher,
        once::once,
        problem::RefusalBody,
        respond::{Answer, One, no_body},
    },
};

/// Puts a course away: it can be read, and is not changed.
#[utoipa::path(
    post,
    path = "/api/v1/courses/{courseId}/archive",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("courseId" = String, Path, description = "The course, `course_…`")),
    responses(
        (status = 200, description = "The course", body = One<CourseView>),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.courses.archive", skip_all)]
pub(crate) async fn archive(teacher: Teacher, body: RawBody) -> Answer {
    become_state(teacher, body, CourseState::Archived).await
}

/// Takes a course out again.
#[utoipa::path(
    post,
    path = "/api/v1/courses/{courseId}/unarchive",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("courseId" = String, Path, description = "The course, `course_…`")),
    responses(
        (status = 200, description = "The course", body = One<CourseView>),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.courses.unarchive", skip_all)]
pub(crate) async fn unarchive(teacher: Teacher, body: RawBody) -> Answer {
    become_state(teacher, body, CourseState::Active).await
}

async fn become_state(teacher: Teacher, body: RawBody, state: CourseState) -> Answer {
    let bytes = no_body(body).await?;
    once(teacher, bytes, move |teacher, _| async move {
        let id = teacher.segment("courseId", "course")?;
        let expected = teacher.expected()?;
        let changed = teacher.teaching().set_course_state(&teacher.caller, id, &expected, state);
        let course = changed.await?;
        let revision = course.revision;
        Ok(teacher.one(StatusCode::OK, CourseView::from(course))?.at(revision))
    })
    .await
}
