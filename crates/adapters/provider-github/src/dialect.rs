//! How GitHub wants to be asked, and what its answers mean.
//!
//! <https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api>,
//! <https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api>

use lodge_forge::Resource;
use lodge_kernel::ExposeSecret as _;
use lodge_provider::{Budget, HostToken, ProviderError};
use lodge_provider_kit::{
    Dialect, Said,
    header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue},
};

use crate::payload::error::ErrorPayload;

/// What is missing in a repository without commits (409).
pub(crate) const NO_COMMITS: &str = "first commit";
/// What a call through an installation of a GitHub App misses.
pub(crate) const INSTALLATION: &str = "installation";

const VERSION: HeaderName = HeaderName::from_static("x-github-api-version");

/// GitHub's rules.
pub(crate) struct GithubDialect;

impl Dialect for GithubDialect {
    fn dress(&self, token: &HostToken, headers: &mut HeaderMap) -> Result<(), ProviderError> {
        let bearer = format!("Bearer {}", token.text.expose_secret());
        let mut bearer = HeaderValue::from_str(&bearer)
            .map_err(|_not_a_header| ProviderError::CredentialsRefused)?;
        bearer.set_sensitive(true);
        headers.insert(AUTHORIZATION, bearer);
        headers.insert(ACCEPT, HeaderValue::from_static("application/vnd.github+json"));
        headers.insert(VERSION, HeaderValue::from_static("2022-11-28"));
        Ok(())
    }

    fn judge(&self, said: &Said<'_>) -> Result<(), ProviderError> {
        if said.status.is_success() {
            return said.judge();
        }
        let message = ErrorPayload::message_of(said.body);
        let says = |words: &str| message.contains(words);
        Err(match said.status.as_u16() {
            403 | 429 => match limit(said, &message) {
                Some(limited) => limited,
                None if says("suspended") => ProviderError::InstallationNotFound,
                None if says("too large to list contributors") => {
                    ProviderError::Unsupported { resource: Resource::Contributors }
                }
                None if says("not accessible by") || lacks_scope(said) => {
                    ProviderError::InsufficientScope
                }
                None => ProviderError::Forbidden,
            },
            404 if said.missing == Some(INSTALLATION) => ProviderError::InstallationNotFound,
            404 if lacks_scope(said) => ProviderError::InsufficientScope,
            409 if says("repository is empty") => ProviderError::NotFound { what: NO_COMMITS },
            422 if says("no commit found") => said.not_there(),
            451 => ProviderError::Forbidden,
            _ => return said.judge(),
        })
    }

    fn budget(&self, said: &Said<'_>) -> Option<Budget> {
        // Search and others have a budget of their own.
        if said.header("x-ratelimit-resource").is_some_and(|it| it != "core") {
            return None;
        }
        let limit = said.number("x-ratelimit-limit")?;
        Some(Budget {
            limit: Some(limit),
            remaining: said.number("x-ratelimit-remaining"),
            resets_at: said.instant("x-ratelimit-reset"),
            paused_until: None,
        })
    }

    fn request_id_header(&self) -> &'static str {
        "x-github-request-id"
    }
}

/// A refusal that is a limit: the primary one says that nothing remains, the
/// secondary one when to come back, or only its name.
fn limit(said: &Said<'_>, message: &str) -> Option<ProviderError> {
    if said.retry_after().is_none() && said.number("x-ratelimit-remaining") == Some(0) {
        let retry_at = said.instant("x-ratelimit-reset");
        return Some(match retry_at {
            Some(retry_at) => ProviderError::RateLimited { retry_at: retry_at.max(said.now) },
            None => said.rate_limited(),
        });
    }
    let named = ["secondary rate limit", "abuse", "rate limit exceeded"];
    let limited = said.status.as_u16() == 429
        || said.retry_after().is_some()
        || named.iter().any(|it| message.contains(it));
    limited.then(|| said.rate_limited())
}

/// None of the token's scopes is one of those that the question needs. Tokens
/// without scopes (of GitHub Apps, and fine-grained ones) say nothing.
fn lacks_scope(said: &Said<'_>) -> bool {
    let scopes = |name| said.header(name).unwrap_or_default().split(',').map(str::trim);
    let needed: Vec<&str> = scopes("x-accepted-oauth-scopes").filter(|it| !it.is_empty()).collect();
    let mut has = scopes("x-oauth-scopes").filter(|it| !it.is_empty()).peekable();
    has.peek().is_some() && !needed.is_empty() && !has.any(|it| needed.contains(&it))
}
