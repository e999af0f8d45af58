//! A report, as answers show it.

use lodge_storage::StoredReport;
use serde::Serialize;
use utoipa::ToSchema;

use crate::views::Time;

/// A file that was made of a team.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReportView {
    file_name: String,
    /// Where it is read.
    url: String,
    /// `pdf`, `xlsx`, `csv`, `json`, `markdown` or `html`.
    format: String,
    bytes: u64,
    course_id: String,
    team_id: Option<String>,
    made_at: Time,
}

impl From<StoredReport> for ReportView {
    fn from(it: StoredReport) -> Self {
        Self {
            url: format!("/api/v1/reports/{}", it.file_name),
            file_name: it.file_name,
            format: it.format,
            bytes: it.bytes,
            course_id: it.course.to_string(),
            team_id: it.team.map(|it| it.to_string()),
            made_at: it.made_at.into(),
        }
    }
}
