//! `GET /api/v1/courses/{courseId}/alerts`

use std::time::Duration;

use lodge_teaching::evaluation::Alert;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    teaching::{
        caller::Teacher,
        problem::{Refusal, RefusalBody},
        respond::{Answer, Counted},
    },
    views::Time,
};

/// After how many days without anything a student is named when nobody says
/// otherwise.
const USUAL: u64 = 14;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AlertsQuery {
    inactive_days: Option<String>,
}

/// Somebody or something to look at.
#[derive(Serialize, ToSchema)]
pub(crate) struct AlertView {
    /// `team_red`, `student_red`, `student_inactive`, `team_empty`, `student_without_team`,
    /// `project_gone`, `sync_failing`, `pipeline_failing` or `unknown_people`.
    kind: &'static str,
    /// `high`, `medium` or `low`.
    severity: &'static str,
    team: Option<NamedView>,
    student: Option<NamedView>,
    project: Option<NamedView>,
    /// Why, in one sentence.
    because: String,
    /// Since when, where that is known.
    since: Option<Time>,
}

/// What an alert is about.
#[derive(Serialize, ToSchema)]
pub(crate) struct NamedView {
    id: String,
    name: String,
}

impl NamedView {
    fn of<I: ToString>(it: Option<(I, String)>) -> Option<Self> {
        it.map(|(id, name)| Self { id: id.to_string(), name })
    }
}

impl From<Alert> for AlertView {
    fn from(it: Alert) -> Self {
        Self {
            kind: it.kind.name(),
            severity: it.kind.severity().name(),
            team: NamedView::of(it.team),
            student: NamedView::of(it.student),
            project: NamedView::of(it.project),
            because: it.because,
            since: it.since.map(Into::into),
        }
    }
}

/// Whom and what in a course somebody should look at: what matters most first, at most 500.
#[utoipa::path(
    get,
    path = "/api/v1/courses/{courseId}/alerts",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("courseId" = String, Path, description = "The course, `course_…`"),
        ("inactive_days" = Option<u32>, Query, description = "Who did nothing for so many days is named, 1 to 365; 14 when absent"),
    ),
    responses(
        (status = 200, description = "What to look at", body = Counted<AlertView>),
        (status = 400, description = "The query cannot be used", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "Students do not see everybody", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.courses.alerts", skip_all)]
pub(crate) async fn handler(teacher: Teacher) -> Answer {
    let id = teacher.segment("courseId", "course")?;
    let AlertsQuery { inactive_days } = teacher.query()?;
    let days = inactive_days.map_or(Ok(USUAL), |it| {
        let number = it.parse().ok().filter(|it| (1..=365).contains(it));
        number.ok_or_else(|| Refusal::invalid("`inactive_days` is a whole number from 1 to 365"))
    })?;
    let inactive = Duration::from_hours(24 * days);
    let found =
        teacher.computed(teacher.teaching().course_alerts(&teacher.caller, id, inactive)).await?;
    teacher.counted::<_, AlertView>(found.alerts, found.truncated)
}
