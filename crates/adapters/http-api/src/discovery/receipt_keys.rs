//! `GET /.well-known/gitlodge-receipts`

use actix_web::{HttpResponse, http::header, web::Data};

use crate::Surface;

/// What the receipts of customers are checked with: a JWK Set (RFC 7517). A
/// receipt is a JWS in compact form, signed with Ed25519.
#[utoipa::path(
    get,
    path = "/.well-known/gitlodge-receipts",
    tag = "Discovery",
    responses((status = 200, description = "The keys", body = Object, content_type = "application/jwk-set+json")),
)]
pub(crate) async fn handler(surface: Data<Surface>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        .content_type("application/jwk-set+json")
        .body(surface.gateway.receipts.keys())
}
