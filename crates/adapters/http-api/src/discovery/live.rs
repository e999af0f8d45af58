//! `GET /health/live`

use actix_web::HttpResponse;
use serde::Serialize;
use utoipa::ToSchema;

/// The process answers.
#[derive(Serialize, ToSchema)]
pub(crate) struct LiveView {
    /// Always `live`.
    status: &'static str,
    version: &'static str,
}

/// Whether the process answers. It asks nobody, so that a database that is away
/// is no reason to restart this.
#[utoipa::path(
    get,
    path = "/health/live",
    tag = "Discovery",
    responses((status = 200, description = "It answers", body = LiveView)),
)]
pub(crate) async fn handler() -> HttpResponse {
    HttpResponse::Ok().json(LiveView { status: "live", version: env!("CARGO_PKG_VERSION") })
}
