//! `POST /api/v1/courses/{courseId}/clone`

use actix_web::http::StatusCode;
use lodge_courses::Details;
use lodge_teaching::courses::create::Copy;
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::{CourseView, semester};
use crate::{
    body::RawBody,
    teaching::{
        caller::Teacher,
        once::once,
        problem::RefusalBody,
        respond::{Answer, MOST_JSON, One, json_bytes, parse},
    },
};

/// What is said of the copy.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CloneBody {
    code: String,
    name: String,
    academic_year: String,
    /// `winter` or `summer`.
    semester: String,
    /// Teachers and assistants come with it; not when absent.
    #[serde(default)]
    with_staff: bool,
}

/// Makes a course with the settings of another, without its teams and
/// students.
#[utoipa::path(
    post,
    path = "/api/v1/courses/{courseId}/clone",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("courseId" = String, Path, description = "The course, `course_…`")),
    request_body = CloneBody,
    responses(
        (status = 201, description = "The new course", body = One<CourseView>),
        (status = 400, description = "The body cannot be read", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
        (status = 409, description = "The code is taken", body = RefusalBody),
        (status = 422, description = "A field cannot be used", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.courses.clone", skip_all)]
pub(crate) async fn handler(teacher: Teacher, body: RawBody) -> Answer {
    let bytes = json_bytes(body, MOST_JSON).await?;
    once(teacher, bytes, |teacher, bytes| async move {
        let id = teacher.segment("courseId", "course")?;
        let body: CloneBody = parse(&bytes)?;
        let details = Details {
            code: body.code,
            name: body.name,
            academic_year: body.academic_year,
            semester: semester(&body.semester)?,
            // The copy has those of the original.
            time_zone: String::new(),
            auto_sync: false,
        };
        let copy = Copy { details, with_staff: body.with_staff };
        let course = teacher.teaching().clone_course(&teacher.caller, id, copy).await?;
        let (place, revision) = (format!("/api/v1/courses/{}", course.id), course.revision);
        let reply = teacher.one(StatusCode::CREATED, CourseView::from(course))?;
        Ok(reply.at(revision).found_at(place))
    })
    .await
}
