//! `GET /api/v1/jobs/{jobId}`

use actix_web::http::StatusCode;

use super::view::JobView;
use crate::teaching::{
    caller::Teacher,
    problem::RefusalBody,
    respond::{Answer, One},
};

/// One job.
#[utoipa::path(
    get,
    path = "/api/v1/jobs/{jobId}",
    tag = "Jobs",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("jobId" = String, Path, description = "The job")),
    responses(
        (status = 200, description = "The job", body = One<JobView>),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The token is for less", body = RefusalBody),
        (status = 404, description = "There is no such job", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.teaching.find_job", skip_all)]
pub(crate) async fn handler(teacher: Teacher) -> Answer {
    let id = teacher.segment("jobId", "job")?;
    let job = teacher.teaching().find_job(&teacher.caller, id).await?;
    Ok(teacher.one(StatusCode::OK, JobView::from(job))?.send())
}
