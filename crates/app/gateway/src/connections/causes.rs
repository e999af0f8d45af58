//! Errors for several callers, and for the log.

use std::error::Error;

use lodge_provider::ProviderError;

/// An error that several callers share, for one of them.
pub(super) fn same(shared: &ProviderError) -> ProviderError {
    match shared.cause() {
        ProviderError::CredentialsRefused => ProviderError::CredentialsRefused,
        ProviderError::RateLimited { retry_at } => {
            ProviderError::RateLimited { retry_at: *retry_at }
        }
        ProviderError::TimedOut => ProviderError::TimedOut,
        other => {
            let retry_at = match other {
                ProviderError::Unreachable { retry_at, .. } => *retry_at,
                _ => None,
            };
            ProviderError::Unreachable { retry_at, source: plain(other).into() }
        }
    }
}

/// An error with its causes, on one line.
pub(super) fn plain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(it) = cause {
        text.push_str(": ");
        text.push_str(&it.to_string());
        cause = it.source();
    }
    text
}
