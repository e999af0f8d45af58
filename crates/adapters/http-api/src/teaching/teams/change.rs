//! `PATCH` and `DELETE /api/v1/teams/{teamId}`

use actix_web::http::StatusCode;
use lodge_teaching::teams::TeamChange;
use lodge_teams::OriginState;
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::TeamView;
use crate::{
    body::RawBody,
    teaching::{
        caller::Teacher,
        problem::{Refusal, RefusalBody},
        respond::{Answer, MOST_JSON, One, Reply, json_bytes, parse},
    },
};

/// What becomes another; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TeamChangeBody {
    name: Option<String>,
    /// `active` or `gone`.
    state: Option<String>,
}

/// Changes a team.
#[utoipa::path(
    patch,
    path = "/api/v1/teams/{teamId}",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("teamId" = String, Path, description = "The team, `team_…`"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` that is meant"),
    ),
    request_body = TeamChangeBody,
    responses(
        (status = 200, description = "The team", body = One<TeamView>),
        (status = 400, description = "The body cannot be read", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
        (status = 409, description = "The name is taken, or the course is archived", body = RefusalBody),
        (status = 412, description = "It has changed since", body = RefusalBody),
        (status = 422, description = "A field cannot be used", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.teams.change", skip_all)]
pub(crate) async fn change(teacher: Teacher, body: RawBody) -> Answer {
    let id = teacher.segment("teamId", "team")?;
    let expected = teacher.expected()?;
    let body: TeamChangeBody = parse(&json_bytes(body, MOST_JSON).await?)?;
    let change = TeamChange { name: body.name, state: state(body.state.as_deref())? };
    let team = teacher.teaching().update_team(&teacher.caller, id, &expected, change).await?;
    let revision = team.revision;
    Ok(teacher.one(StatusCode::OK, TeamView::from(team))?.at(revision).send())
}

/// The state of that name.
pub(crate) fn state(name: Option<&str>) -> Result<Option<OriginState>, Refusal> {
    let unknown = || Refusal::field("state", "this is `active` or `gone`");
    name.map(|it| OriginState::parse(it).ok_or_else(unknown)).transpose()
}

/// Deletes a team with its projects. Its members stay in the course.
#[utoipa::path(
    delete,
    path = "/api/v1/teams/{teamId}",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("teamId" = String, Path, description = "The team, `team_…`"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` that is meant"),
    ),
    responses(
        (status = 204, description = "It is gone"),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
        (status = 409, description = "The course is archived, the team is locked, or projects of it have webhooks at their hosts", body = RefusalBody),
        (status = 412, description = "It has changed since", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.teams.delete", skip_all)]
pub(crate) async fn delete(teacher: Teacher) -> Answer {
    let id = teacher.segment("teamId", "team")?;
    let expected = teacher.expected()?;
    teacher.teaching().delete_team(&teacher.caller, id, &expected).await?;
    Ok(Reply::empty().send())
}
