//! `POST /oauth/par` (RFC 9126)

use actix_web::{HttpResponse, web::Data};
use lodge_access::connect::PUSHED_REQUEST_LIFETIME;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Surface,
    body::RawBody,
    oauth::answer,
    problem::{ErrorBody, Problem},
};

/// An authorization request, sent ahead by the app's server.
#[derive(Default, Deserialize, Serialize, ToSchema)]
#[serde(default)]
pub(crate) struct PushedBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
    #[serde(skip_serializing)]
    client_secret: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    redirect_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_ref: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code_challenge: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code_challenge_method: Option<String>,
}

/// What stands for the request at `/oauth/authorize`.
#[derive(Serialize, ToSchema)]
pub(crate) struct PushedView {
    request_uri: String,
    expires_in: u64,
}

/// Takes an authorization request from the app's own server, which so vouches
/// for `customer_ref`.
#[utoipa::path(
    post,
    path = "/oauth/par",
    tag = "OAuth",
    request_body(content((PushedBody = "application/json"), (PushedBody = "application/x-www-form-urlencoded"))),
    responses(
        (status = 201, description = "Use it once at /oauth/authorize, within 90 seconds", body = PushedView),
        (status = 400, description = "The request cannot be used", body = ErrorBody),
        (status = 401, description = "The client is unknown or its secret wrong", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.oauth.par", skip_all)]
pub(crate) async fn handler(
    surface: Data<Surface>,
    body: RawBody,
) -> Result<HttpResponse, Problem> {
    let body = match body.oauth::<PushedBody>().await {
        Ok(body) => body,
        Err(error) => return answer::unreadable(error),
    };
    let mut fields = body.fields;
    let (id, secret) = (fields.client_id.take(), fields.client_secret.take());
    let pushed = match answer::credentials(body.basic, id, secret) {
        Ok(credentials) => {
            fields.client_id = Some(credentials.id.clone());
            let parameters = serde_urlencoded::to_string(&fields)
                .map_err(|error| Problem::invalid(error.to_string()))?;
            surface.gateway.push_request(&credentials, parameters).await
        }
        Err(error) => Err(error),
    };
    match pushed {
        Ok(request_uri) => {
            let expires_in = PUSHED_REQUEST_LIFETIME.as_secs();
            Ok(HttpResponse::Created().json(PushedView { request_uri, expires_in }))
        }
        Err(error) => answer::refused(body.form, &error),
    }
}
