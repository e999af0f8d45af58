//! `GET /api/v1/courses/{courseId}/trend`

use lodge_teaching::evaluation::TrendStep;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::view::score;
use crate::{
    teaching::{
        caller::Teacher,
        problem::{Refusal, RefusalBody},
        respond::{Answer, Counted},
        zone,
    },
    views::Time,
};

/// How many weeks there are when nobody says otherwise.
const USUAL: u32 = 12;
/// The most weeks: a year.
const MOST: u32 = 53;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TrendQuery {
    weeks: Option<String>,
}

/// How results stood at the end of a week, in the course's time zone.
#[derive(Serialize, ToSchema)]
pub(crate) struct TrendView {
    /// The week's Monday.
    week: String,
    /// When results are of: the end of the week, or now.
    at: Time,
    /// The mean of the teams' scores; `null` when nobody could be judged.
    score: Option<f64>,
    teams_green: u32,
    teams_yellow: u32,
    teams_red: u32,
}

impl From<TrendStep> for TrendView {
    fn from(it: TrendStep) -> Self {
        let [teams_green, teams_yellow, teams_red] = it.lights;
        Self {
            week: it.week.to_string(),
            at: it.at.into(),
            score: score(it.score),
            teams_green,
            teams_yellow,
            teams_red,
        }
    }
}

/// How the results of a course stood at the end of each week, worked out with the members and
/// the settings of now.
#[utoipa::path(
    get,
    path = "/api/v1/courses/{courseId}/trend",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("courseId" = String, Path, description = "The course, `course_…`"),
        ("weeks" = Option<u32>, Query, description = "The last so many weeks, 1 to 53; 12 when absent"),
    ),
    responses(
        (status = 200, description = "Each week, oldest first; the last one is this week", body = Counted<TrendView>),
        (status = 400, description = "The query cannot be used", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "Students do not see everybody", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.courses.trend", skip_all)]
pub(crate) async fn handler(teacher: Teacher) -> Answer {
    let id = teacher.segment("courseId", "course")?;
    let TrendQuery { weeks } = teacher.query()?;
    let weeks = weeks.map_or(Ok(USUAL), |it| {
        let number = it.parse().ok().filter(|it| (1..=MOST).contains(it));
        number
            .ok_or_else(|| Refusal::invalid(format!("`weeks` is a whole number from 1 to {MOST}")))
    })?;
    let trend = teacher
        .computed(teacher.teaching().course_trend(&teacher.caller, id, weeks, zone::offset))
        .await?;
    teacher.counted::<_, TrendView>(trend.steps, trend.truncated)
}
