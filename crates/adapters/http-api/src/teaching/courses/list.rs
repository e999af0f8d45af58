//! `GET /api/v1/courses/` and `GET /api/v1/courses/{courseId}`

use lodge_courses::CourseState;
use lodge_kernel::CourseId;

use super::view::CourseView;
use crate::teaching::{
    caller::Teacher,
    page::ListQuery,
    problem::RefusalBody,
    respond::{Answer, Many, One},
};

/// The courses that the caller is something in.
#[utoipa::path(
    get,
    path = "/api/v1/courses/",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("limit" = Option<u8>, Query, description = "How many items: 1 to 100, 25 when absent"),
        ("cursor" = Option<String>, Query, description = "`page_info.next_cursor` of the page before"),
        ("q" = Option<String>, Query, description = "What occurs in code, name or year"),
        ("sort" = Option<String>, Query, description = "`created_at`, `name`; `-` before it turns it round"),
        ("state" = Option<String>, Query, description = "`active` or `archived`"),
    ),
    responses(
        (status = 200, description = "One page", body = Many<CourseView>),
        (status = 400, description = "The query cannot be used", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.courses.list", skip_all)]
pub(crate) async fn all(teacher: Teacher) -> Answer {
    let query = teacher.query::<ListQuery>()?.without(&["team_id"])?;
    let state = query.state("`active` and `archived`", CourseState::parse)?;
    let (pager, listing) = query.page::<CourseId>(&teacher, "")?;
    let found = teacher.teaching().list_courses(&teacher.caller, state, &listing).await?;
    pager.many(&teacher, found, |it| (it.id.to_string(), it.name_key()), CourseView::from)
}

/// One course, and what the caller is in it.
#[utoipa::path(
    get,
    path = "/api/v1/courses/{courseId}",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("courseId" = String, Path, description = "The course, `course_…`")),
    responses(
        (status = 200, description = "The course, with its `ETag`", body = One<CourseView>),
        (status = 304, description = "The caller has it: `If-None-Match`"),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.courses.find", skip_all)]
pub(crate) async fn one(teacher: Teacher) -> Answer {
    let id = teacher.segment("courseId", "course")?;
    let known = teacher.teaching().find_course(&teacher.caller, id).await?;
    let revision = known.course.revision;
    let view = CourseView::from(known.course).seen_by(known.role);
    teacher.shown(view, revision, Some(known.role))
}
