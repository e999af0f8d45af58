//! `GET /.well-known/oauth-authorization-server` (RFC 8414)

use actix_web::{HttpResponse, http::header, web::Data};
use lodge_access::Permission;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Surface;

/// What a standard client needs to know of this server.
#[derive(Serialize, ToSchema)]
pub(crate) struct MetadataView {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    revocation_endpoint: String,
    introspection_endpoint: String,
    pushed_authorization_request_endpoint: String,
    scopes_supported: Vec<&'static str>,
    response_types_supported: [&'static str; 1],
    response_modes_supported: [&'static str; 2],
    grant_types_supported: [&'static str; 3],
    token_endpoint_auth_methods_supported: [&'static str; 2],
    revocation_endpoint_auth_methods_supported: [&'static str; 2],
    introspection_endpoint_auth_methods_supported: [&'static str; 2],
    code_challenge_methods_supported: [&'static str; 1],
    authorization_response_iss_parameter_supported: bool,
    service_documentation: String,
}

/// What a standard client needs to know of this server.
#[utoipa::path(
    get,
    path = "/.well-known/oauth-authorization-server",
    tag = "OAuth",
    responses((status = 200, description = "The metadata of RFC 8414", body = MetadataView)),
)]
pub(crate) async fn handler(surface: Data<Surface>) -> HttpResponse {
    let issuer = surface.issuer();
    let at = |path: &str| format!("{issuer}{path}");
    let methods = ["client_secret_basic", "client_secret_post"];
    let view = MetadataView {
        issuer: issuer.to_owned(),
        authorization_endpoint: at("/oauth/authorize"),
        token_endpoint: at("/oauth/token"),
        revocation_endpoint: at("/oauth/revoke"),
        introspection_endpoint: at("/oauth/introspect"),
        pushed_authorization_request_endpoint: at("/oauth/par"),
        scopes_supported: Permission::ALL.iter().map(|it| it.scope()).collect(),
        response_types_supported: ["code"],
        response_modes_supported: ["query", "web_message"],
        grant_types_supported: ["authorization_code", "refresh_token", "client_credentials"],
        token_endpoint_auth_methods_supported: methods,
        revocation_endpoint_auth_methods_supported: methods,
        introspection_endpoint_auth_methods_supported: methods,
        code_challenge_methods_supported: ["S256"],
        authorization_response_iss_parameter_supported: true,
        service_documentation: at("/docs/api"),
    };
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "public, max-age=300")).json(view)
}
