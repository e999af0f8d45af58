//! Logging in. A client's id that begins with `Iv` is that of a GitHub App,
//! whose tokens end; the secret `wrong` is.
//!
//! <https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps>

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use url::{Url, form_urlencoded::Serializer};

use super::{error, not_found};
use crate::{Accounts, Ask, Issued, Reply};

/// Pages below `/login/oauth`.
pub(super) fn page(ask: &Ask, accounts: &Accounts) -> Reply {
    match (ask.method.as_str(), ask.path().as_slice()) {
        ("GET", ["login", "oauth", "authorize"]) => authorize(ask, accounts),
        ("POST", ["login", "oauth", "access_token"]) => token(ask, accounts),
        _ => {
            Reply::text(404, "text/html; charset=utf-8", "<!DOCTYPE html><title>Not Found</title>")
        }
    }
}

fn authorize(ask: &Ask, accounts: &Accounts) -> Reply {
    let method = ask.query("code_challenge_method");
    let challenge = ask.query("code_challenge").filter(|_| method == Some("S256"));
    let Some(redirect_uri) = ask.query("redirect_uri").filter(|_| ask.query("client_id").is_some())
    else {
        return Reply::text(404, "text/html; charset=utf-8", "<!DOCTYPE html><title>404</title>");
    };
    let Ok(mut back) = Url::parse(redirect_uri) else {
        return Reply::text(400, "text/html; charset=utf-8", "<!DOCTYPE html><title>400</title>");
    };
    let code = accounts.code(redirect_uri, challenge);
    back.query_pairs_mut().append_pair("code", &code);
    if let Some(state) = ask.query("state") {
        back.query_pairs_mut().append_pair("state", state);
    }
    Reply::redirect(302, back.as_str())
}

/// Errors come with status 200.
fn token(ask: &Ask, accounts: &Accounts) -> Reply {
    let field = |name: &str| ask.field(name).unwrap_or_default();
    let client = field("client_id");
    let app = client.starts_with("Iv");
    let secret = field("client_secret");
    let body = if client.is_empty() || secret.is_empty() || secret == "wrong" {
        refusal(
            "incorrect_client_credentials",
            "The client_id and/or client_secret passed are incorrect.",
        )
    } else if field("grant_type") == "refresh_token" {
        match accounts.refresh(&field("refresh_token")) {
            Some(issued) => answer(&issued, true),
            None => {
                refusal("bad_refresh_token", "The refresh token passed is incorrect or expired.")
            }
        }
    } else {
        let verifier = ask.field("code_verifier");
        match accounts.exchange(&field("code"), &field("redirect_uri"), verifier.as_deref()) {
            Some(issued) => answer(&issued, app),
            None => refusal("bad_verification_code", "The code passed is incorrect or expired."),
        }
    };
    if ask.header("accept").is_some_and(|it| it.contains("json")) {
        return Reply::json(200, &body);
    }
    let mut form = Serializer::new(String::new());
    for (name, value) in body.as_object().into_iter().flatten() {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        form.append_pair(name, &text);
    }
    Reply::text(200, "application/x-www-form-urlencoded; charset=utf-8", form.finish())
}

fn answer(issued: &Issued, ends: bool) -> Value {
    if ends {
        return json!({
            "access_token": issued.access,
            "expires_in": 28800,
            "refresh_token": issued.refresh,
            "refresh_token_expires_in": 15_897_600,
            "scope": "",
            "token_type": "bearer",
        });
    }
    json!({ "access_token": issued.access, "scope": "read:user,repo", "token_type": "bearer" })
}

fn refusal(code: &str, text: &str) -> Value {
    json!({
        "error": code,
        "error_description": text,
        "error_uri": "https://docs.github.com/apps/managing-oauth-apps/troubleshooting-oauth-app-access-token-request-errors/",
    })
}

/// `DELETE /applications/{client_id}/token`, in the client's own name.
pub(super) fn delete_token(ask: &Ask, client: &str, accounts: &Accounts) -> Reply {
    if ask.method != "DELETE" {
        return not_found();
    }
    let basic = ask.header("authorization").and_then(|it| it.strip_prefix("Basic "));
    let pair = basic.and_then(|it| STANDARD.decode(it).ok()).unwrap_or_default();
    if !pair.starts_with(format!("{client}:").as_bytes()) || pair.ends_with(b":wrong") {
        return error(401, "Bad credentials");
    }
    match ask.field("access_token") {
        None => error(422, "Validation Failed"),
        Some(token) if accounts.knows(&token) => {
            accounts.revoke(&token);
            Reply::empty(204)
        }
        Some(_) => not_found(),
    }
}
