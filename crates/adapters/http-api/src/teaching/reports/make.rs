//! `POST /api/v1/teams/{teamId}/report`

use lodge_services::ReportFormat;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    body::RawBody,
    teaching::{
        caller::Teacher,
        jobs::view::{JobView, waits},
        once::once,
        problem::{Refusal, RefusalBody},
        respond::{Answer, One, no_body, parse},
    },
};

/// Which report is wanted.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReportWish {
    /// `pdf` when absent, `xlsx`, `csv`, `json`, `markdown` or `html`.
    format: Option<String>,
}

impl ReportWish {
    fn format(&self) -> Result<ReportFormat, Refusal> {
        let Some(name) = self.format.as_deref() else { return Ok(ReportFormat::Pdf) };
        ReportFormat::parse(name).ok_or_else(|| {
            let problem = "this is one of pdf, xlsx, csv, json, markdown, html";
            Refusal::field("format", problem)
        })
    }
}

/// Makes a report of a team: its results, who did how much, when, and why each check says what
/// it does. The job's result names the file.
#[utoipa::path(
    post,
    path = "/api/v1/teams/{teamId}/report",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("teamId" = String, Path, description = "The team, `team_…`"),
        ("Idempotency-Key" = Option<String>, Header, description = "With the same key, it is done once in 24 hours"),
    ),
    request_body(content = Option<ReportWish>, description = "Nothing is a PDF"),
    responses(
        (status = 202, description = "The job that makes it, or the one that is about the same already", body = One<JobView>),
        (status = 400, description = "The body cannot be read", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
        (status = 422, description = "A field cannot be used", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.reports.make", skip_all)]
pub(crate) async fn handler(teacher: Teacher, body: RawBody) -> Answer {
    let bytes = no_body(body).await?;
    once(teacher, bytes, |teacher, bytes| async move {
        let id = teacher.segment("teamId", "team")?;
        let wish: ReportWish =
            if bytes.is_empty() { ReportWish::default() } else { parse(&bytes)? };
        let format = wish.format()?;
        let job = teacher.teaching().ask_for_report(&teacher.caller, id, format).await?;
        waits(&teacher, job)
    })
    .await
}
