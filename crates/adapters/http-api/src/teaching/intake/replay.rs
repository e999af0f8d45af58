//! Events that are worked on again, and dead letters that are discarded.

use actix_web::http::StatusCode;
use lodge_kernel::IntakeId;
use lodge_teaching::intake::Replayed;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{events::FilterFields, view::EventView};
use crate::{
    body::RawBody,
    teaching::{
        caller::Teacher,
        once::once,
        problem::{Refusal, RefusalBody},
        respond::{Answer, MOST_JSON, One, Reply, json_bytes, no_body, parse},
    },
};

/// Works on an event again. However often that is done, what it brings about
/// comes to the same.
#[utoipa::path(
    post,
    path = "/api/v1/events/{eventId}/replay",
    tag = "Events of courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("eventId" = String, Path, description = "The event's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "With the same key, it is done once in 24 hours"),
    ),
    responses(
        (status = 202, description = "It is pending again", body = One<EventView>),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "Only those who administer the organisation may", body = RefusalBody),
        (status = 404, description = "There is none", body = RefusalBody),
        (status = 409, description = "It is pending", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.teaching.replay_event", skip_all)]
pub(crate) async fn one(teacher: Teacher, body: RawBody) -> Answer {
    let body = no_body(body).await?;
    once(teacher, body, async |teacher, _| {
        let id: IntakeId = teacher.segment("eventId", "event")?;
        let again = teacher.teaching().replay_event(&teacher.caller, id).await?;
        teacher.one(StatusCode::ACCEPTED, EventView::from(&again))
    })
    .await
}

/// Discards a dead letter. It counts as ignored from then on.
#[utoipa::path(
    delete,
    path = "/api/v1/events/dead-letters/{eventId}",
    tag = "Events of courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("eventId" = String, Path, description = "The event's id")),
    responses(
        (status = 204, description = "It is discarded"),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "Only those who administer the organisation may", body = RefusalBody),
        (status = 404, description = "There is none", body = RefusalBody),
        (status = 409, description = "It is no dead letter", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.teaching.discard_event", skip_all)]
pub(crate) async fn discard(teacher: Teacher) -> Answer {
    let id: IntakeId = teacher.segment("eventId", "event")?;
    teacher.teaching().discard_event(&teacher.caller, id).await?;
    Ok(Reply::empty().send())
}

/// Which events are worked on again.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReplayRequest {
    /// Which are meant: all that have ended where nothing is said.
    #[serde(default)]
    filter: FilterFields,
    /// Only those that came before this event: `next_before` of the answer
    /// before.
    before: Option<String>,
    /// Only count them.
    #[serde(default)]
    dry_run: bool,
}

/// What a replay comes to.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReplayView {
    dry_run: bool,
    /// How many are pending again, or would be.
    events: u64,
    /// How many are meant and left: ask again, with `next_before` as `before`.
    left: u64,
    /// An event's id; `null` where none are left.
    next_before: Option<String>,
}

/// Works on many events again: the newest first, at most 1,000 in one request.
#[utoipa::path(
    post,
    path = "/api/v1/events/replay",
    tag = "Events of courses",
    security(("teacher_token" = []), ("user_session" = [])),
    request_body = ReplayRequest,
    responses(
        (status = 200, description = "What it comes to", body = One<ReplayView>),
        (status = 400, description = "The body cannot be read", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "Only those who administer the organisation may", body = RefusalBody),
        (status = 422, description = "The filter means what is pending", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.teaching.replay_events", skip_all)]
pub(crate) async fn many(teacher: Teacher, body: RawBody) -> Answer {
    let body = json_bytes(body, MOST_JSON).await?;
    once(teacher, body, async |teacher, body| {
        let ReplayRequest { filter, before, dry_run } = parse(&body)?;
        let filter = filter.parse()?;
        let unknown = |_not_an_id| Refusal::invalid("`before` is an id that begins with `in_`");
        let before: Option<IntakeId> = before.map(|it| it.parse()).transpose().map_err(unknown)?;
        let replayed = teacher.teaching().replay_events(&teacher.caller, &filter, before, dry_run);
        let Replayed { events, left, next } = replayed.await?;
        let next_before = next.map(|it| it.to_string());
        teacher.one(StatusCode::OK, ReplayView { dry_run, events, left, next_before })
    })
    .await
}
