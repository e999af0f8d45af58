//! Reads that were refused or not answered.

use lodge_access::{Permission, Refusal};
use lodge_gateway::{AuthenticateError, read::ReadError};
use lodge_kernel::Timestamp;
use lodge_pagination::CursorError;
use lodge_provider::ProviderError;

use super::{Code, Details, Problem, Upstream, chain};

impl Problem {
    /// A read was not answered. `now` is for delays.
    pub fn read(error: &ReadError, now: Timestamp) -> Self {
        let message = error.to_string();
        match error {
            ReadError::Refused(refusal) => Self::refusal(refusal),
            ReadError::UnknownProvider { .. } => Self::new(Code::UnsupportedProvider, message),
            ReadError::Name(_) | ReadError::Invalid { .. } => Self::invalid(message),
            ReadError::Limit(_) => Self::new(Code::InvalidLimit, message),
            ReadError::Cursor(CursorError::Invalid) => Self::new(Code::InvalidCursor, message),
            ReadError::Cursor(CursorError::Expired) => Self::new(Code::CursorExpired, message),
            ReadError::PaginationNotSupported => Self::new(Code::PaginationNotSupported, message),
            ReadError::Provider { provider, source } => {
                Self { provider: Some(provider.to_string()), ..Self::provider(source, now) }
            }
        }
    }

    /// A token may not.
    pub fn refusal(refusal: &Refusal) -> Self {
        let message = refusal.to_string();
        match refusal {
            Refusal::TokenExpired => Self::new(Code::AuthExpired, message),
            Refusal::TokenRevoked => {
                Self::new(Code::InvalidCredentials, message).with_action("start_consent")
            }
            Refusal::ApprovalRequired | Refusal::ApprovalExpired => {
                Self::new(Code::ApprovalRequired, message)
            }
            Refusal::ApprovalPending => Self::new(Code::ApprovalPending, message),
            Refusal::InsufficientScope { required, granted } => Self {
                details: Some(Box::new(Details {
                    required_scopes: vec![required.scope()],
                    granted_scopes: granted.iter().map(Permission::scope).collect(),
                })),
                ..Self::new(Code::InsufficientScope, message)
            },
            Refusal::NotConnected { provider } => Self {
                provider: Some(provider.to_string()),
                ..Self::new(Code::ProviderAccountNotConnected, message)
            },
            Refusal::RepositoryNotApproved => Self::new(Code::RepositoryNotApproved, message),
        }
    }

    /// A token was not taken.
    pub fn authenticate(error: &AuthenticateError) -> Self {
        match error {
            AuthenticateError::Unknown => Self::new(Code::InvalidCredentials, error.to_string()),
            AuthenticateError::Refused(refusal) => Self::refusal(refusal),
            AuthenticateError::Storage(error) => Self::storage(error),
        }
    }

    /// A host did not answer what was asked.
    pub(super) fn provider(error: &ProviderError, now: Timestamp) -> Self {
        let message = error.to_string();
        let at_host = |code| Self { from_provider: true, ..Self::new(code, message.clone()) };
        // Whole seconds, rounded up: a client that waits so long is not early.
        let wait = |until: Timestamp| {
            let rest = until.since(now);
            rest.as_secs() + u64::from(rest.subsec_nanos() > 0)
        };
        match error {
            ProviderError::Answered { status, request_id, cause } => Self {
                upstream: Some(Box::new(Upstream {
                    status: *status,
                    request_id: request_id.clone(),
                })),
                ..Self::provider(cause, now)
            },
            ProviderError::Unsupported { .. } => Self::new(Code::UnsupportedEndpoint, message),
            ProviderError::RepositoryNotFound => at_host(Code::RepositoryNotFound),
            ProviderError::NotFound { .. } => at_host(Code::ResourceNotFound),
            ProviderError::Invalid { .. } => at_host(Code::InvalidRequest),
            ProviderError::Position => Self::new(Code::InvalidCursor, message),
            ProviderError::InstallationNotFound => at_host(Code::InstallationNotFound),
            ProviderError::Forbidden => at_host(Code::AccessBlockedByPolicy),
            ProviderError::InsufficientScope => at_host(Code::InsufficientScope),
            ProviderError::CredentialsRefused => {
                at_host(Code::AuthExpired).with_action("reconnect_account")
            }
            ProviderError::RateLimited { retry_at } => {
                Self { retry_after: Some(wait(*retry_at)), ..at_host(Code::RateLimited) }
            }
            ProviderError::TimedOut => at_host(Code::UpstreamTimeout),
            ProviderError::Unreachable { retry_at, .. } => {
                tracing::warn!(error = chain(error), "host unreachable");
                Self { retry_after: retry_at.map(wait), ..at_host(Code::UpstreamUnavailable) }
            }
            ProviderError::Malformed { .. } => {
                tracing::warn!(error = chain(error), "host answer malformed");
                at_host(Code::UpstreamUnavailable)
            }
            // The port may learn further errors before this table does.
            other => Self::internal(other),
        }
    }
}
