//! How Bitbucket wants to be asked, and what its answers mean.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use lodge_kernel::ExposeSecret as _;
use lodge_provider::{Budget, HostToken, HostTokenKind, ProviderError};
use lodge_provider_kit::{
    Dialect, Said,
    header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue},
};

use crate::payload::error::ErrorPayload;

/// `Retry-After` is not to be relied upon here: less than a minute of a window
/// of an hour is never what is needed.
const LEAST_WAIT: Duration = Duration::from_mins(1);

pub(crate) struct BitbucketDialect;

impl Dialect for BitbucketDialect {
    /// OAuth tokens and access tokens are bearers; an API token stands behind
    /// its owner's address, `ada@example.org:token`, and is shown by HTTP
    /// Basic: <https://support.atlassian.com/bitbucket-cloud/docs/using-api-tokens/>.
    fn dress(&self, token: &HostToken, headers: &mut HeaderMap) -> Result<(), ProviderError> {
        let text = token.text.expose_secret();
        let shown = if token.kind == HostTokenKind::Personal && text.contains(':') {
            format!("Basic {}", STANDARD.encode(text))
        } else {
            format!("Bearer {text}")
        };
        let mut value = HeaderValue::from_str(&shown)
            .map_err(|_not_a_header| ProviderError::CredentialsRefused)?;
        value.set_sensitive(true);
        headers.insert(AUTHORIZATION, value);
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        Ok(())
    }

    fn judge(&self, said: &Said<'_>) -> Result<(), ProviderError> {
        match said.status.as_u16() {
            403 if ErrorPayload::read(said.body).is_some_and(|it| it.lacks_scope()) => {
                Err(ProviderError::InsufficientScope)
            }
            429 => {
                let least = said.now.plus(LEAST_WAIT);
                let retry_at = said.retry_after().map_or(least, |told| told.max(least));
                Err(ProviderError::RateLimited { retry_at })
            }
            _ => said.judge(),
        }
    }

    /// Only some tokens are told their limit, and none what is left of it:
    /// <https://support.atlassian.com/bitbucket-cloud/docs/api-request-limits/>.
    fn budget(&self, said: &Said<'_>) -> Option<Budget> {
        let limit = said.number("x-ratelimit-limit")?;
        Some(Budget { limit: Some(limit), ..Budget::default() })
    }

    fn request_id_header(&self) -> &'static str {
        "atl-traceid"
    }
}
