//! `POST|DELETE /api/v1/projects/{projectId}/webhook`, `…/rotate` and `…/test`

use actix_web::http::StatusCode;
use lodge_teaching::sources::{HookState, HookTrial};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    body::RawBody,
    teaching::{
        caller::Teacher,
        once::once,
        problem::RefusalBody,
        respond::{Answer, One, Reply, no_body},
    },
    views::Time,
};

/// A project's webhook at its host. Its secret is told to the host alone.
#[derive(Serialize, ToSchema)]
pub(crate) struct WebhookView {
    project_id: String,
    /// The door that it delivers to.
    hook_id: String,
    /// The host's ids of it.
    remote_ids: Vec<String>,
    /// The host sends at present.
    active: bool,
    created_at: Time,
}

impl From<HookState> for WebhookView {
    fn from(it: HookState) -> Self {
        Self {
            project_id: it.hook.project.to_string(),
            hook_id: it.hook.hook.to_string(),
            remote_ids: it.hook.remote_ids,
            active: it.active,
            created_at: it.hook.created_at.into(),
        }
    }
}

/// What a host said when it was to send something.
#[derive(Serialize, ToSchema)]
pub(crate) struct TrialView {
    /// The host sent something, and this server took it.
    delivered: bool,
    /// Why not.
    problem: Option<String>,
    webhook: WebhookView,
}

impl From<HookTrial> for TrialView {
    fn from(it: HookTrial) -> Self {
        Self { delivered: it.problem.is_none(), problem: it.problem, webhook: it.state.into() }
    }
}

/// Makes a webhook at the project's host, or switches the one on again that the
/// host has switched off.
#[utoipa::path(
    post,
    path = "/api/v1/projects/{projectId}/webhook",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("projectId" = String, Path, description = "The project, `project_…`")),
    responses(
        (status = 200, description = "It was there; it sends again if it did not", body = One<WebhookView>),
        (status = 201, description = "It was made", body = One<WebhookView>),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
        (status = 409, description = "The host sends no webhooks, or the course is archived", body = RefusalBody),
        (status = 422, description = "The account may not make webhooks there: the message says what to do", body = RefusalBody),
        (status = 503, description = "The host does not answer", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.projects.install_webhook", skip_all)]
pub(crate) async fn install(teacher: Teacher, body: RawBody) -> Answer {
    let bytes = no_body(body).await?;
    once(teacher, bytes, |teacher, _| async move {
        let id = teacher.segment("projectId", "project")?;
        let issuer = teacher.surface.issuer();
        let state = teacher.teaching().install_webhook(&teacher.caller, id, issuer).await?;
        let status = if state.created { StatusCode::CREATED } else { StatusCode::OK };
        teacher.one(status, WebhookView::from(state))
    })
    .await
}

/// Removes the project's webhook at its host; here alone where no account of the
/// course reaches it any more. In an archived course, too.
#[utoipa::path(
    delete,
    path = "/api/v1/projects/{projectId}/webhook",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("projectId" = String, Path, description = "The project, `project_…`")),
    responses(
        (status = 204, description = "It is removed"),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
        (status = 409, description = "It has none, and its host sends none or no account of the course is for it", body = RefusalBody),
        (status = 422, description = "The account may not remove it there", body = RefusalBody),
        (status = 503, description = "The host does not answer", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.projects.remove_webhook", skip_all)]
pub(crate) async fn remove(teacher: Teacher) -> Answer {
    let id = teacher.segment("projectId", "project")?;
    teacher.teaching().remove_webhook(&teacher.caller, id).await?;
    Ok(Reply::empty().send())
}

/// Gives the project's webhook a new secret, here and at its host. The one of now
/// stays good for a day.
#[utoipa::path(
    post,
    path = "/api/v1/projects/{projectId}/webhook/rotate",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("projectId" = String, Path, description = "The project, `project_…`")),
    responses(
        (status = 200, description = "The webhook", body = One<WebhookView>),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
        (status = 409, description = "The host sends no webhooks, somebody else has just rotated it, or the course is archived", body = RefusalBody),
        (status = 422, description = "The account may not change webhooks there", body = RefusalBody),
        (status = 503, description = "The host does not answer", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.projects.rotate_webhook", skip_all)]
pub(crate) async fn rotate(teacher: Teacher, body: RawBody) -> Answer {
    let bytes = no_body(body).await?;
    once(teacher, bytes, |teacher, _| async move {
        let id = teacher.segment("projectId", "project")?;
        let issuer = teacher.surface.issuer();
        let state = teacher.teaching().rotate_webhook(&teacher.caller, id, issuer).await?;
        teacher.one(StatusCode::OK, WebhookView::from(state))
    })
    .await
}

/// Has the host send something to the project's webhook, and says what came of
/// it.
#[utoipa::path(
    post,
    path = "/api/v1/projects/{projectId}/webhook/test",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("projectId" = String, Path, description = "The project, `project_…`")),
    responses(
        (status = 200, description = "What the host said", body = One<TrialView>),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
        (status = 409, description = "The host sends no webhooks, or the course is archived", body = RefusalBody),
        (status = 503, description = "The host does not answer", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.projects.try_webhook", skip_all)]
pub(crate) async fn test(teacher: Teacher, body: RawBody) -> Answer {
    let bytes = no_body(body).await?;
    once(teacher, bytes, |teacher, _| async move {
        let id = teacher.segment("projectId", "project")?;
        let trial = teacher.teaching().try_webhook(&teacher.caller, id).await?;
        teacher.one(StatusCode::OK, TrialView::from(trial))
    })
    .await
}
