//! `GET` and `POST /api/v1/courses/{courseId}/staff`, and `DELETE …/staff/{userId}`

use actix_web::http::StatusCode;
use lodge_access::User;
use lodge_courses::{Staff, StaffRole};
use lodge_kernel::UserId;
use lodge_teaching::courses::staff::Who;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    body::RawBody,
    teaching::{
        caller::Teacher,
        once::once,
        problem::{Refusal, RefusalBody},
        respond::{Answer, MOST_JSON, Many, One, Reply, json_bytes, parse},
    },
    views::Time,
};

/// A member of the staff.
#[derive(Serialize, ToSchema)]
pub(crate) struct StaffView {
    user_id: String,
    email: String,
    name: Option<String>,
    /// `teacher` or `assistant`.
    role: &'static str,
    since: Time,
}

impl From<(Staff, User)> for StaffView {
    fn from((staff, user): (Staff, User)) -> Self {
        Self {
            user_id: user.id.to_string(),
            email: user.email,
            name: user.name,
            role: staff.role.name(),
            since: staff.created_at.into(),
        }
    }
}

/// Somebody of the organisation, by id or by address.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StaffBody {
    user_id: Option<String>,
    email: Option<String>,
    /// `teacher` or `assistant`.
    role: String,
}

/// The staff of a course, all on one page.
#[utoipa::path(
    get,
    path = "/api/v1/courses/{courseId}/staff",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("courseId" = String, Path, description = "The course, `course_…`")),
    responses(
        (status = 200, description = "Everybody", body = Many<StaffView>),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "Students do not see the staff", body = RefusalBody),
        (status = 404, description = "There is no course that the caller may see", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.courses.list_staff", skip_all)]
pub(crate) async fn list(teacher: Teacher) -> Answer {
    let id = teacher.segment("courseId", "course")?;
    let staff = teacher.teaching().list_staff(&teacher.caller, id).await?;
    teacher.whole::<_, StaffView>(staff)
}

/// Makes a member of the organisation a teacher or an assistant, or changes
/// which of them.
#[utoipa::path(
    post,
    path = "/api/v1/courses/{courseId}/staff",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("courseId" = String, Path, description = "The course, `course_…`")),
    request_body = StaffBody,
    responses(
        (status = 200, description = "The member of the staff", body = One<StaffView>),
        (status = 400, description = "The body cannot be read", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is no course that the caller may see", body = RefusalBody),
        (status = 409, description = "The course is archived", body = RefusalBody),
        (status = 422, description = "Nobody of that name belongs to the organisation", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.courses.put_staff", skip_all)]
pub(crate) async fn put(teacher: Teacher, body: RawBody) -> Answer {
    let bytes = json_bytes(body, MOST_JSON).await?;
    once(teacher, bytes, |teacher, bytes| async move {
        let id = teacher.segment("courseId", "course")?;
        let body: StaffBody = parse(&bytes)?;
        let role = StaffRole::parse(&body.role);
        let role =
            role.ok_or_else(|| Refusal::field("role", "this is `teacher` or `assistant`"))?;
        let who = match (body.user_id, body.email) {
            (Some(id), None) => {
                let id: Result<UserId, _> = id.parse();
                let wrong = |_not_an_id| Refusal::field("user_id", "this is `user_…`");
                Who::Id(id.map_err(wrong)?)
            }
            (None, Some(email)) => Who::Email(email),
            _ => {
                let problem = "name a person by `user_id` or by `email`";
                return Err(Refusal::field("user_id", problem));
            }
        };
        let put = teacher.teaching().put_staff(&teacher.caller, id, who, role).await?;
        teacher.one(StatusCode::OK, StaffView::from(put))
    })
    .await
}

/// Removes somebody from the staff.
#[utoipa::path(
    delete,
    path = "/api/v1/courses/{courseId}/staff/{userId}",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("courseId" = String, Path, description = "The course, `course_…`"),
        ("userId" = String, Path, description = "The person, `user_…`"),
    ),
    responses(
        (status = 204, description = "They are no longer of the staff"),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none", body = RefusalBody),
        (status = 409, description = "The course is archived", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.courses.remove_staff", skip_all)]
pub(crate) async fn remove(teacher: Teacher) -> Answer {
    let id = teacher.segment("courseId", "course")?;
    let user = teacher.segment("userId", "member of the staff")?;
    teacher.teaching().remove_staff(&teacher.caller, id, user).await?;
    Ok(Reply::empty().send())
}
