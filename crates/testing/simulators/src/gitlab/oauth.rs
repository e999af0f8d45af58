//! Logins: <https://docs.gitlab.com/api/oauth2/>. A refresh wants the
//! `redirect_uri` again.

use serde_json::json;

use crate::{Accounts, Ask, Issued, Reply};

pub(super) fn answer(ask: &Ask, accounts: &Accounts, path: &[&str]) -> Reply {
    match (ask.method.as_str(), path) {
        ("GET", ["authorize"]) => authorize(ask, accounts),
        ("POST", ["token"]) => token(ask, accounts),
        ("POST", ["revoke"]) if is_client(ask) => {
            accounts.revoke(&ask.field("token").unwrap_or_default());
            Reply::json(200, &json!({}))
        }
        ("POST", ["revoke"]) => refused("unauthorized_client", 403),
        _ => Reply::json(404, &json!({"error": "404 Not Found"})),
    }
}

/// The page asks nobody: who comes has agreed.
fn authorize(ask: &Ask, accounts: &Accounts) -> Reply {
    let asked = (ask.query("redirect_uri"), ask.query("client_id"), ask.query("response_type"));
    let (Some(redirect_uri), Some(_), Some("code")) = asked else {
        return Reply::text(400, "text/html; charset=utf-8", "<html>An error has occurred</html>");
    };
    if ask.query("code_challenge").is_some() && ask.query("code_challenge_method") != Some("S256") {
        return Reply::text(400, "text/html; charset=utf-8", "<html>An error has occurred</html>");
    }
    let code = accounts.code(redirect_uri, ask.query("code_challenge"));
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("code", &code);
    if let Some(state) = ask.query("state") {
        query.append_pair("state", state);
    }
    Reply::redirect(302, format!("{redirect_uri}?{}", query.finish()))
}

fn token(ask: &Ask, accounts: &Accounts) -> Reply {
    if !is_client(ask) {
        return refused("invalid_client", 401);
    }
    let field = |name| ask.field(name).unwrap_or_default();
    let issued = match field("grant_type").as_str() {
        "authorization_code" => accounts.exchange(
            &field("code"),
            &field("redirect_uri"),
            ask.field("code_verifier").as_deref(),
        ),
        "refresh_token" if ask.field("redirect_uri").is_none() => {
            return refused("invalid_request", 400);
        }
        "refresh_token" => accounts.refresh(&field("refresh_token")),
        _ => return refused("unsupported_grant_type", 400),
    };
    let Some(Issued { access, refresh }) = issued else { return refused("invalid_grant", 400) };
    Reply::json(
        200,
        &json!({
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": 7200,
            "refresh_token": refresh,
            "scope": "read_api",
            "created_at": 1_795_339_800,
        }),
    )
}

fn is_client(ask: &Ask) -> bool {
    let filled = |name| ask.field(name).is_some_and(|it| !it.is_empty());
    filled("client_id") && filled("client_secret")
}

fn refused(error: &str, status: u16) -> Reply {
    let description = "The provided authorization grant is invalid, expired or revoked.";
    Reply::json(status, &json!({"error": error, "error_description": description}))
}
