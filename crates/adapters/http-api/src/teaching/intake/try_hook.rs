//! `POST /api/v1/webhooks/test`: does a hook work, as far as this server can
//! tell?

use actix_web::http::StatusCode;
use lodge_kernel::HookId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    body::RawBody,
    teaching::{
        caller::Teacher,
        once::once,
        problem::{Refusal, RefusalBody},
        respond::{Answer, MOST_JSON, One, json_bytes, parse},
    },
};

/// Which hook is tried.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TryHookRequest {
    /// The hook's id.
    hook_id: String,
}

/// What was kept.
#[derive(Serialize, ToSchema)]
pub(crate) struct TriedHookView {
    /// The event, which will be ignored: it tells nothing.
    event_id: String,
    /// What the host must deliver to.
    url: String,
}

/// Keeps an empty event by a hook, through the same log as deliveries: that it
/// is answered says that this server can keep them. Whether the host reaches
/// this server, only a delivery of the host can say.
#[utoipa::path(
    post,
    path = "/api/v1/webhooks/test",
    tag = "Events of courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "With the same key, it is done once in 24 hours")),
    request_body = TryHookRequest,
    responses(
        (status = 202, description = "An event was kept", body = One<TriedHookView>),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "Only those who administer the organisation may", body = RefusalBody),
        (status = 404, description = "There is no such hook", body = RefusalBody),
        (status = 409, description = "The `Idempotency-Key` belongs to another request, or to one that has no answer yet", body = RefusalBody),
        (status = 503, description = "It cannot be kept", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.teaching.try_hook", skip_all)]
pub(crate) async fn handler(teacher: Teacher, body: RawBody) -> Answer {
    let body = json_bytes(body, MOST_JSON).await?;
    once(teacher, body, async |teacher, body| {
        let TryHookRequest { hook_id } = parse(&body)?;
        let id: HookId = hook_id.parse().map_err(|_not_an_id| Refusal::missing("hook"))?;
        let (hook, event) = teacher.teaching().try_hook(&teacher.caller, id).await?;
        let issuer = teacher.surface.issuer();
        let url = format!("{issuer}/api/v1/webhooks/{}?hook={}", hook.source, hook.id);
        let view = TriedHookView { event_id: event.to_string(), url };
        teacher.one(StatusCode::ACCEPTED, view)
    })
    .await
}
