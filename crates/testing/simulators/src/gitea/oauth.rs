//! The OAuth server: asks nobody, and wants PKCE when it was promised.

use serde_json::json;

use crate::{Accounts, Ask, Reply};

pub(super) fn answer(ask: &Ask, rest: &[&str], accounts: &Accounts) -> Reply {
    match (ask.method.as_str(), rest) {
        ("GET", ["authorize"]) => authorize(ask, accounts),
        ("POST", ["access_token"]) => token(ask, accounts),
        _ => Reply::text(404, "text/html; charset=utf-8", "<html>Not found.</html>"),
    }
}

fn authorize(ask: &Ask, accounts: &Accounts) -> Reply {
    let (Some(redirect), Some(state)) = (ask.query("redirect_uri"), ask.query("state")) else {
        return Reply::text(400, "text/html; charset=utf-8", "<html>Not a request.</html>");
    };
    if ask.query("response_type") != Some("code") || ask.query("client_id").is_none() {
        return Reply::redirect(302, format!("{redirect}?error=invalid_request&state={state}"));
    }
    let challenge = ask.query("code_challenge");
    if challenge.is_some() && ask.query("code_challenge_method") != Some("S256") {
        return Reply::redirect(302, format!("{redirect}?error=invalid_request&state={state}"));
    }
    let code = accounts.code(redirect, challenge);
    Reply::redirect(302, format!("{redirect}?code={code}&state={state}"))
}

fn token(ask: &Ask, accounts: &Accounts) -> Reply {
    let field = |name| ask.field(name).unwrap_or_default();
    if field("client_id").is_empty() {
        return refused("invalid_client", "cannot load client with client id: ''");
    }
    if field("client_secret").is_empty() {
        return refused("unauthorized_client", "invalid empty client secret");
    }
    let issued = match field("grant_type").as_str() {
        "authorization_code" => {
            let verifier = ask.field("code_verifier");
            accounts.exchange(&field("code"), &field("redirect_uri"), verifier.as_deref())
        }
        "refresh_token" => {
            let Some(issued) = accounts.refresh(&field("refresh_token")) else {
                return refused("unauthorized_client", "unable to parse refresh token");
            };
            Some(issued)
        }
        _ => return refused("unsupported_grant_type", "Only these grants are supported"),
    };
    let Some(issued) = issued else {
        return refused("unauthorized_client", "client is not authorized");
    };
    let body = json!({
        "access_token": issued.access,
        "token_type": "bearer",
        "expires_in": 3600,
        "refresh_token": issued.refresh,
    });
    Reply::json(200, &body)
}

fn refused(error: &str, description: &str) -> Reply {
    Reply::json(400, &json!({ "error": error, "error_description": description }))
}
