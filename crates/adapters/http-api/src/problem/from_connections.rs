//! Errors around accounts at hosts.

use lodge_forge::ProviderName;
use lodge_gateway::{
    connections::{
        ConnectError, FinishLoginError, KeepError, LoginRefused, ManageError, StartLoginError,
    },
    oauth::ConsentPageError,
};
use lodge_kernel::Timestamp;

use super::{Code, Problem};

impl Problem {
    /// A login cannot begin.
    pub fn start_login(error: &StartLoginError) -> Self {
        let message = error.to_string();
        match error {
            StartLoginError::UnknownProvider { .. } | StartLoginError::NoLogin { .. } => {
                Self::new(Code::UnsupportedProvider, message)
            }
            StartLoginError::Page(ConsentPageError::Unknown) => {
                Self::new(Code::ResourceNotFound, message).with_action("start_consent")
            }
            StartLoginError::Page(ConsentPageError::Ended | ConsentPageError::Answered { .. }) => {
                Self::invalid(message).with_action("start_consent")
            }
            StartLoginError::Page(ConsentPageError::Storage(error))
            | StartLoginError::Storage(error) => Self::storage(error),
        }
    }

    /// A host's answer belongs to no login of this browser.
    pub fn finish_login(error: &FinishLoginError) -> Self {
        match error {
            FinishLoginError::Unknown
            | FinishLoginError::OtherBrowser { .. }
            | FinishLoginError::Ended => {
                Self::invalid(error.to_string()).with_action("connect_provider_account")
            }
            FinishLoginError::Storage(error) => Self::storage(error),
        }
    }

    /// A login led to no account.
    pub fn login_refused(provider: &ProviderName, refused: &LoginRefused, now: Timestamp) -> Self {
        let message = refused.to_string();
        let problem = match refused {
            LoginRefused::Denied { .. } | LoginRefused::Code => Self {
                from_provider: true,
                ..Self::new(Code::AccessBlockedByPolicy, message)
                    .with_action("connect_provider_account")
            },
            LoginRefused::Misconfigured => {
                Self { from_provider: true, ..Self::new(Code::AccessBlockedByPolicy, message) }
            }
            LoginRefused::Disabled => Self::new(Code::AccessBlockedByPolicy, message),
            LoginRefused::Host(error) => Self::provider(error, now),
        };
        Self { provider: Some(provider.to_string()), ..problem }
    }

    /// An account cannot be connected by a token.
    pub fn connect_with_token(error: &ConnectError, now: Timestamp) -> Self {
        let message = error.to_string();
        match error {
            ConnectError::UnknownProvider { .. } => Self::new(Code::UnsupportedProvider, message),
            ConnectError::Invalid { .. } => Self::invalid(message),
            ConnectError::NotFound { .. } => Self::new(Code::ResourceNotFound, message),
            ConnectError::Host { provider, source } => Self {
                provider: Some(provider.to_string()),
                ..match source.cause() {
                    lodge_provider::ProviderError::CredentialsRefused => Self {
                        from_provider: true,
                        ..Self::new(Code::InvalidCredentials, "the provider refuses the token")
                    },
                    _ => Self::provider(source, now),
                }
            },
            ConnectError::Keep(KeepError::Disabled) => {
                Self::new(Code::AccessBlockedByPolicy, message)
            }
            ConnectError::Keep(KeepError::Storage(error)) => Self::storage(error),
        }
    }

    /// A connection cannot be found or changed.
    pub fn manage_connection(error: &ManageError) -> Self {
        match error {
            ManageError::NotFound => Self::new(Code::ResourceNotFound, error.to_string()),
            ManageError::Disconnected => {
                Self::invalid(error.to_string()).with_action("connect_provider_account")
            }
            ManageError::Storage(error) => Self::storage(error),
        }
    }
}
