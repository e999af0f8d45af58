//! `POST /v1/developer/apps`

use actix_web::HttpResponse;
use lodge_gateway::developer::{AppDraft, CreatedApp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    body::RawBody,
    caller::{Developer, arrival},
    developer::app_view::{AppView, permissions},
    problem::{ErrorBody, Problem},
};

/// A new app.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CreateAppBody {
    /// What customers see: 1 to 100 characters.
    name: String,
    /// What it is for.
    description: Option<String>,
    /// Where codes may be sent: `https`, or `http` on localhost.
    allowed_redirect_uris: Vec<String>,
    /// Who may frame the consent page; the origins of the redirect URIs when
    /// absent.
    #[serde(default)]
    embed_origins: Vec<String>,
    /// What is asked for when the authorize URL names no scope.
    #[serde(default)]
    default_permissions: Vec<String>,
    /// PKCE must be used: `true` when absent.
    require_pkce: Option<bool>,
}

/// A new app with its secret.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreatedAppView {
    client: AppView,
    /// Shown once.
    client_secret: String,
    request_id: String,
}

impl CreatedAppView {
    pub(crate) fn new(created: &CreatedApp, request_id: String) -> Self {
        Self {
            client: AppView::from(&created.app),
            client_secret: created.secret.expose().to_owned(),
            request_id,
        }
    }
}

/// Makes an app. Its secret is shown once.
#[utoipa::path(
    post,
    path = "/v1/developer/apps",
    tag = "Developers",
    security(("user_session" = [])),
    request_body = CreateAppBody,
    responses(
        (status = 201, description = "The app", body = CreatedAppView),
        (status = 400, description = "The body cannot be used", body = ErrorBody),
        (status = 401, description = "No session, or one that has ended", body = ErrorBody),
        (status = 403, description = "The role does not allow it", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.developer.create_app", skip_all)]
pub(crate) async fn handler(developer: Developer, body: RawBody) -> Result<HttpResponse, Problem> {
    let body: CreateAppBody = body.json().await?;
    let draft = AppDraft {
        name: body.name,
        description: body.description,
        redirect_uris: body.allowed_redirect_uris,
        embed_origins: body.embed_origins,
        default_permissions: permissions(&body.default_permissions)?,
        require_pkce: body.require_pkce.unwrap_or(true),
    };
    let created = developer.surface.gateway.create_app(&developer.visitor, draft).await;
    let created = created.map_err(|error| Problem::app(&error))?;
    let request_id = arrival(&developer.request)?.id.to_string();
    Ok(HttpResponse::Created().json(CreatedAppView::new(&created, request_id)))
}
