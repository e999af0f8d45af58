//! Microsoft Entra: the login page, which asks nobody, and the token endpoint.

use serde_json::json;
use url::Url;

use crate::{Accounts, Ask, Reply};

/// Azure DevOps, as Entra knows it.
const RESOURCE: &str = "499b84ac-1321-427f-aa17-267ca6975798/";

/// `GET /{tenant}/oauth2/v2.0/authorize`
pub(crate) fn authorize(ask: &Ask, tenant: &str, accounts: &Accounts) -> Reply {
    let target = ask.query("redirect_uri").and_then(|it| Url::parse(it).ok());
    let (Some(mut target), Some(_)) = (target, ask.query("client_id")) else {
        return Reply::text(400, "text/html", "AADSTS900971: No reply address provided.");
    };
    let challenge = ask.query("code_challenge");
    let scopes = ask.query("scope").unwrap_or_default().split(' ').collect::<Vec<_>>();
    let known = |it: &&str| it.starts_with(RESOURCE) || ["offline_access", "openid"].contains(it);
    let error = if tenant.is_empty() || ask.query("response_type") != Some("code") {
        Some("unsupported_response_type")
    } else if !scopes.iter().all(known) {
        // A bare `vso.code` is a scope of nobody.
        Some("invalid_scope")
    } else if challenge.is_some() && ask.query("code_challenge_method") != Some("S256") {
        Some("invalid_request")
    } else {
        None
    };
    {
        let mut query = target.query_pairs_mut();
        if let Some(error) = error {
            query.append_pair("error", error);
        } else {
            let code = accounts.code(ask.query("redirect_uri").unwrap_or_default(), challenge);
            query.append_pair("code", &code).append_pair("session_state", "0f0f");
        }
        if let Some(state) = ask.query("state") {
            query.append_pair("state", state);
        }
    }
    Reply::redirect(302, target)
}

/// `POST /{tenant}/oauth2/v2.0/token`
pub(crate) fn token(ask: &Ask, accounts: &Accounts) -> Reply {
    let field = |name: &str| ask.field(name).unwrap_or_default();
    if field("client_id").is_empty() || field("client_secret").is_empty() {
        return refuse(
            "invalid_client",
            7_000_218,
            "The request body must contain a client_secret.",
        );
    }
    let issued = match field("grant_type").as_str() {
        "authorization_code" => {
            let verifier = ask.field("code_verifier");
            accounts.exchange(&field("code"), &field("redirect_uri"), verifier.as_deref())
        }
        "refresh_token" => accounts.refresh(&field("refresh_token")),
        _ => return refuse("unsupported_grant_type", 70_003, "The grant type is not supported."),
    };
    let Some(issued) = issued else {
        return refuse("invalid_grant", 70_000, "The provided value for the code is not valid.");
    };
    let told = json!({
        "token_type": "Bearer",
        "scope": format!("{RESOURCE}vso.code {RESOURCE}vso.profile"),
        "expires_in": 3599,
        "ext_expires_in": 3599,
        "access_token": issued.access,
        "refresh_token": issued.refresh,
    });
    Reply::json(200, &told)
}

fn refuse(error: &str, code: u32, why: &str) -> Reply {
    let told = json!({
        "error": error,
        "error_description": format!("AADSTS{code}: {why} Trace ID: 0f0f Correlation ID: 0f0f"),
        "error_codes": [code],
        "timestamp": "2026-11-22 09:30:00Z",
        "trace_id": "0f0f7a5e-0000-4000-8000-000000000000",
        "correlation_id": "0f0f7a5e-0000-4000-8000-000000000001",
    });
    Reply::json(400, &told)
}
