//! `POST /api/v1/jobs/rehearsal`

use lodge_kernel::CourseId;
use lodge_teaching::jobs::rehearsal::{Ending, Script};
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::{JobView, waits};
use crate::{
    body::RawBody,
    teaching::{
        caller::Teacher,
        once::once,
        problem::{Refusal, RefusalBody},
        respond::{Answer, MOST_JSON, One, json_bytes, parse},
    },
};

/// What a rehearsal shall do.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RehearsalRequest {
    /// 1 to 1,000; 10 when absent.
    steps: Option<u32>,
    /// How long each takes, in milliseconds: all together at most 120,000; 500 when absent.
    step_ms: Option<u32>,
    /// `done` (when absent), `fail`, `break` or `panic`.
    ending: Option<String>,
    /// The course that it is for; the organisation when absent.
    course_id: Option<String>,
}

/// Begins a job that does nothing but tell of it: shows that workers work, and
/// that streams come through every proxy.
#[utoipa::path(
    post,
    path = "/api/v1/jobs/rehearsal",
    tag = "Jobs",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "With the same key, it is done once in 24 hours")),
    request_body = RehearsalRequest,
    responses(
        (status = 202, description = "It waits", body = One<JobView>),
        (status = 400, description = "The body cannot be read", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is no such course", body = RefusalBody),
        (status = 409, description = "The `Idempotency-Key` belongs to another request, or to one that has no answer yet", body = RefusalBody),
        (status = 422, description = "A field cannot be used", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.teaching.rehearse_job", skip_all)]
pub(crate) async fn handler(teacher: Teacher, body: RawBody) -> Answer {
    let body = json_bytes(body, MOST_JSON).await?;
    once(teacher, body, async |teacher, body| {
        let asked: RehearsalRequest = parse(&body)?;
        let course = asked.course_id.as_deref();
        let course: Option<CourseId> = course
            .map(|it| it.parse().map_err(|_not_an_id| Refusal::missing("course")))
            .transpose()?;
        let ending = Ending::parse(asked.ending.as_deref().unwrap_or("done"));
        let ending =
            ending.ok_or_else(|| Refusal::invalid("`ending` is done, fail, break or panic"))?;
        let (steps, step_ms) = (asked.steps.unwrap_or(10), asked.step_ms.unwrap_or(500));
        let script = Script { steps, step_ms, ending };
        let job = teacher.teaching().rehearse_job(&teacher.caller, course, script).await?;
        waits(&teacher, job)
    })
    .await
}
