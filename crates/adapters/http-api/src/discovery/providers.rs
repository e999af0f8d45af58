//! `GET /v1/providers`

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, web::Data};
use lodge_provider::{AccountKind, GitProvider};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{Surface, caller::arrival, problem::Problem};

/// The providers of this installation.
#[derive(Serialize, ToSchema)]
pub(crate) struct ProvidersView {
    data: Vec<ProviderView>,
    request_id: String,
}

/// One provider.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProviderView {
    id: String,
    label: String,
    enabled: bool,
    /// `configured` by the operator, or `oauth`.
    auth_modes: [&'static str; 1],
    /// `native`, `derived` or `unsupported`, for each resource.
    capabilities: BTreeMap<&'static str, &'static str>,
}

impl ProviderView {
    pub(crate) fn new(host: &dyn GitProvider) -> Self {
        let cells = host.capabilities().cells();
        Self {
            id: host.name().to_string(),
            label: host.label(),
            enabled: true,
            auth_modes: match host.account_kind() {
                AccountKind::Configured => ["configured"],
                AccountKind::OAuth => ["oauth"],
            },
            capabilities: cells.map(|(it, support)| (it.name(), support.name())).collect(),
        }
    }
}

/// The providers of this installation, and what each can do.
#[utoipa::path(
    get,
    path = "/v1/providers",
    tag = "Discovery",
    responses((status = 200, description = "Every enabled provider", body = ProvidersView)),
)]
pub(crate) async fn handler(
    request: HttpRequest,
    surface: Data<Surface>,
) -> Result<HttpResponse, Problem> {
    let hosts = surface.gateway.providers.iter();
    Ok(HttpResponse::Ok().json(ProvidersView {
        data: hosts.map(|it| ProviderView::new(&**it)).collect(),
        request_id: arrival(&request)?.id.to_string(),
    }))
}
