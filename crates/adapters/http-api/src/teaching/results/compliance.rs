//! `GET /api/v1/teams/{teamId}/compliance`, `GET /api/v1/students/{studentId}/compliance`

use actix_web::http::StatusCode;
use lodge_kernel::StudentId;
use lodge_services::ReportFormat;
use lodge_teaching::evaluation::Compliance;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::view::{TeamResultView, ThresholdsView};
use crate::{
    teaching::{
        caller::Teacher,
        problem::RefusalBody,
        reports::file,
        respond::{Answer, One},
    },
    views::Time,
};

/// What the checks say now of a team, or of a student in each of their teams.
#[derive(Serialize, ToSchema)]
pub(crate) struct ComplianceView {
    /// When it was worked out.
    evaluated_at: Time,
    thresholds: ThresholdsView,
    teams: Vec<TeamResultView>,
}

impl From<Compliance> for ComplianceView {
    fn from(it: Compliance) -> Self {
        let thresholds = it.known.course.settings.thresholds;
        let teams = it.teams.into_iter().map(|it| TeamResultView::new(it, thresholds));
        Self { evaluated_at: it.at.into(), thresholds: thresholds.into(), teams: teams.collect() }
    }
}

/// What the course's checks say of each member of a team, with what decided it. Students see
/// themselves, and the others where the course's settings say so.
#[utoipa::path(
    get,
    path = "/api/v1/teams/{teamId}/compliance",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("teamId" = String, Path, description = "The team, `team_…`")),
    responses(
        (status = 200, description = "The results", body = One<ComplianceView>),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.teams.compliance", skip_all)]
pub(crate) async fn of_team(teacher: Teacher) -> Answer {
    let id = teacher.segment("teamId", "team")?;
    let compliance =
        teacher.computed(teacher.teaching().team_compliance(&teacher.caller, id)).await?;
    Ok(teacher.one(StatusCode::OK, ComplianceView::from(compliance))?.send())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ComplianceQuery {
    format: Option<String>,
}

/// What the course's checks say of a student in each of their teams, with what decided it.
/// Students see themselves; files they take along where the course lets them (`student_export`).
#[utoipa::path(
    get,
    path = "/api/v1/students/{studentId}/compliance",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("studentId" = String, Path, description = "The student, `student_…`"),
        ("format" = Option<String>, Query, description = "`json` when absent, or as a file: `csv`, `xlsx`, `markdown`, `html` or `pdf`"),
    ),
    responses(
        (status = 200, description = "The results", body = One<ComplianceView>),
        (status = 400, description = "The query cannot be used", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less, or the course lets students take nothing along", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.students.compliance", skip_all)]
pub(crate) async fn of_student(teacher: Teacher) -> Answer {
    let id: StudentId = teacher.segment("studentId", "student")?;
    let ComplianceQuery { format } = teacher.query()?;
    let wanted =
        format.map_or(Ok(ReportFormat::Json), |it| file::format(&it, &ReportFormat::ALL))?;
    if wanted == ReportFormat::Json {
        let compliance =
            teacher.computed(teacher.teaching().student_compliance(&teacher.caller, id)).await?;
        return Ok(teacher.one(StatusCode::OK, ComplianceView::from(compliance))?.send());
    }
    let draft = teacher.computed(teacher.teaching().student_report(&teacher.caller, id)).await?;
    file::draft(&teacher, draft, wanted).await
}
