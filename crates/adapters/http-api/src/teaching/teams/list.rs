//! `GET /api/v1/courses/{courseId}/teams` and `GET /api/v1/teams/{teamId}`

use lodge_kernel::TeamId;
use lodge_teams::OriginState;
use serde::Serialize;
use utoipa::ToSchema;

use super::view::TeamView;
use crate::teaching::{
    caller::Teacher,
    page::ListQuery,
    problem::RefusalBody,
    respond::{Answer, Many, One},
    students::view::StudentView,
};

/// A team with its members.
#[derive(Serialize, ToSchema)]
pub(crate) struct WholeTeamView {
    #[serde(flatten)]
    team: TeamView,
    /// Students see the names of the others where the course says so.
    members: Vec<StudentView>,
}

/// The teams of a course: of a student only their own.
#[utoipa::path(
    get,
    path = "/api/v1/courses/{courseId}/teams",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("courseId" = String, Path, description = "The course, `course_…`"),
        ("limit" = Option<u8>, Query, description = "How many items: 1 to 100, 25 when absent"),
        ("cursor" = Option<String>, Query, description = "`page_info.next_cursor` of the page before"),
        ("q" = Option<String>, Query, description = "What occurs in it"),
        ("sort" = Option<String>, Query, description = "`created_at`, `name`; `-` before it turns it round"),
        ("state" = Option<String>, Query, description = "`active` or `gone`"),
    ),
    responses(
        (status = 200, description = "One page", body = Many<TeamView>),
        (status = 400, description = "The query cannot be used", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.teams.list", skip_all)]
pub(crate) async fn all(teacher: Teacher) -> Answer {
    let course = teacher.segment("courseId", "course")?;
    let query = teacher.query::<ListQuery>()?.without(&["team_id"])?;
    let state = query.state("`active` and `gone`", OriginState::parse)?;
    let (pager, listing) = query.page::<TeamId>(&teacher, &format!("{course}"))?;
    let found = teacher.teaching().list_teams(&teacher.caller, course, state, &listing).await?;
    pager.many(&teacher, found, |it| (it.id.to_string(), it.name_key()), TeamView::from)
}

/// One team with its members.
#[utoipa::path(
    get,
    path = "/api/v1/teams/{teamId}",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("teamId" = String, Path, description = "The team, `team_…`")),
    responses(
        (status = 200, description = "The team, with its `ETag`", body = One<WholeTeamView>),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.teams.find", skip_all)]
pub(crate) async fn one(teacher: Teacher) -> Answer {
    use actix_web::http::StatusCode;
    let id = teacher.segment("teamId", "team")?;
    let seen = teacher.teaching().find_team(&teacher.caller, id).await?;
    let revision = seen.team.revision;
    let members = seen.members.into_iter().map(StudentView::from).collect();
    let view = WholeTeamView { team: seen.team.into(), members };
    // Members come and go without a change of the team: it is shown whole.
    Ok(teacher.one(StatusCode::OK, view)?.at(revision).send())
}
