//! `GET /api/v1/courses/{courseId}/students` and `GET /api/v1/students/{studentId}`

use actix_web::http::StatusCode;
use lodge_kernel::StudentId;
use lodge_teams::StudentState;
use serde::Serialize;
use utoipa::ToSchema;

use super::view::{IdentityView, StudentView};
use crate::teaching::{
    caller::Teacher,
    page::ListQuery,
    problem::RefusalBody,
    respond::{Answer, Many, One},
};

/// A student with what they go by.
#[derive(Serialize, ToSchema)]
pub(crate) struct WholeStudentView {
    #[serde(flatten)]
    student: StudentView,
    identities: Vec<IdentityView>,
}

/// The students of a course.
#[utoipa::path(
    get,
    path = "/api/v1/courses/{courseId}/students",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("courseId" = String, Path, description = "The course, `course_…`"),
        ("limit" = Option<u8>, Query, description = "How many items: 1 to 100, 25 when absent"),
        ("cursor" = Option<String>, Query, description = "`page_info.next_cursor` of the page before"),
        ("q" = Option<String>, Query, description = "What occurs in it"),
        ("sort" = Option<String>, Query, description = "`created_at`, `name`; `-` before it turns it round"),
        ("state" = Option<String>, Query, description = "`active`, `dropped` or `erased`"),
    ),
    responses(
        (status = 200, description = "One page", body = Many<StudentView>),
        (status = 400, description = "The query cannot be used", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.students.list", skip_all)]
pub(crate) async fn all(teacher: Teacher) -> Answer {
    let course = teacher.segment("courseId", "course")?;
    let query = teacher.query::<ListQuery>()?.without(&["team_id"])?;
    let state = query.state("`active`, `dropped` and `erased`", StudentState::parse)?;
    let (pager, listing) = query.page::<StudentId>(&teacher, &format!("{course}"))?;
    let found = teacher.teaching().list_students(&teacher.caller, course, state, &listing).await?;
    pager.many(&teacher, found, |it| (it.id.to_string(), it.name_key()), StudentView::from)
}

/// One student with what they go by. Students see themselves.
#[utoipa::path(
    get,
    path = "/api/v1/students/{studentId}",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("studentId" = String, Path, description = "The student, `student_…`")),
    responses(
        (status = 200, description = "The student, with an `ETag`", body = One<WholeStudentView>),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.students.find", skip_all)]
pub(crate) async fn one(teacher: Teacher) -> Answer {
    let id = teacher.segment("studentId", "student")?;
    let (student, identities) = teacher.teaching().find_student(&teacher.caller, id).await?;
    let revision = student.revision;
    let identities = identities.into_iter().map(IdentityView::from).collect();
    let view = WholeStudentView { student: student.into(), identities };
    // What a student goes by changes without the student: it is shown whole.
    Ok(teacher.one(StatusCode::OK, view)?.at(revision).send())
}
