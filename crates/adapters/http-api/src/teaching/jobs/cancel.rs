//! `POST /api/v1/jobs/{jobId}/cancel`

use actix_web::http::StatusCode;

use super::view::JobView;
use crate::teaching::{
    caller::Teacher,
    problem::RefusalBody,
    respond::{Answer, One},
};

/// Stops a job: one that waits at once, one that runs within seconds.
#[utoipa::path(
    post,
    path = "/api/v1/jobs/{jobId}/cancel",
    tag = "Jobs",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("jobId" = String, Path, description = "The job")),
    responses(
        (status = 202, description = "It has stopped, or will; `cancelling` says which", body = One<JobView>),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is no such job", body = RefusalBody),
        (status = 409, description = "It has ended already", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.teaching.cancel_job", skip_all)]
pub(crate) async fn handler(teacher: Teacher) -> Answer {
    let id = teacher.segment("jobId", "job")?;
    let job = teacher.teaching().cancel_job(&teacher.caller, id).await?;
    Ok(teacher.one(StatusCode::ACCEPTED, JobView::from(job))?.send())
}
