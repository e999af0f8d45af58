//! Errors of the token endpoint and its neighbours, in the words of RFC 6749.

use lodge_storage::StorageError;

/// The `error` of RFC 6749, 5.2 and 4.1.2.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OAuthErrorCode {
    /// A parameter is missing, repeated or makes no sense.
    InvalidRequest,
    /// The app is unknown, or its secret is wrong.
    InvalidClient,
    /// The code or refresh token cannot be exchanged.
    InvalidGrant,
    /// The app may not do this.
    UnauthorizedClient,
    /// No such grant.
    UnsupportedGrantType,
    /// Not a response type that this server has.
    UnsupportedResponseType,
    /// A scope is unknown, or more than was approved.
    InvalidScope,
    /// The customer said no.
    AccessDenied,
}

impl OAuthErrorCode {
    /// The word of the RFC.
    pub const fn name(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidScope => "invalid_scope",
            Self::AccessDenied => "access_denied",
        }
    }
}

/// An app's request was refused, or the database did not answer.
#[derive(Debug, thiserror::Error)]
pub enum OAuthError {
    /// Refused.
    #[error("{description}")]
    Refused {
        /// In the words of the RFC.
        code: OAuthErrorCode,
        /// What was wrong and what to do.
        description: String,
    },
    /// The database did not answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl OAuthError {
    pub(crate) fn refused(code: OAuthErrorCode, description: impl Into<String>) -> Self {
        Self::Refused { code, description: description.into() }
    }

    /// Unknown app and wrong secret are the same to a stranger.
    pub(crate) fn client() -> Self {
        Self::refused(
            OAuthErrorCode::InvalidClient,
            "the client id is unknown or the client secret is wrong",
        )
    }

    /// The reason goes to the log, not to the caller.
    pub(crate) fn grant(what: &str) -> Self {
        Self::refused(
            OAuthErrorCode::InvalidGrant,
            format!(
                "the {what} is unknown, expired, used before, or was issued for another request"
            ),
        )
    }
}
