//! Apps in JSON.

use actix_web::HttpRequest;
use lodge_access::{App, Permission, PermissionSet};
use lodge_kernel::ClientId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    problem::{Code, Problem},
    views::Time,
};

/// One app.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = App)]
pub(crate) struct AppView {
    /// The `client_id` of OAuth.
    id: String,
    client_id: String,
    tenant_id: String,
    name: String,
    description: Option<String>,
    allowed_redirect_uris: Vec<String>,
    embed_origins: Vec<String>,
    default_permissions: Vec<&'static str>,
    require_pkce: bool,
    created_at: Time,
    updated_at: Time,
}

impl From<&App> for AppView {
    fn from(it: &App) -> Self {
        Self {
            id: it.id.to_string(),
            client_id: it.id.to_string(),
            tenant_id: it.tenant.to_string(),
            name: it.name.clone(),
            description: it.description.clone(),
            allowed_redirect_uris: it
                .redirect_uris
                .iter()
                .map(|it| it.as_str().to_owned())
                .collect(),
            embed_origins: it.frame_ancestors(),
            default_permissions: it.default_permissions.iter().map(Permission::scope).collect(),
            require_pkce: it.require_pkce,
            created_at: it.created_at.into(),
            updated_at: it.updated_at.into(),
        }
    }
}

/// Reads scope strings.
pub(crate) fn permissions(scopes: &[String]) -> Result<PermissionSet, Problem> {
    let parsed: Result<PermissionSet, _> = scopes.iter().map(|it| Permission::parse(it)).collect();
    parsed.map_err(|error| Problem::invalid(error.to_string()))
}

/// The app in the path. What is no id is no app, either.
pub(crate) fn client_id(request: &HttpRequest) -> Result<ClientId, Problem> {
    let text = request.match_info().get("clientId").unwrap_or_default();
    text.parse().map_err(|_not_an_id| Problem::new(Code::ResourceNotFound, "there is no such app"))
}
