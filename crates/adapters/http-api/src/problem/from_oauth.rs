//! Errors around apps and tokens, for callers that speak JSON.

use lodge_gateway::{
    developer::{AppProblem, ConnectSessionError},
    oauth::{OAuthError, OAuthErrorCode},
};

use super::{Code, Problem};

impl Problem {
    /// The token endpoint, or a neighbour, refused.
    pub fn oauth(error: &OAuthError) -> Self {
        match error {
            OAuthError::Storage(error) => Self::storage(error),
            OAuthError::Refused { code, description } => match code {
                OAuthErrorCode::InvalidClient => {
                    Self::new(Code::InvalidCredentials, description.as_str())
                }
                OAuthErrorCode::InvalidGrant => {
                    Self::invalid(description.as_str()).with_action("start_consent")
                }
                OAuthErrorCode::InvalidScope => {
                    Self::new(Code::InsufficientScope, description.as_str())
                }
                OAuthErrorCode::InvalidRequest
                | OAuthErrorCode::UnauthorizedClient
                | OAuthErrorCode::UnsupportedGrantType
                | OAuthErrorCode::UnsupportedResponseType
                | OAuthErrorCode::AccessDenied => Self::invalid(description.as_str()),
            },
        }
    }

    /// An app cannot be made, found or changed.
    pub fn app(error: &AppProblem) -> Self {
        match error {
            AppProblem::Invalid(rule) => Self::invalid(rule.to_string()),
            AppProblem::Overlap => Self::invalid(error.to_string()),
            AppProblem::Denied(denied) => Self::denied(denied),
            AppProblem::NotFound => Self::new(Code::ResourceNotFound, error.to_string()),
            AppProblem::Storage(error) => Self::storage(error),
        }
    }

    /// A customer cannot be invited.
    pub fn connect_session(error: &ConnectSessionError) -> Self {
        match error {
            ConnectSessionError::App(error) => Self::app(error),
            ConnectSessionError::Client(error) => Self::oauth(error),
            ConnectSessionError::Invalid { problem } => Self::invalid(*problem),
            ConnectSessionError::Storage(error) => Self::storage(error),
        }
    }
}
