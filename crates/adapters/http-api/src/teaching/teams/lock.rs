//! `POST /api/v1/teams/{teamId}/lock` and `…/unlock`

use actix_web::http::StatusCode;

use super::view::TeamView;
use crate::{
    body::RawBody,
    teaching::{
        caller::Teacher,
        once::once,
        problem::RefusalBody,
        respond::{Answer, One, no_body},
    },
};

/// Locks a team: its members and projects stay as they are.
#[utoipa::path(
    post,
    path = "/api/v1/teams/{teamId}/lock",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("teamId" = String, Path, description = "The team, `team_…`"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` that is meant"),
    ),
    responses(
        (status = 200, description = "The team", body = One<TeamView>),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
        (status = 409, description = "The course is archived", body = RefusalBody),
        (status = 412, description = "It has changed since", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.teams.lock", skip_all)]
pub(crate) async fn lock(teacher: Teacher, body: RawBody) -> Answer {
    become_locked(teacher, body, true).await
}

/// Unlocks a team.
#[utoipa::path(
    post,
    path = "/api/v1/teams/{teamId}/unlock",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("teamId" = String, Path, description = "The team, `team_…`"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` that is meant"),
    ),
    responses(
        (status = 200, description = "The team", body = One<TeamView>),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
        (status = 409, description = "The course is archived", body = RefusalBody),
        (status = 412, description = "It has changed since", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.teams.unlock", skip_all)]
pub(crate) async fn unlock(teacher: Teacher, body: RawBody) -> Answer {
    become_locked(teacher, body, false).await
}

async fn become_locked(teacher: Teacher, body: RawBody, locked: bool) -> Answer {
    let bytes = no_body(body).await?;
    once(teacher, bytes, move |teacher, _| async move {
        let id = teacher.segment("teamId", "team")?;
        let expected = teacher.expected()?;
        let team = teacher.teaching().lock_team(&teacher.caller, id, &expected, locked).await?;
        let revision = team.revision;
        Ok(teacher.one(StatusCode::OK, TeamView::from(team))?.at(revision))
    })
    .await
}
