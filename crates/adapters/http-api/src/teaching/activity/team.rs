//! `GET /api/v1/teams/{teamId}/timeline|contributions|metrics`

use actix_web::http::StatusCode;
use lodge_activity::{Contributions, FactKind, Whose, timeline::KINDS};

use super::{
    counts::{ContributionsView, MetricsView, StepView},
    query::PeriodQuery,
};
use crate::teaching::{
    caller::Teacher,
    problem::RefusalBody,
    respond::{Answer, Counted, One},
    zone,
};

/// What happened in a team's projects on each day, or in each week, that something did.
#[utoipa::path(
    get,
    path = "/api/v1/teams/{teamId}/timeline",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("teamId" = String, Path, description = "The team, `team_…`"),
        ("since" = Option<String>, Query, description = "What happened then or later"),
        ("until" = Option<String>, Query, description = "What happened before then"),
        ("step" = Option<String>, Query, description = "`day`, which it is when absent, or `week`, from Monday on"),
        ("student_id" = Option<String>, Query, description = "What this student did, rather than everybody"),
    ),
    responses(
        (status = 200, description = "Each step, oldest first", body = Counted<StepView>),
        (status = 400, description = "The query cannot be used", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.teams.timeline", skip_all)]
pub(crate) async fn timeline(teacher: Teacher) -> Answer {
    let id = teacher.segment("teamId", "team")?;
    let query: PeriodQuery = teacher.query()?;
    let (period, step, student) = (query.period()?, query.step()?, query.student()?);
    let work = teacher.teaching().team_work(&teacher.caller, id, &KINDS, period).await?;
    let whose = student.map_or(Whose::Everybody, Whose::Student);
    let offset = zone::offset(&work.known.course.details.time_zone);
    teacher.counted::<_, StepView>(work.timeline(whose, step, &offset), work.truncated)
}

/// Who of a team has done how much.
#[utoipa::path(
    get,
    path = "/api/v1/teams/{teamId}/contributions",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("teamId" = String, Path, description = "The team, `team_…`"),
        ("since" = Option<String>, Query, description = "What happened then or later"),
        ("until" = Option<String>, Query, description = "What happened before then"),
    ),
    responses(
        (status = 200, description = "Each member, and their shares", body = One<ContributionsView>),
        (status = 400, description = "The query cannot be used", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.teams.contributions", skip_all)]
pub(crate) async fn contributions(teacher: Teacher) -> Answer {
    let id = teacher.segment("teamId", "team")?;
    let period = teacher.query::<PeriodQuery>()?.period()?;
    let work =
        teacher.teaching().team_work(&teacher.caller, id, &Contributions::KINDS, period).await?;
    Ok(teacher.one(StatusCode::OK, ContributionsView::of(&work))?.send())
}

/// What a team's runs of continuous integration come to.
#[utoipa::path(
    get,
    path = "/api/v1/teams/{teamId}/metrics",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("teamId" = String, Path, description = "The team, `team_…`"),
        ("since" = Option<String>, Query, description = "What happened then or later"),
        ("until" = Option<String>, Query, description = "What happened before then"),
    ),
    responses(
        (status = 200, description = "Each project", body = Counted<MetricsView>),
        (status = 400, description = "The query cannot be used", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.teams.metrics", skip_all)]
pub(crate) async fn metrics(teacher: Teacher) -> Answer {
    let id = teacher.segment("teamId", "team")?;
    let period = teacher.query::<PeriodQuery>()?.period()?;
    let kinds = [FactKind::Pipeline];
    let work = teacher.teaching().team_work(&teacher.caller, id, &kinds, period).await?;
    let offset = zone::offset(&work.known.course.details.time_zone);
    teacher.counted::<_, MetricsView>(work.metrics(&offset), work.truncated)
}
