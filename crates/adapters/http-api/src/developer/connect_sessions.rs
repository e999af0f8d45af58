//! `POST /v1/developer/apps/{clientId}/connect-sessions`

use actix_web::{HttpRequest, HttpResponse, http::header, web::Data};
use lodge_access::parse_challenge;
use lodge_gateway::developer::{ConnectSessionDraft, Inviter};
use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::ToSchema;

use crate::{
    Surface,
    body::{RawBody, basic_credentials},
    caller::arrival,
    developer::app_view::{client_id, permissions},
    oauth::answer::client_required,
    problem::{ErrorBody, Problem},
    session,
    views::Time,
};

/// Whom an app invites, and what for.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ConnectSessionBody {
    /// What the app calls the customer; the app vouches for it.
    customer_ref: String,
    /// What the customer is named.
    customer_name: Option<String>,
    /// What the app wants to read for, in plain words.
    purpose: Option<String>,
    /// One of the app's redirect URIs; its first when absent.
    redirect_uri: Option<String>,
    /// What the app asks for; its default permissions when absent.
    permissions: Option<Vec<String>>,
    /// What the app wants to see again at its redirect URI.
    state: Option<String>,
    /// The S256 challenge of PKCE. Without it, whoever opens the link adds
    /// `code_challenge` and `code_challenge_method=S256` to it; an app that uses
    /// PKCE is refused at `/oauth/authorize` otherwise.
    code_challenge: Option<String>,
}

/// An invitation.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConnectSessionView {
    id: String,
    /// Opens the consent page, once, within ten minutes.
    connect_token: String,
    /// The page to send the customer to.
    url: String,
    customer_id: String,
    /// The approval that waits for the customer's answer.
    authorization_id: String,
    expires_at: Time,
    request_id: String,
}

/// Invites a customer to the consent page.
#[utoipa::path(
    post,
    path = "/v1/developer/apps/{clientId}/connect-sessions",
    tag = "Developers",
    security(("user_session" = []), ("client_basic" = [])),
    params(("clientId" = String, Path, description = "The app")),
    request_body = ConnectSessionBody,
    responses(
        (status = 201, description = "The invitation", body = ConnectSessionView),
        (status = 400, description = "The body cannot be used", body = ErrorBody),
        (status = 401, description = "Neither a session nor the app's credentials", body = ErrorBody),
        (status = 404, description = "There is no such app", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.developer.connect_session", skip_all)]
pub(crate) async fn handler(
    request: HttpRequest,
    surface: Data<Surface>,
    body: RawBody,
) -> Result<HttpResponse, Problem> {
    let inviter = inviter(&request, &surface).await?;
    let client = client_id(&request)?;
    let body: ConnectSessionBody = body.json().await?;
    let scope = body.permissions.as_deref().map(permissions).transpose()?;
    if scope.is_some_and(lodge_access::PermissionSet::is_empty) {
        return Err(Problem::invalid("`permissions` names none"));
    }
    parse_challenge(body.code_challenge.as_deref(), body.code_challenge.as_ref().map(|_| "S256"))
        .map_err(|_not_one| Problem::invalid("`codeChallenge` is not the base64url of a SHA-256"))?;
    let draft = ConnectSessionDraft {
        customer_ref: body.customer_ref,
        customer_name: body.customer_name,
        purpose: body.purpose,
        redirect_uri: body.redirect_uri,
    };
    let created = surface.gateway.create_connect_session(&inviter, client, draft).await;
    let created = created.map_err(|error| Problem::connect_session(&error))?;

    let mut url = Url::parse(&format!("{}/oauth/authorize", surface.issuer()))
        .map_err(|error| Problem::internal(&error))?;
    let mut query = url.query_pairs_mut();
    query.append_pair("response_type", "code").append_pair("client_id", &client.to_string());
    query.append_pair("redirect_uri", &created.redirect_uri);
    query.append_pair("connect_token", created.token.expose());
    if let Some(scope) = scope {
        query.append_pair("scope", &scope.to_string());
    }
    if let Some(state) = &body.state {
        query.append_pair("state", state);
    }
    if let Some(challenge) = &body.code_challenge {
        query.append_pair("code_challenge", challenge).append_pair("code_challenge_method", "S256");
    }
    drop(query);
    Ok(HttpResponse::Created().json(ConnectSessionView {
        id: created.id.to_string(),
        connect_token: created.token.expose().to_owned(),
        url: url.into(),
        customer_id: created.customer.to_string(),
        authorization_id: created.authorization.to_string(),
        expires_at: created.expires_at.into(),
        request_id: arrival(&request)?.id.to_string(),
    }))
}

/// The developer by session, or the app's own server by HTTP Basic.
async fn inviter(request: &HttpRequest, surface: &Surface) -> Result<Inviter, Problem> {
    if let Some(credentials) = basic_credentials(request)? {
        return Ok(Inviter::Client(credentials));
    }
    if !request.headers().contains_key(header::AUTHORIZATION)
        && session::of_cookie(surface, request).is_none()
    {
        return Err(client_required());
    }
    let visitor = surface.gateway.visitor(session::text(surface, request)?).await;
    let visitor = visitor.map_err(|error| Problem::session(&error))?;
    Ok(Inviter::Developer(Box::new(visitor)))
}
