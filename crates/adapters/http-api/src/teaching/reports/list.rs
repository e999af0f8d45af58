//! `GET /api/v1/teams/{teamId}/report` and `GET /api/v1/reports/`

use lodge_kernel::{CourseId, ReportId, TeamId, Timestamp};
use lodge_storage::StoredReport;
use lodge_teaching::reports::shelf::ReportPlace;
use serde::Deserialize;

use super::view::ReportView;
use crate::{
    query::limit,
    teaching::{
        caller::Teacher,
        page::Pager,
        problem::{Refusal, RefusalBody},
        respond::{Answer, Many},
    },
};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct PageQuery {
    limit: Option<String>,
    cursor: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReportQuery {
    limit: Option<String>,
    cursor: Option<String>,
    course_id: Option<String>,
}

/// The place that a cursor names.
fn place(
    teacher: &Teacher,
    pager: &Pager,
    cursor: Option<&str>,
) -> Result<Option<ReportPlace>, Refusal> {
    let Some(cursor) = cursor else { return Ok(None) };
    let place = pager.open::<ReportId>(teacher, cursor)?;
    let micros = place
        .name
        .parse()
        .map_err(|_not_ours| Refusal::invalid("`cursor` is not one of this list"))?;
    Ok(Some((Timestamp::from_micros(micros), place.id)))
}

fn placed(it: &StoredReport) -> (String, String) {
    (it.id.to_string(), it.made_at.as_micros().to_string())
}

/// The reports of a team, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/teams/{teamId}/report",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("teamId" = String, Path, description = "The team, `team_…`"),
        ("limit" = Option<u8>, Query, description = "How many items: 1 to 100, 25 when absent"),
        ("cursor" = Option<String>, Query, description = "`page_info.next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "One page", body = Many<ReportView>),
        (status = 400, description = "A parameter cannot be used", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "Students do not see reports", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.reports.of_team", skip_all)]
pub(crate) async fn of_team(teacher: Teacher) -> Answer {
    let id: TeamId = teacher.segment("teamId", "team")?;
    let query: PageQuery = teacher.query()?;
    let limit = limit(query.limit.as_deref())?;
    let pager = Pager::of(&teacher, limit, vec![("team", id.to_string())]);
    let after = place(&teacher, &pager, query.cursor.as_deref())?;
    let found = teacher.teaching().team_reports(&teacher.caller, id, after, limit.get() + 1);
    pager.many(&teacher, found.await?, placed, ReportView::from)
}

/// The reports of a course, the newest first; of the organisation, for its administrators.
#[utoipa::path(
    get,
    path = "/api/v1/reports/",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("course_id" = Option<String>, Query, description = "Those of this course"),
        ("limit" = Option<u8>, Query, description = "How many items: 1 to 100, 25 when absent"),
        ("cursor" = Option<String>, Query, description = "`page_info.next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "One page", body = Many<ReportView>),
        (status = 400, description = "A parameter cannot be used", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "Students do not see reports", body = RefusalBody),
        (status = 404, description = "There is no such course", body = RefusalBody),
        (status = 422, description = "A course must be named", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.reports.list", skip_all)]
pub(crate) async fn all(teacher: Teacher) -> Answer {
    let query: ReportQuery = teacher.query()?;
    let limit = limit(query.limit.as_deref())?;
    let course = query.course_id.as_deref();
    let course: Option<CourseId> =
        course.map(|it| it.parse().map_err(|_not_an_id| Refusal::missing("course"))).transpose()?;
    let filters = course.iter().map(|it| ("course", it.to_string())).collect();
    let pager = Pager::of(&teacher, limit, filters);
    let after = place(&teacher, &pager, query.cursor.as_deref())?;
    let found = teacher.teaching().list_reports(&teacher.caller, course, after, limit.get() + 1);
    pager.many(&teacher, found.await?, placed, ReportView::from)
}
