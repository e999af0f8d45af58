//! Bitbucket's OAuth server: no PKCE, HTTP Basic only, scopes of the consumer
//! rather than of the request, and refresh tokens that stay the same.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::{Accounts, Ask, Issued, Reply};

/// Sends the browser back with a code, at once.
pub(super) fn authorize(ask: &Ask, accounts: &Accounts) -> Reply {
    let fits = ask.query("response_type") == Some("code")
        && ask.query("client_id").is_some_and(|it| !it.is_empty());
    let target = ask.query("redirect_uri").and_then(|it| url::Url::parse(it).ok());
    let (true, Some(mut back)) = (fits, target) else {
        return Reply::text(400, "text/html; charset=utf-8", "<h1>Invalid request</h1>");
    };
    // A challenge is not understood, and so not kept.
    let code = accounts.code(ask.query("redirect_uri").unwrap_or_default(), None);
    back.query_pairs_mut().append_pair("code", &code);
    if let Some(state) = ask.query("state") {
        back.query_pairs_mut().append_pair("state", state);
    }
    Reply::redirect(302, back)
}

/// Gives tokens for codes and for refresh tokens.
pub(super) fn token(ask: &Ask, accounts: &Accounts) -> Reply {
    if !is_consumer(ask) {
        return refuse("unauthorized_client", "Invalid OAuth client credentials");
    }
    let field = |name| ask.field(name).unwrap_or_default();
    match field("grant_type").as_str() {
        "authorization_code" => {
            match accounts.exchange(&field("code"), &field("redirect_uri"), None) {
                Some(issued) => given(&issued),
                None => refuse("invalid_grant", "The specified code is not valid."),
            }
        }
        "refresh_token" => match accounts.refresh_keeping(&field("refresh_token")) {
            Some(issued) => given(&issued),
            None => refuse("invalid_grant", "Invalid refresh_token"),
        },
        other => refuse("unsupported_grant_type", &format!("Unsupported grant type: {other}")),
    }
}

/// The consumer's key and secret, by HTTP Basic.
fn is_consumer(ask: &Ask) -> bool {
    let shown = ask.header("authorization").and_then(|it| it.strip_prefix("Basic "));
    let pair = shown.and_then(|it| STANDARD.decode(it).ok());
    pair.and_then(|it| String::from_utf8(it).ok()).is_some_and(|it| {
        it.split_once(':').is_some_and(|(key, secret)| !key.is_empty() && !secret.is_empty())
    })
}

fn given(issued: &Issued) -> Reply {
    let body: Value = json!({
        "access_token": issued.access,
        "refresh_token": issued.refresh,
        "token_type": "bearer",
        "state": "authorization_code",
        "expires_in": 7200,
        "scopes": "account email repository pullrequest pipeline webhook",
    });
    Reply::json(200, &body)
}

fn refuse(error: &str, description: &str) -> Reply {
    Reply::json(400, &json!({"error": error, "error_description": description}))
}
