//! `/api/v1/hooks/`: the doors by which hosts deliver.

use std::time::Duration;

use actix_web::http::StatusCode;
use lodge_intake::Hook;
use lodge_kernel::HookId;
use lodge_teaching::intake::{HookWish, NewHook};
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::HookView;
use crate::{
    body::RawBody,
    query::limit,
    teaching::{
        caller::Teacher,
        once::once,
        page::Pager,
        problem::{Refusal, RefusalBody},
        respond::{Answer, MOST_JSON, Many, One, Reply, json_bytes, parse},
    },
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HooksQuery {
    limit: Option<String>,
    cursor: Option<String>,
}

/// The hooks of the organisation, oldest first, without their secrets.
#[utoipa::path(
    get,
    path = "/api/v1/hooks/",
    tag = "Events of courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("limit" = Option<u8>, Query, description = "1 to 100; 25 when nothing is said"),
        ("cursor" = Option<String>, Query, description = "`page_info.next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "A page of hooks", body = Many<HookView>),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "Only those who administer the organisation may", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.teaching.hooks", skip_all)]
pub(crate) async fn list(teacher: Teacher) -> Answer {
    let HooksQuery { limit: most, cursor } = teacher.query()?;
    let limit = limit(most.as_deref())?;
    let pager = Pager::of(&teacher, limit, Vec::new());
    let after = cursor.map(|it| pager.open::<HookId>(&teacher, &it)).transpose()?;
    let after = after.map(|it| it.id);
    let found = teacher.teaching().hooks(&teacher.caller, after, limit.get() + 1).await?;
    let view = |it: Hook| HookView::new(&it, teacher.surface.issuer(), None);
    pager.many(&teacher, found, |it| (it.id.to_string(), String::new()), view)
}

/// A hook to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewHookRequest {
    /// What people call it: 1 to 100 characters.
    name: String,
    /// The host: `gitlab`, for example.
    host: String,
    /// The secret, where the host has made it (GitLab's signing token): 24 to
    /// 200 characters. One is made here otherwise.
    secret: Option<String>,
}

/// Makes a hook. The answer has its address and its secret, which is shown this
/// once.
#[utoipa::path(
    post,
    path = "/api/v1/hooks/",
    tag = "Events of courses",
    security(("teacher_token" = []), ("user_session" = [])),
    request_body = NewHookRequest,
    responses(
        (status = 201, description = "The hook with its secret", body = One<HookView>),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "Only those who administer the organisation may", body = RefusalBody),
        (status = 409, description = "The secret belongs to another hook", body = RefusalBody),
        (status = 422, description = "A field cannot be used", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.teaching.make_hook", skip_all)]
pub(crate) async fn make(teacher: Teacher, body: RawBody) -> Answer {
    let body = json_bytes(body, MOST_JSON).await?;
    once(teacher, body, async |teacher, body| {
        let NewHookRequest { name, host, secret } = parse(&body)?;
        let wish = HookWish { name, host, secret };
        let made = teacher.teaching().make_hook(&teacher.caller, wish).await?;
        shown(&teacher, StatusCode::CREATED, made)
    })
    .await
}

/// How a secret is changed.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RotateRequest {
    /// The new secret, where the host has made it.
    secret: Option<String>,
    /// For how long the secret of now stays good: a day where nothing is said,
    /// at most 30 days; 0 ends it at once.
    overlap_seconds: Option<u32>,
}

/// Gives a hook a new secret. The one of now stays good for a while, so that
/// nothing is lost until the host has the new one.
#[utoipa::path(
    post,
    path = "/api/v1/hooks/{courseHookId}/rotate",
    tag = "Events of courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("courseHookId" = String, Path, description = "The hook's id")),
    request_body = RotateRequest,
    responses(
        (status = 200, description = "The hook with its new secret", body = One<HookView>),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "Only those who administer the organisation may", body = RefusalBody),
        (status = 404, description = "There is none", body = RefusalBody),
        (status = 409, description = "The secret belongs to another hook, or somebody else has changed it just now", body = RefusalBody),
        (status = 422, description = "A field cannot be used", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.teaching.rotate_hook", skip_all)]
pub(crate) async fn rotate(teacher: Teacher, body: RawBody) -> Answer {
    let id: HookId = teacher.segment("courseHookId", "hook")?;
    let body = json_bytes(body, MOST_JSON).await?;
    once(teacher, body, async move |teacher, body| {
        let RotateRequest { secret, overlap_seconds } = parse(&body)?;
        let overlap = overlap_seconds.map(|it| Duration::from_secs(it.into()));
        let rotated = teacher.teaching().rotate_hook(&teacher.caller, id, secret, overlap);
        let rotated = rotated.await?;
        shown(&teacher, StatusCode::OK, rotated)
    })
    .await
}

/// Removes a hook: what its host delivers is refused from then on.
#[utoipa::path(
    delete,
    path = "/api/v1/hooks/{courseHookId}",
    tag = "Events of courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("courseHookId" = String, Path, description = "The hook's id")),
    responses(
        (status = 204, description = "It is removed"),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "Only those who administer the organisation may", body = RefusalBody),
        (status = 404, description = "There is none", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.teaching.remove_hook", skip_all)]
pub(crate) async fn remove(teacher: Teacher) -> Answer {
    let id: HookId = teacher.segment("courseHookId", "hook")?;
    teacher.teaching().remove_hook(&teacher.caller, id).await?;
    Ok(Reply::empty().send())
}

fn shown(teacher: &Teacher, status: StatusCode, made: NewHook) -> Result<Reply, Refusal> {
    let NewHook { hook, secret } = made;
    let view = HookView::new(&hook, teacher.surface.issuer(), Some(secret));
    teacher.one(status, view)
}
