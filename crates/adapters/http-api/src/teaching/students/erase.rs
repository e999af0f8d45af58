//! `DELETE /api/v1/students/{studentId}/personal-data`

use actix_web::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::view::StudentView;
use crate::teaching::{
    caller::Teacher,
    problem::RefusalBody,
    respond::{Answer, One},
};

/// What is left of a student, and what went.
#[derive(Serialize, ToSchema)]
pub(crate) struct ErasedView {
    student: StudentView,
    /// Which fields are empty now.
    erased: &'static [&'static str],
    /// How many addresses, names and ids at hosts went.
    identities: u64,
}

/// Erases everything that says who a student is: name, number, address,
/// account, and what they go by at hosts. It cannot be undone. The row stays,
/// so that the team's results do, and the trail says who did it.
#[utoipa::path(
    delete,
    path = "/api/v1/students/{studentId}/personal-data",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("studentId" = String, Path, description = "The student, `student_…`")),
    responses(
        (status = 200, description = "What is left, and what went", body = One<ErasedView>),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.students.erase", skip_all)]
pub(crate) async fn handler(teacher: Teacher) -> Answer {
    let id = teacher.segment("studentId", "student")?;
    let done = teacher.teaching().erase_student(&teacher.caller, id).await?;
    let erased = &["student_number", "name", "email", "user_id", "identities"];
    let view = ErasedView { student: done.student.into(), erased, identities: done.identities };
    Ok(teacher.one(StatusCode::OK, view)?.send())
}
