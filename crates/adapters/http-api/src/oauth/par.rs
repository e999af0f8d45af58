//! `POST /oauth/par` (RFC 9126)

use actix_web::{HttpResponse, web::Data};
use lodge_access::connect::PUSHED_REQUEST_LIFETIME;
use lodge_gateway::oauth::AuthorizeRequest;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Surface,
    body::{OAuthBody, RawBody},
    oauth::answer::{self, Said},
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
    /// Refused: the request itself vouches for `customer_ref`.
    #[serde(skip_serializing)]
    customer_sig: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    connect_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code_challenge: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code_challenge_method: Option<String>,
    /// `query`, or `web_message`.
    #[serde(skip_serializing_if = "Option::is_none")]
    response_mode: Option<String>,
    /// Refused (RFC 9126, 2.1).
    #[serde(skip_serializing)]
    request_uri: Option<String>,
}

impl PushedBody {
    fn request(&self) -> AuthorizeRequest {
        AuthorizeRequest {
            response_type: self.response_type.clone(),
            client_id: self.client_id.clone(),
            redirect_uri: self.redirect_uri.clone(),
            scope: self.scope.clone(),
            state: self.state.clone(),
            customer_ref: self.customer_ref.clone(),
            customer_name: self.customer_name.clone(),
            customer_sig: self.customer_sig.clone(),
            code_challenge: self.code_challenge.clone(),
            code_challenge_method: self.code_challenge_method.clone(),
            response_mode: self.response_mode.clone(),
            connect_token: self.connect_token.clone(),
            request_uri: self.request_uri.clone(),
            pushed: true,
        }
    }
}

/// What stands for the request at `/oauth/authorize`.
#[derive(Serialize, ToSchema)]
pub(crate) struct PushedView {
    request_uri: String,
    expires_in: u64,
}

/// Takes an authorization request from the app's own server, which so vouches
/// for `customer_ref`.
///
/// It is checked as `/oauth/authorize` checks it, so that what would fail in
/// the customer's browser fails here.
#[utoipa::path(
    post,
    path = "/oauth/par",
    tag = "OAuth",
    security(("client_basic" = []), ()),
    request_body(content((PushedBody = "application/json"), (PushedBody = "application/x-www-form-urlencoded"))),
    responses(
        (status = 201, description = "Use it once at /oauth/authorize, within 90 seconds", body = PushedView),
        (status = 400, description = "The request cannot be used", body = ErrorBody),
        (status = 401, description = "The client is unknown or its secret wrong", body = ErrorBody),
        (status = 429, description = "Too many requests of this address or app: wait for `Retry-After` seconds", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.oauth.par", skip_all)]
pub(crate) async fn handler(surface: Data<Surface>, body: RawBody) -> HttpResponse {
    push(&surface, body).await.unwrap_or_else(Said::answer)
}

async fn push(surface: &Surface, body: RawBody) -> Result<HttpResponse, Said> {
    let OAuthBody { form, basic, mut fields } = answer::open::<PushedBody>(surface, body).await?;
    let (id, secret) = (fields.client_id.take(), fields.client_secret.take());
    let client = answer::client(surface, form, basic, id, secret)?;
    fields.client_id = Some(client.id.clone());
    let parameters = serde_urlencoded::to_string(&fields)
        .map_err(|error| Problem::invalid(error.to_string()))?;
    let pushed = surface.gateway.push_request(&client, &fields.request(), parameters).await;
    let request_uri = pushed.map_err(|error| answer::refused(form, &error))?;
    let expires_in = PUSHED_REQUEST_LIFETIME.as_secs();
    Ok(HttpResponse::Created().json(PushedView { request_uri, expires_in }))
}
