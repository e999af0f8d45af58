//! `GET /openapi.json`

use actix_web::{HttpResponse, http::header, web::Data};

use crate::Surface;

/// The OpenAPI 3.1 document of this server.
#[utoipa::path(
    get,
    path = "/openapi.json",
    tag = "Discovery",
    responses((status = 200, description = "OpenAPI 3.1", content_type = "application/json", body = serde_json::Value)),
)]
pub(crate) async fn handler(surface: Data<Surface>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        .content_type("application/json")
        .body((surface.openapi)())
}
