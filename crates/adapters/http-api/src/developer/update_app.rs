//! `PATCH /v1/developer/apps/{clientId}`

use actix_web::HttpResponse;
use lodge_gateway::developer::AppChange;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    body::RawBody,
    caller::{Developer, arrival},
    developer::app_view::{AppView, client_id, permissions},
    problem::{ErrorBody, Problem},
};

/// What changes; what is absent stays.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct UpdateAppBody {
    /// What customers see.
    name: Option<String>,
    /// What it is for; an empty text takes it away.
    description: Option<String>,
    /// Where codes may be sent.
    allowed_redirect_uris: Option<Vec<String>>,
    /// Who may frame the consent page.
    embed_origins: Option<Vec<String>>,
    /// What is asked for when the authorize URL names no scope.
    default_permissions: Option<Vec<String>>,
    /// PKCE must be used.
    require_pkce: Option<bool>,
}

/// One app.
#[derive(Serialize, ToSchema)]
pub(crate) struct AppAnswer {
    pub(crate) client: AppView,
    pub(crate) request_id: String,
}

/// Changes an app.
#[utoipa::path(
    patch,
    path = "/v1/developer/apps/{clientId}",
    tag = "Developers",
    security(("user_session" = [])),
    params(("clientId" = String, Path, description = "The app")),
    request_body = UpdateAppBody,
    responses(
        (status = 200, description = "The app as it is now", body = AppAnswer),
        (status = 400, description = "The body cannot be used", body = ErrorBody),
        (status = 401, description = "No session, or one that has ended", body = ErrorBody),
        (status = 404, description = "This developer has no such app", body = ErrorBody),
        (status = 403, description = "The role does not allow it", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.developer.update_app", skip_all)]
pub(crate) async fn handler(developer: Developer, body: RawBody) -> Result<HttpResponse, Problem> {
    let id = client_id(&developer.request)?;
    let body: UpdateAppBody = body.json().await?;
    let change = AppChange {
        name: body.name,
        description: body.description,
        redirect_uris: body.allowed_redirect_uris,
        embed_origins: body.embed_origins,
        default_permissions: body.default_permissions.as_deref().map(permissions).transpose()?,
        require_pkce: body.require_pkce,
    };
    let app = developer.surface.gateway.update_app(&developer.visitor, id, change).await;
    let app = app.map_err(|error| Problem::app(&error))?;
    let request_id = arrival(&developer.request)?.id.to_string();
    Ok(HttpResponse::Ok().json(AppAnswer { client: AppView::from(&app), request_id }))
}
