//! `POST /api/v1/courses/{courseId}/sync-all`, and what the syncs of teams share
//! with it.

use serde::Deserialize;

use crate::{
    body::RawBody,
    teaching::{
        caller::Teacher,
        jobs::view::{JobView, waits},
        once::once,
        problem::{Refusal, RefusalBody},
        respond::{Answer, One, no_body},
    },
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SyncQuery {
    full: Option<bool>,
}

/// Whether everything is read again.
pub(crate) fn full(teacher: &Teacher) -> Result<bool, Refusal> {
    Ok(teacher.query::<SyncQuery>()?.full.unwrap_or(false))
}

/// Brings a course up to date with its hosts.
#[utoipa::path(
    post,
    path = "/api/v1/courses/{courseId}/sync-all",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("courseId" = String, Path, description = "The course, `course_…`"),
        ("full" = Option<bool>, Query, description = "Everything is read again, not what has changed alone"),
    ),
    responses(
        (status = 202, description = "The job that does it, or the one that is about it already", body = One<JobView>),
        (status = 400, description = "The query cannot be used", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
        (status = 409, description = "The course is archived, or was brought in from nowhere", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.courses.sync", skip_all)]
pub(crate) async fn handler(teacher: Teacher, body: RawBody) -> Answer {
    let bytes = no_body(body).await?;
    once(teacher, bytes, |teacher, _| async move {
        let id = teacher.segment("courseId", "course")?;
        let full = full(&teacher)?;
        let job = teacher.teaching().sync_course(&teacher.caller, id, full).await?;
        waits(&teacher, job)
    })
    .await
}
