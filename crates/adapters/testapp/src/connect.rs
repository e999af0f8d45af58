//! From an app's credentials to a token, and back to nothing.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Form, Query},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use lodge_access::Permission;
use serde::Deserialize;
use serde_json::json;

use crate::{
    answer,
    session::{Pending, Session},
    show::SandboxPage,
    state::TestApp,
};

/// What the developer typed in.
#[derive(Deserialize)]
pub(crate) struct Config {
    client_id: String,
    client_secret: String,
}

/// What comes back from the consent page (RFC 6749, 4.1.2).
#[derive(Deserialize)]
pub(crate) struct Answered {
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
}

/// `POST /testapp/config`: keeps the credentials, invites a customer with them,
/// and leads to the consent page.
#[tracing::instrument(name = "testapp.begin", skip_all)]
pub(crate) async fn begin(
    request: HttpRequest,
    app: Data<TestApp>,
    config: Form<Config>,
) -> HttpResponse {
    if !answer::is_own_form(&app, &request) {
        return foreign();
    }
    let config = config.into_inner();
    let pending = Pending { state: app.chance(), verifier: app.chance() };
    let challenge = app.keys.digest(pending.verifier.as_bytes());
    let invitation = json!({
        "customerRef": "testapp",
        "customerName": "You, in the sandbox",
        "purpose": "To try this gateway.",
        "redirectUri": app.redirect_uri(),
        "permissions": reading().collect::<Vec<_>>(),
        "state": pending.state,
        "codeChallenge": URL_SAFE_NO_PAD.encode(challenge.0),
    });
    let session = Session {
        browser: app.chance(),
        client_id: config.client_id.trim().to_owned(),
        client_secret: config.client_secret.trim().to_owned(),
        pending: Some(pending),
        token: None,
    };
    let id: String = url::form_urlencoded::byte_serialize(session.client_id.as_bytes()).collect();
    let path = format!("/v1/developer/apps/{id}/connect-sessions");
    let invited = app.post(&session, &path, &invitation).await;
    let place = invited.text("/url").filter(|it| it.starts_with(&app.origin));
    match (place, session.keep(&app)) {
        (Some(place), Some(cookie)) if invited.is_good() => {
            answer::see_other(place).cookie(cookie).finish()
        }
        _ => {
            let problem = Some(invited.problem());
            let client_id = session.client_id;
            let page = SandboxPage { client_id, problem, ..SandboxPage::empty(&app) };
            answer::page(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

/// `GET /testapp/callback`: the code is exchanged, if it belongs to this browser.
#[tracing::instrument(name = "testapp.finish", skip_all)]
pub(crate) async fn finish(
    request: HttpRequest,
    app: Data<TestApp>,
    answered: Query<Answered>,
) -> HttpResponse {
    let Some(mut session) = Session::of(&app, &request) else { return back("lost") };
    let Some(pending) = session.pending.take() else { return back("lost") };
    // Both are 256 bits of chance that only this browser's sealed cookie has.
    if answered.state.as_deref() != Some(&pending.state) {
        return back("lost");
    }
    let Some(code) = &answered.code else {
        return back(if answered.error.is_some() { "denied" } else { "lost" });
    };
    let exchange = json!({
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": app.redirect_uri(),
        "code_verifier": pending.verifier,
    });
    let issued = app.post(&session, "/oauth/token", &exchange).await;
    session.token = issued.text("/access_token").map(str::to_owned);
    match session.keep(&app) {
        Some(cookie) if session.token.is_some() => {
            answer::see_other("/testapp?went=connected").cookie(cookie).finish()
        }
        _ => {
            let problem = Some(issued.problem());
            let client_id = session.client_id;
            let page = SandboxPage { client_id, problem, ..SandboxPage::empty(&app) };
            answer::page(StatusCode::BAD_GATEWAY, &page)
        }
    }
}

/// `POST /testapp/disconnect`: takes the token back, and forgets everything.
#[tracing::instrument(name = "testapp.disconnect", skip_all)]
pub(crate) async fn disconnect(request: HttpRequest, app: Data<TestApp>) -> HttpResponse {
    if !answer::is_own_form(&app, &request) {
        return foreign();
    }
    if let Some(session) = Session::of(&app, &request)
        && let Some(token) = &session.token
    {
        let revoked = app.post(&session, "/oauth/revoke", &json!({ "token": token })).await;
        if !revoked.is_good() {
            // The cookie stays, so that it can be tried again.
            let problem = Some(revoked.problem());
            let page = SandboxPage { connected: true, problem, ..SandboxPage::empty(&app) };
            return answer::page(StatusCode::BAD_GATEWAY, &page);
        }
    }
    answer::see_other("/testapp?went=disconnected").cookie(Session::forget(&app)).finish()
}

/// The probes read everything, and subscribe to nothing.
fn reading() -> impl Iterator<Item = &'static str> {
    let all = Permission::ALL.iter().filter(|it| **it != Permission::SubscribeEvents);
    all.map(|it| it.scope())
}

fn back(went: &str) -> HttpResponse {
    answer::see_other(&format!("/testapp?went={went}")).finish()
}

fn foreign() -> HttpResponse {
    answer::refuse(
        StatusCode::FORBIDDEN,
        "ACCESS_BLOCKED_BY_POLICY",
        "the form was not sent by a page of this gateway",
        "fix_request",
    )
}
