//! `PATCH /api/v1/courses/{courseId}`

use actix_web::http::StatusCode;
use lodge_teaching::courses::change::CourseChange;
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::{CourseView, semester, time_zone};
use crate::{
    body::RawBody,
    teaching::{
        caller::Teacher,
        problem::RefusalBody,
        respond::{Answer, MOST_JSON, One, json_bytes, parse},
    },
};

/// What becomes another; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CourseChangeBody {
    code: Option<String>,
    name: Option<String>,
    academic_year: Option<String>,
    /// `winter` or `summer`.
    semester: Option<String>,
    time_zone: Option<String>,
    auto_sync: Option<bool>,
}

/// Changes a course.
#[utoipa::path(
    patch,
    path = "/api/v1/courses/{courseId}",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("courseId" = String, Path, description = "The course, `course_…`"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` that is meant"),
    ),
    request_body = CourseChangeBody,
    responses(
        (status = 200, description = "The course", body = One<CourseView>),
        (status = 400, description = "The body cannot be read", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
        (status = 409, description = "The code is taken, or the course is archived", body = RefusalBody),
        (status = 412, description = "It has changed since", body = RefusalBody),
        (status = 422, description = "A field cannot be used", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.courses.change", skip_all)]
pub(crate) async fn handler(teacher: Teacher, body: RawBody) -> Answer {
    let id = teacher.segment("courseId", "course")?;
    let expected = teacher.expected()?;
    let body: CourseChangeBody = parse(&json_bytes(body, MOST_JSON).await?)?;
    let zone = body.time_zone.as_deref().map(|it| time_zone("time_zone", it)).transpose()?;
    let change = CourseChange {
        code: body.code,
        name: body.name,
        academic_year: body.academic_year,
        semester: body.semester.as_deref().map(semester).transpose()?,
        time_zone: zone,
        auto_sync: body.auto_sync,
    };
    let changed = teacher.teaching().update_course(&teacher.caller, id, &expected, change).await?;
    let revision = changed.revision;
    Ok(teacher.one(StatusCode::OK, CourseView::from(changed))?.at(revision).send())
}
