//! `PATCH /api/v1/students/{studentId}`

use actix_web::http::StatusCode;
use lodge_kernel::UserId;
use lodge_teaching::students::StudentChange;
use lodge_teams::StudentState;
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::StudentView;
use crate::{
    body::RawBody,
    teaching::{
        caller::Teacher,
        given::Given,
        problem::{Refusal, RefusalBody},
        respond::{Answer, MOST_JSON, One, json_bytes, parse},
    },
};

/// What becomes another; what is absent stays, and what is null is taken away.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StudentChangeBody {
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    student_number: Given,
    name: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    email: Given,
    /// The account of the person, who belongs to the organisation.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    user_id: Given,
    /// `active` or `dropped`.
    state: Option<String>,
}

/// Changes a student.
#[utoipa::path(
    patch,
    path = "/api/v1/students/{studentId}",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("studentId" = String, Path, description = "The student, `student_…`"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` that is meant"),
    ),
    request_body = StudentChangeBody,
    responses(
        (status = 200, description = "The student", body = One<StudentView>),
        (status = 400, description = "The body cannot be read", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
        (status = 409, description = "The number, address or account is another student's, the student was erased, or the course is archived", body = RefusalBody),
        (status = 412, description = "Something has changed since", body = RefusalBody),
        (status = 422, description = "A field cannot be used", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.students.change", skip_all)]
pub(crate) async fn handler(teacher: Teacher, body: RawBody) -> Answer {
    let id = teacher.segment("studentId", "student")?;
    let expected = teacher.expected()?;
    let body: StudentChangeBody = parse(&json_bytes(body, MOST_JSON).await?)?;
    let user = body.user_id.change().map(|it| {
        let id = it.map(|text| text.parse::<UserId>()).transpose();
        id.map_err(|_not_an_id| Refusal::field("user_id", "this is `user_…`"))
    });
    let state = body.state.as_deref().map(|it| {
        let unknown = || Refusal::field("state", "this is `active` or `dropped`");
        StudentState::parse(it).ok_or_else(unknown)
    });
    let change = StudentChange {
        number: body.student_number.change(),
        name: body.name,
        email: body.email.change(),
        user: user.transpose()?,
        state: state.transpose()?,
    };
    let student = teacher.teaching().update_student(&teacher.caller, id, &expected, change).await?;
    let revision = student.revision;
    Ok(teacher.one(StatusCode::OK, StudentView::from(student))?.at(revision).send())
}
