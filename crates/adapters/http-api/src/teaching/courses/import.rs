//! `POST /api/v1/courses/import/gitlab`

use actix_web::http::StatusCode;
use lodge_courses::Fault;
use lodge_kernel::CourseId;
use lodge_teaching::sources::{ImportInto, ImportWish};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    parse_url::AddressBody,
    view::{CourseBody, CourseView},
};
use crate::{
    body::RawBody,
    teaching::{
        caller::Teacher,
        jobs::view::JobView,
        once::once,
        problem::{Refusal, RefusalBody},
        respond::{Answer, MOST_JSON, One, json_bytes, parse},
    },
};

/// A course that is to be brought in from a host: a new one, or more of one that
/// is there.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ImportBody {
    /// The address of a group or a project, or the path of a folder.
    url: String,
    /// The host's name here; found by the address when absent.
    host: Option<String>,
    /// The account that it is read through; the operator's own when absent.
    connection_id: Option<String>,
    /// The course that it is brought into. The fields of a new course are left
    /// out then.
    course_id: Option<String>,
    /// Of the new course: 1 to 32 letters, digits, `.`, `_` or `-`.
    code: Option<String>,
    name: Option<String>,
    /// For example `2026/2027`.
    academic_year: Option<String>,
    /// `winter` or `summer`.
    semester: Option<String>,
    /// `UTC` when absent.
    time_zone: Option<String>,
    /// It is brought up to date every six hours, beside what webhooks tell.
    #[serde(default)]
    auto_sync: bool,
}

impl ImportBody {
    fn wish(self) -> Result<ImportWish, Refusal> {
        let Self { url, host, connection_id, course_id, auto_sync, .. } = self;
        let address = AddressBody { url, host, connection_id }.address()?;
        let fields = [
            ("code", self.code),
            ("name", self.name),
            ("academic_year", self.academic_year),
            ("semester", self.semester),
        ];
        if let Some(id) = course_id {
            let more = fields.iter().find(|(_, it)| it.is_some());
            if let Some((field, _)) = more {
                let problem = "with `course_id`, the course is there already: leave this out";
                return Err(Refusal::field(*field, problem));
            }
            let id: CourseId = id.parse().map_err(|_not_an_id| Refusal::missing("course"))?;
            return Ok(ImportWish { address, into: ImportInto::Course(id, auto_sync) });
        }
        let missing: Vec<_> = fields.iter().filter(|(_, it)| it.is_none()).collect();
        if !missing.is_empty() {
            let problem = "a new course needs this; or name a `course_id`";
            let fault = |(field, _): &&(&str, _)| Fault {
                field: (*field).to_owned(),
                problem: problem.to_owned(),
            };
            return Err(Refusal::unprocessable(missing.iter().map(fault).collect()));
        }
        let [code, name, academic_year, semester] = fields.map(|(_, it)| it.unwrap_or_default());
        let time_zone = self.time_zone;
        let body = CourseBody { code, name, academic_year, semester, time_zone, auto_sync };
        Ok(ImportWish { address, into: ImportInto::New(body.details()?) })
    }
}

/// A course, and the job that brings it in.
#[derive(Serialize, ToSchema)]
pub(crate) struct ImportView {
    course: CourseView,
    job: JobView,
}

/// Brings a course in from a host: a group's groups become teams, a folder's
/// folders do. What is wrong is said at once, and nothing was made then; the rest
/// is a job, which `GET /api/v1/jobs/{id}/stream` shows.
#[utoipa::path(
    post,
    path = "/api/v1/courses/import/gitlab",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "With the same key, it is done once in 24 hours")),
    request_body = ImportBody,
    responses(
        (status = 202, description = "The course, and the job that brings it in; `Location` is the job", body = One<ImportView>),
        (status = 400, description = "The body cannot be read", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The caller makes no courses, or does not run this one", body = RefusalBody),
        (status = 404, description = "There is no such course", body = RefusalBody),
        (status = 409, description = "The code is taken, or the course is archived", body = RefusalBody),
        (status = 422, description = "A field cannot be used: the address, for example", body = RefusalBody),
        (status = 503, description = "The host does not answer", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.courses.import_from_host", skip_all)]
pub(crate) async fn handler(teacher: Teacher, body: RawBody) -> Answer {
    let bytes = json_bytes(body, MOST_JSON).await?;
    once(teacher, bytes, |teacher, bytes| async move {
        let wish = parse::<ImportBody>(&bytes)?.wish()?;
        let made = teacher.teaching().import_course(&teacher.caller, wish).await?;
        let place = format!("/api/v1/jobs/{}", made.job.id);
        let view = ImportView { course: made.course.into(), job: made.job.into() };
        Ok(teacher.one(StatusCode::ACCEPTED, view)?.found_at(place))
    })
    .await
}
