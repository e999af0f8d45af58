//! `POST /api/v1/teams/{teamId}/sync` and `…/recheck`

use crate::{
    body::RawBody,
    teaching::{
        caller::Teacher,
        courses::sync::full,
        jobs::view::{JobView, waits},
        once::once,
        problem::RefusalBody,
        respond::{Answer, One, no_body},
    },
};

/// Brings a team up to date with its host.
#[utoipa::path(
    post,
    path = "/api/v1/teams/{teamId}/sync",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("teamId" = String, Path, description = "The team, `team_…`"),
        ("full" = Option<bool>, Query, description = "Everything is read again, not what has changed alone"),
    ),
    responses(
        (status = 202, description = "The job that does it, or the one that is about it already", body = One<JobView>),
        (status = 400, description = "The query cannot be used", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
        (status = 409, description = "The course is archived, or was brought in from nowhere", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.teams.sync", skip_all)]
pub(crate) async fn sync(teacher: Teacher, body: RawBody) -> Answer {
    let bytes = no_body(body).await?;
    once(teacher, bytes, |teacher, _| async move {
        let id = teacher.segment("teamId", "team")?;
        let full = full(&teacher)?;
        let job = teacher.teaching().sync_team(&teacher.caller, id, full).await?;
        waits(&teacher, job)
    })
    .await
}

/// Works out again what happened in a team's projects, from the deliveries that
/// are still kept. No host is asked.
#[utoipa::path(
    post,
    path = "/api/v1/teams/{teamId}/recheck",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("teamId" = String, Path, description = "The team, `team_…`")),
    responses(
        (status = 202, description = "The job that does it, or the one that is about it already", body = One<JobView>),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
        (status = 409, description = "The course is archived", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.teams.recheck", skip_all)]
pub(crate) async fn recheck(teacher: Teacher, body: RawBody) -> Answer {
    let bytes = no_body(body).await?;
    once(teacher, bytes, |teacher, _| async move {
        let id = teacher.segment("teamId", "team")?;
        let job = teacher.teaching().recheck_team(&teacher.caller, id).await?;
        waits(&teacher, job)
    })
    .await
}
