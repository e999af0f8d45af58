//! `GET`, `POST` and `DELETE /api/v1/students/{studentId}/identities`

use lodge_forge::ProviderName;
use lodge_teams::{Identity, IdentityKind};
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::IdentityView;
use crate::{
    body::RawBody,
    teaching::{
        caller::Teacher,
        once::once,
        problem::{Refusal, RefusalBody},
        respond::{Answer, MOST_JSON, Many, Reply, json_bytes, parse},
    },
};

/// Something that a student goes by at hosts.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct IdentityBody {
    /// `email`, `username` or `host_user`.
    kind: String,
    /// The host; absent for whichever. An address has none, an id needs one.
    host: Option<String>,
    value: String,
}

impl IdentityBody {
    fn identity(&self) -> Result<Identity, Refusal> {
        let unknown = || Refusal::field("kind", "this is `email`, `username` or `host_user`");
        let kind = IdentityKind::parse(&self.kind).ok_or_else(unknown)?;
        let host = self.host.as_deref().map(ProviderName::parse).transpose();
        let host = host.map_err(|error| Refusal::field("host", error.to_string()))?;
        let identity = Identity::new(kind, host, &self.value);
        identity.map_err(|problem| Refusal::field("value", problem))
    }
}

/// What a student goes by, all on one page.
#[utoipa::path(
    get,
    path = "/api/v1/students/{studentId}/identities",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("studentId" = String, Path, description = "The student, `student_…`")),
    responses(
        (status = 200, description = "Everything", body = Many<IdentityView>),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.students.list_identities", skip_all)]
pub(crate) async fn list(teacher: Teacher) -> Answer {
    let id = teacher.segment("studentId", "student")?;
    let (_, identities) = teacher.teaching().find_student(&teacher.caller, id).await?;
    teacher.whole::<_, IdentityView>(identities)
}

/// Adds something that a student goes by. In a course, one student goes by it.
#[utoipa::path(
    post,
    path = "/api/v1/students/{studentId}/identities",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("studentId" = String, Path, description = "The student, `student_…`")),
    request_body = IdentityBody,
    responses(
        (status = 204, description = "The student goes by it"),
        (status = 400, description = "The body cannot be read", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
        (status = 409, description = "A student goes by it, this one goes by 50 things or was erased, or the course is archived", body = RefusalBody),
        (status = 412, description = "The student was changed at the same time", body = RefusalBody),
        (status = 422, description = "A field cannot be used", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.students.identify", skip_all)]
pub(crate) async fn add(teacher: Teacher, body: RawBody) -> Answer {
    let bytes = json_bytes(body, MOST_JSON).await?;
    once(teacher, bytes, |teacher, bytes| async move {
        let id = teacher.segment("studentId", "student")?;
        let identity = parse::<IdentityBody>(&bytes)?.identity()?;
        teacher.teaching().identify_student(&teacher.caller, id, &identity).await?;
        // Without it: a kept answer would outlive the erasure of the student.
        Ok(Reply::empty())
    })
    .await
}

/// Takes something away that a student goes by.
#[utoipa::path(
    delete,
    path = "/api/v1/students/{studentId}/identities",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("studentId" = String, Path, description = "The student, `student_…`"),
        ("kind" = String, Query, description = "`email`, `username` or `host_user`"),
        ("host" = Option<String>, Query, description = "The host, where it has one"),
        ("value" = String, Query, description = "The address, name or id"),
    ),
    responses(
        (status = 204, description = "The student does not go by it"),
        (status = 400, description = "The query cannot be used", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
        (status = 409, description = "The student was erased, or the course is archived", body = RefusalBody),
        (status = 422, description = "It can be nothing that a student goes by", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.students.forget_identity", skip_all)]
pub(crate) async fn remove(teacher: Teacher) -> Answer {
    let id = teacher.segment("studentId", "student")?;
    let identity = teacher.query::<IdentityBody>()?.identity()?;
    teacher.teaching().forget_identity(&teacher.caller, id, &identity).await?;
    Ok(Reply::empty().send())
}
