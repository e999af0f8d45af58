//! `GET /api/v1/courses/{courseId}/gradebook`

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use lodge_services::ReportFormat;
use lodge_teaching::evaluation::{Column, Gradebook, GradebookRow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::view::{ThresholdsView, light, score};
use crate::{
    teaching::{
        caller::Teacher,
        problem::RefusalBody,
        reports::file,
        respond::{Answer, One},
    },
    views::Time,
};

/// The results of a course.
#[derive(Serialize, ToSchema)]
pub(crate) struct GradebookView {
    /// When it was worked out.
    evaluated_at: Time,
    thresholds: ThresholdsView,
    /// The mean of the teams' scores; `null` when nobody could be judged.
    score: Option<f64>,
    /// The checks, in the order of the catalogue, then those of the course.
    columns: Vec<ColumnView>,
    /// The students, by team and name; those without a team last.
    rows: Vec<RowView>,
    /// In some team there is more than is judged at once, and what is oldest is left out.
    truncated: bool,
}

/// A check.
#[derive(Serialize, ToSchema)]
pub(crate) struct ColumnView {
    /// `R01` to `R13`, `I01` to `I13`, or the key of the course's own check.
    code: String,
    name: String,
    /// What it counts beside the others; 0: it is shown only.
    weight: u32,
}

/// The results of one student in one team.
#[derive(Serialize, ToSchema)]
pub(crate) struct RowView {
    student_id: String,
    student_number: Option<String>,
    name: String,
    email: Option<String>,
    team_id: Option<String>,
    team: Option<String>,
    /// 0 to 100; `null` when nothing could be judged.
    score: Option<f64>,
    light: Option<&'static str>,
    /// By code; `null` when there is nothing that could be judged.
    results: BTreeMap<String, Option<f64>>,
}

impl From<Gradebook> for GradebookView {
    fn from(it: Gradebook) -> Self {
        let thresholds = it.known.course.settings.thresholds;
        let mean = score(it.score);
        let row = |row: GradebookRow| {
            let codes = it.columns.iter().map(|it| it.code.clone());
            let (team_id, team) = row.team.map(|it| (it.id.to_string(), it.name)).unzip();
            RowView {
                student_id: row.student.id.to_string(),
                student_number: row.student.number,
                name: row.student.name,
                email: row.student.email,
                team_id,
                team,
                score: score(row.score),
                light: light(row.score, thresholds),
                results: codes.zip(row.results.into_iter().map(score)).collect(),
            }
        };
        let rows = it.rows.into_iter().map(row).collect();
        let column = |it: Column| ColumnView { code: it.code, name: it.name, weight: it.weight };
        Self {
            evaluated_at: it.at.into(),
            thresholds: thresholds.into(),
            score: mean,
            columns: it.columns.into_iter().map(column).collect(),
            rows,
            truncated: it.truncated,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GradebookQuery {
    format: Option<String>,
}

/// As what a gradebook is answered.
const FORMATS: &[ReportFormat] = &[ReportFormat::Json, ReportFormat::Csv, ReportFormat::Xlsx];

/// The results of every student of a course, with a column for each check.
#[utoipa::path(
    get,
    path = "/api/v1/courses/{courseId}/gradebook",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("courseId" = String, Path, description = "The course, `course_…`"),
        ("format" = Option<String>, Query, description = "`json` when absent, or as a file: `csv` or `xlsx`"),
    ),
    responses(
        (status = 200, description = "The results", body = One<GradebookView>),
        (status = 400, description = "The query cannot be used", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "Students do not see everybody", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.courses.gradebook", skip_all)]
pub(crate) async fn handler(teacher: Teacher) -> Answer {
    let id = teacher.segment("courseId", "course")?;
    let GradebookQuery { format } = teacher.query()?;
    let wanted = format.map_or(Ok(ReportFormat::Json), |it| file::format(&it, FORMATS))?;
    if wanted == ReportFormat::Json {
        let book = teacher.computed(teacher.teaching().gradebook(&teacher.caller, id)).await?;
        return Ok(teacher.one(StatusCode::OK, GradebookView::from(book))?.send());
    }
    let draft = teacher.computed(teacher.teaching().gradebook_report(&teacher.caller, id)).await?;
    file::draft(&teacher, draft, wanted).await
}
