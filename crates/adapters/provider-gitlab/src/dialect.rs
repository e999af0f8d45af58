//! How GitLab wants to be asked, and what its answers mean.

use lodge_kernel::ExposeSecret as _;
use lodge_provider::{Budget, HostToken, HostTokenKind, ProviderError};
use lodge_provider_kit::{
    Dialect, Said,
    header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue},
};

use crate::payload::error::ErrorPayload;

const PRIVATE_TOKEN: HeaderName = HeaderName::from_static("private-token");

/// GitLab's rules.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GitLabDialect;

impl Dialect for GitLabDialect {
    /// <https://docs.gitlab.com/api/rest/authentication/>.
    fn dress(&self, token: &HostToken, headers: &mut HeaderMap) -> Result<(), ProviderError> {
        let text = token.text.expose_secret();
        let (name, value) = match token.kind {
            HostTokenKind::OAuth => {
                (AUTHORIZATION, HeaderValue::from_str(&format!("Bearer {text}")))
            }
            HostTokenKind::Personal => (PRIVATE_TOKEN, HeaderValue::from_str(text)),
        };
        let mut value = value.map_err(|_not_a_header| ProviderError::CredentialsRefused)?;
        value.set_sensitive(true);
        headers.insert(name, value);
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        Ok(())
    }

    fn judge(&self, said: &Said<'_>) -> Result<(), ProviderError> {
        match said.status.as_u16() {
            403 if payload(said).error() == Some("insufficient_scope") => {
                Err(ProviderError::InsufficientScope)
            }
            // GitLab says so when it is the project that is not there; what is
            // missing in one is `404 Branch Not Found` or `404 Not found`.
            404 if payload(said).message() == Some("404 Project Not Found") => {
                Err(ProviderError::RepositoryNotFound)
            }
            // The body is a plain `Retry later`. Without a wait, the window's
            // end is the best that is known.
            429 => match (said.retry_after(), said.instant("ratelimit-reset")) {
                (None, Some(retry_at)) => Err(ProviderError::RateLimited { retry_at }),
                _ => Err(said.rate_limited()),
            },
            _ => said.judge(),
        }
    }

    /// <https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/>.
    /// Limits of single endpoints are not told, and self-managed instances
    /// mostly have none.
    fn budget(&self, said: &Said<'_>) -> Option<Budget> {
        let remaining = said.number("ratelimit-remaining")?;
        Some(Budget {
            limit: said.number("ratelimit-limit"),
            remaining: Some(remaining),
            resets_at: said.instant("ratelimit-reset"),
            paused_until: None,
        })
    }
}

/// What the host says of its refusal, where it can be read.
fn payload<'a>(said: &Said<'a>) -> ErrorPayload<'a> {
    serde_json::from_slice(said.body).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_personal_token_has_a_header_of_its_own() {
        let dressed = |kind| {
            let mut headers = HeaderMap::new();
            let token = HostToken { text: "t0ken".to_owned().into(), kind, generation: 1 };
            GitLabDialect.dress(&token, &mut headers).unwrap();
            headers
        };
        let oauth = dressed(HostTokenKind::OAuth);
        assert_eq!(oauth.get(AUTHORIZATION).unwrap(), "Bearer t0ken");
        assert!(!oauth.contains_key(PRIVATE_TOKEN));
        let personal = dressed(HostTokenKind::Personal);
        assert_eq!(personal.get(PRIVATE_TOKEN).unwrap(), "t0ken");
        assert!(!personal.contains_key(AUTHORIZATION));
        assert!(personal.get(PRIVATE_TOKEN).unwrap().is_sensitive());
    }

    #[test]
    fn a_token_that_cannot_stand_in_a_header_is_refused() {
        let token = HostToken {
            text: "two\nlines".to_owned().into(),
            kind: HostTokenKind::OAuth,
            generation: 1,
        };
        let refused = GitLabDialect.dress(&token, &mut HeaderMap::new());
        assert!(matches!(refused, Err(ProviderError::CredentialsRefused)));
    }
}
