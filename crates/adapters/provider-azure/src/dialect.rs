//! How Azure DevOps wants to be asked, and what its answers mean.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use lodge_kernel::{ExposeSecret as _, Timestamp};
use lodge_provider::{Budget, HostToken, HostTokenKind, ProviderError};
use lodge_provider_kit::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue};
use lodge_provider_kit::{Dialect, Said};

use crate::payload::error::ErrorPayload;

/// How long we are quiet when the host delays answers but names no wait.
const LONGEST_DELAY: u64 = 300;

/// Azure DevOps' rules.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AzureDialect;

impl Dialect for AzureDialect {
    fn dress(&self, token: &HostToken, headers: &mut HeaderMap) -> Result<(), ProviderError> {
        let text = token.text.expose_secret();
        let value = match token.kind {
            HostTokenKind::OAuth => format!("Bearer {text}"),
            // Any name will do, an empty one too.
            HostTokenKind::Personal => format!("Basic {}", STANDARD.encode(format!(":{text}"))),
        };
        let mut value = HeaderValue::from_str(&value)
            .map_err(|_not_a_header| ProviderError::CredentialsRefused)?;
        value.set_sensitive(true);
        headers.insert(AUTHORIZATION, value);
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        Ok(())
    }

    /// A token that is not good may be answered with 203 or 302 and the page
    /// of a login. No other answer of the API is a page or a redirect.
    fn judge(&self, said: &Said<'_>) -> Result<(), ProviderError> {
        let status = said.status.as_u16();
        let login = said.status.is_redirection() || status == 203;
        if login || (said.status.is_success() && said.is_html()) {
            return Err(ProviderError::CredentialsRefused);
        }
        if said.status.is_success() {
            return Ok(());
        }
        let error = ErrorPayload::read(said.body);
        // The request was blocked, whatever the status is:
        // https://learn.microsoft.com/azure/devops/integrate/concepts/rate-limits
        if status == 429 || error.message().contains("TF400733") {
            return Err(too_often(said));
        }
        if status == 403 && lacks_scope(said) {
            return Err(ProviderError::InsufficientScope);
        }
        // The organisation or the project is gone; a repository that is gone
        // has an exception of its own.
        let project = error.kind().starts_with("ProjectDoesNotExist");
        if status == 404 && (project || said.is_html()) {
            return Err(ProviderError::InstallationNotFound);
        }
        said.judge()
    }

    /// Answers are delayed long before they are refused, and say so.
    fn budget(&self, said: &Said<'_>) -> Option<Budget> {
        let delay = said.number("x-ratelimit-delay");
        let wait = delay.map(|delay| Duration::from_secs(delay.saturating_add(1)));
        let longest = Duration::from_secs(LONGEST_DELAY);
        let paused = wait.map(|wait| said.now.plus(wait.min(longest)));
        let budget = Budget {
            limit: said.number("x-ratelimit-limit"),
            remaining: said.number("x-ratelimit-remaining"),
            resets_at: said.instant("x-ratelimit-reset"),
            paused_until: said.retry_after().or(paused),
        };
        (budget != Budget::default()).then_some(budget)
    }

    fn request_id_header(&self) -> &'static str {
        "x-vss-e2eid"
    }

    fn follows_redirects(&self) -> bool {
        false
    }
}

fn too_often(said: &Said<'_>) -> ProviderError {
    let reset = said.instant("x-ratelimit-reset").filter(|it: &Timestamp| *it > said.now);
    match (said.retry_after(), reset) {
        (None, Some(retry_at)) => ProviderError::RateLimited { retry_at },
        _ => said.rate_limited(),
    }
}

/// RFC 6750 §3.1.
fn lacks_scope(said: &Said<'_>) -> bool {
    said.header("www-authenticate").is_some_and(|it| it.contains("insufficient_scope"))
}
