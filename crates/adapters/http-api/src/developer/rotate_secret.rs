//! `POST /v1/developer/apps/{clientId}/secrets`

use actix_web::HttpResponse;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    body::RawBody,
    caller::{Developer, arrival},
    developer::app_view::{AppView, client_id},
    problem::{ErrorBody, Problem},
    views::Time,
};

/// For how long the secret before works on: a day when absent.
const DAY: u64 = 24;

/// How a secret is changed.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RotateSecretBody {
    /// For how many hours the secret before works on, 0 to 720: 24 when
    /// absent, 0 when it may have leaked.
    overlap_hours: Option<u64>,
}

/// An app with its new secret.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RotatedSecretView {
    client: AppView,
    /// Shown once.
    client_secret: String,
    /// Until when the one before it works; `null` when it does no longer.
    previous_expires_at: Option<Time>,
    request_id: String,
}

/// Makes a new secret for an app. It is shown once; the one before it works on
/// for a while.
#[utoipa::path(
    post,
    path = "/v1/developer/apps/{clientId}/secrets",
    tag = "Developers",
    security(("user_session" = [])),
    params(("clientId" = String, Path, description = "The app")),
    request_body = RotateSecretBody,
    responses(
        (status = 201, description = "The secret", body = RotatedSecretView),
        (status = 400, description = "The body cannot be used", body = ErrorBody),
        (status = 401, description = "No session, or one that has ended", body = ErrorBody),
        (status = 403, description = "The role does not allow it", body = ErrorBody),
        (status = 404, description = "The organisation has no such app", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.developer.rotate_secret", skip_all)]
pub(crate) async fn handler(developer: Developer, body: RawBody) -> Result<HttpResponse, Problem> {
    let id = client_id(&developer.request)?;
    let body: RotateSecretBody = body.json().await?;
    let hours = body.overlap_hours.unwrap_or(DAY);
    let made = developer.surface.gateway.rotate_secret(&developer.visitor, id, hours).await;
    let made = made.map_err(|error| Problem::app(&error))?;
    let before = made.app.secrets.iter().find_map(|it| it.expires_at);
    Ok(HttpResponse::Created().json(RotatedSecretView {
        client: AppView::from(&made.app),
        client_secret: made.secret.expose().to_owned(),
        previous_expires_at: before.map(Time::from),
        request_id: arrival(&developer.request)?.id.to_string(),
    }))
}
