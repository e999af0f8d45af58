//! `GET /health`

use actix_web::{HttpResponse, web::Data};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Surface;

/// How the gateway is.
#[derive(Serialize, ToSchema)]
pub(crate) struct HealthView {
    /// `ok`, or `degraded` when the database does not answer.
    status: &'static str,
    version: &'static str,
    /// The enabled providers.
    providers: Vec<String>,
    flags: FlagsView,
}

/// What the operator switched.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FlagsView {
    /// Reads need a platform token.
    enforce_platform_auth: bool,
}

/// How the gateway is.
#[utoipa::path(
    get,
    path = "/health",
    tag = "Discovery",
    responses(
        (status = 200, description = "It works", body = HealthView),
        (status = 503, description = "Its database does not answer", body = HealthView),
    ),
)]
pub(crate) async fn handler(surface: Data<Surface>) -> HttpResponse {
    let works = surface.gateway.storage.access_version().await.is_ok();
    let mut response = if works { HttpResponse::Ok() } else { HttpResponse::ServiceUnavailable() };
    response.json(HealthView {
        status: if works { "ok" } else { "degraded" },
        version: env!("CARGO_PKG_VERSION"),
        providers: surface.gateway.providers.iter().map(|it| it.name().to_string()).collect(),
        flags: FlagsView { enforce_platform_auth: true },
    })
}
