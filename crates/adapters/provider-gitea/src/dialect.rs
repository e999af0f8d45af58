//! How Gitea wants to be asked, and what its answers mean.

use lodge_kernel::ExposeSecret as _;
use lodge_provider::{HostToken, HostTokenKind, ProviderError};
use lodge_provider_kit::{
    Dialect, Said,
    header::{AUTHORIZATION, HeaderMap, HeaderValue},
};

/// What is not there in a repository without commits. A branch or a path that
/// is not there has its own word.
pub(crate) const NO_COMMITS: &str = "commit";

/// The rules of Gitea and Forgejo. They have no limits of their own; the
/// proxies of large instances answer 429 or 503 in their own words.
pub(crate) struct GiteaDialect;

impl Dialect for GiteaDialect {
    fn dress(&self, token: &HostToken, headers: &mut HeaderMap) -> Result<(), ProviderError> {
        let scheme = match token.kind {
            HostTokenKind::OAuth => "Bearer",
            HostTokenKind::Personal => "token",
        };
        let mut value = HeaderValue::from_str(&format!("{scheme} {}", token.text.expose_secret()))
            .map_err(|_not_a_header| ProviderError::CredentialsRefused)?;
        value.set_sensitive(true);
        headers.insert(AUTHORIZATION, value);
        Ok(())
    }

    fn judge(&self, said: &Said<'_>) -> Result<(), ProviderError> {
        match said.status.as_u16() {
            403 if said.words().contains("required scope") => Err(ProviderError::InsufficientScope),
            // "Git Repository is empty."
            409 if said.words().contains("empty") => {
                Err(ProviderError::NotFound { what: NO_COMMITS })
            }
            _ => said.judge(),
        }
    }
}
