//! `GET /v1/platform/capabilities`

use actix_web::{HttpRequest, HttpResponse, web::Data};
use lodge_access::Permission;
use lodge_firewall::Rules;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    Surface,
    caller::arrival,
    discovery::providers::ProviderView,
    problem::{Code, Problem},
};

/// What this gateway can do.
#[derive(Serialize, ToSchema)]
pub(crate) struct CapabilitiesView {
    data: CapabilitiesData,
    request_id: String,
}

/// What this gateway can do.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CapabilitiesData {
    permissions: Vec<PermissionView>,
    oauth: EndpointsView,
    firewall: FirewallCapabilities,
    /// The capability matrix, a row for each provider.
    providers: Vec<ProviderView>,
    errors: Vec<ErrorCodeView>,
}

/// One scope.
#[derive(Serialize, ToSchema)]
struct PermissionView {
    scope: &'static str,
    label: &'static str,
    description: &'static str,
}

/// Where OAuth happens.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct EndpointsView {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    metadata: String,
}

/// What the firewall does.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FirewallCapabilities {
    enabled: bool,
    rules_version: String,
    /// Blocked whatever the operator configures.
    floor: Vec<&'static str>,
}

/// One error code.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ErrorCodeView {
    code: &'static str,
    status: u16,
    retryable: bool,
    suggested_action: &'static str,
    meaning: &'static str,
}

/// Scopes, OAuth endpoints, the firewall, the capability matrix and the error
/// codes.
#[utoipa::path(
    get,
    path = "/v1/platform/capabilities",
    tag = "Discovery",
    responses((status = 200, description = "What this gateway can do", body = CapabilitiesView)),
)]
pub(crate) async fn handler(
    request: HttpRequest,
    surface: Data<Surface>,
) -> Result<HttpResponse, Problem> {
    let issuer = surface.issuer();
    let permissions = Permission::ALL.iter().map(|it| PermissionView {
        scope: it.scope(),
        label: it.label(),
        description: it.description(),
    });
    let errors = Code::ALL.iter().map(|it| ErrorCodeView {
        code: it.name(),
        status: it.status().as_u16(),
        retryable: it.is_retryable(),
        suggested_action: it.suggested_action(),
        meaning: it.meaning(),
    });
    let hosts = surface.gateway.providers.iter();
    let data = CapabilitiesData {
        permissions: permissions.collect(),
        oauth: EndpointsView {
            issuer: issuer.to_owned(),
            authorization_endpoint: format!("{issuer}/oauth/authorize"),
            token_endpoint: format!("{issuer}/oauth/token"),
            metadata: format!("{issuer}/.well-known/oauth-authorization-server"),
        },
        firewall: FirewallCapabilities {
            enabled: surface.gateway.policies.firewall,
            rules_version: surface.gateway.rules().version().to_owned(),
            floor: Rules::floor().to_vec(),
        },
        providers: hosts.map(|it| ProviderView::new(&**it)).collect(),
        errors: errors.collect(),
    };
    let request_id = arrival(&request)?.id.to_string();
    Ok(HttpResponse::Ok().json(CapabilitiesView { data, request_id }))
}
