//! Errors around people and their sessions.

use lodge_gateway::people::{
    AuthenticatorError, Denied, InviteError, JoinError, LogInError, MemberError, PasskeyError,
    PasswordChangeError, ProofError, SessionError, SignUpError,
};
use lodge_services::HashError;

use super::{Code, Problem};

impl Problem {
    /// Nobody was recognised.
    pub fn session(error: &SessionError) -> Self {
        match error {
            SessionError::Unknown => Self::new(Code::InvalidCredentials, error.to_string()),
            SessionError::Ended => {
                Self::new(Code::AuthExpired, error.to_string()).with_action("authenticate")
            }
            SessionError::NoOrganisation => {
                Self::new(Code::AccessBlockedByPolicy, error.to_string())
            }
            SessionError::Storage(error) => Self::storage(error),
        }
    }

    /// The role of a member is too small.
    pub fn denied(denied: &Denied) -> Self {
        Self::new(Code::AccessBlockedByPolicy, denied.to_string())
    }

    /// Nobody proved to be anybody.
    pub fn proof(error: &ProofError) -> Self {
        match error {
            ProofError::Wrong => Self::new(Code::InvalidCredentials, error.to_string()),
            ProofError::TooMany { wait } => Self {
                retry_after: Some(wait.as_secs()),
                ..Self::new(Code::RateLimited, error.to_string())
            },
            ProofError::Hash(HashError::Busy) => {
                Self { retry_after: Some(1), ..Self::new(Code::RateLimited, error.to_string()) }
            }
            ProofError::Hash(error) => Self::internal(error),
            ProofError::Storage(error) => Self::storage(error),
        }
    }

    /// Nobody was logged in.
    pub fn log_in(error: &LogInError) -> Self {
        match error {
            LogInError::Proof(error) => Self::proof(error),
            LogInError::CodeNeeded { .. } => {
                Self::new(Code::AuthRequired, error.to_string()).with_action("send_code")
            }
            LogInError::WrongCode | LogInError::WrongPasskey | LogInError::StepEnded => {
                Self::new(Code::InvalidCredentials, error.to_string())
            }
            LogInError::NoPasskeys(error) => Self::invalid(error.to_string()),
            LogInError::Storage(error) => Self::storage(error),
        }
    }

    /// No account was opened.
    pub fn sign_up(error: &SignUpError) -> Self {
        match error {
            SignUpError::Closed => Self::new(Code::AccessBlockedByPolicy, error.to_string()),
            SignUpError::Person(_) | SignUpError::Password(_) | SignUpError::Taken => {
                Self::invalid(error.to_string())
            }
            SignUpError::Proof(error) => Self::proof(error),
            SignUpError::Storage(error) => Self::storage(error),
        }
    }

    /// A password was not changed.
    pub fn password_change(error: &PasswordChangeError) -> Self {
        match error {
            PasswordChangeError::Link | PasswordChangeError::Password(_) => {
                Self::invalid(error.to_string())
            }
            PasswordChangeError::Wrong => Self::new(Code::InvalidCredentials, error.to_string()),
            PasswordChangeError::Proof(error) => Self::proof(error),
            PasswordChangeError::Storage(error) => Self::storage(error),
        }
    }

    /// A second proof was not set up.
    pub fn authenticator(error: &AuthenticatorError) -> Self {
        match error {
            AuthenticatorError::WrongCode => Self::new(Code::InvalidCredentials, error.to_string()),
            AuthenticatorError::None => Self::invalid(error.to_string()),
            AuthenticatorError::Proof(error) => Self::proof(error),
            AuthenticatorError::Storage(error) => Self::storage(error),
        }
    }

    /// A passkey was not added, or not changed.
    pub fn passkey(error: &PasskeyError) -> Self {
        match error {
            PasskeyError::NotFound => Self::new(Code::ResourceNotFound, error.to_string()),
            PasskeyError::Proof(error) => Self::proof(error),
            PasskeyError::Storage(error) => Self::storage(error),
            PasskeyError::Off(_)
            | PasskeyError::Name(_)
            | PasskeyError::NoPassword
            | PasskeyError::TooMany
            | PasskeyError::Known
            | PasskeyError::NotTaken
            | PasskeyError::Ended => Self::invalid(error.to_string()),
        }
    }

    /// A member was not changed.
    pub fn member(error: &MemberError) -> Self {
        match error {
            MemberError::Denied(denied) => Self::denied(denied),
            MemberError::NotFound => Self::new(Code::ResourceNotFound, error.to_string()),
            MemberError::LastOwner => Self::invalid(error.to_string()),
            MemberError::Storage(error) => Self::storage(error),
        }
    }

    /// Nobody was invited.
    pub fn invite(error: &InviteError) -> Self {
        match error {
            InviteError::Denied(denied) => Self::denied(denied),
            InviteError::Person(_) | InviteError::Member | InviteError::TooMany => {
                Self::invalid(error.to_string())
            }
            InviteError::NotFound => Self::new(Code::ResourceNotFound, error.to_string()),
            InviteError::Storage(error) => Self::storage(error),
        }
    }

    /// Nobody joined.
    pub fn join(error: &JoinError) -> Self {
        match error {
            JoinError::Link | JoinError::SomebodyElse { .. } => Self::invalid(error.to_string()),
            JoinError::SignUp(error) => Self::sign_up(error),
            JoinError::Storage(error) => Self::storage(error),
        }
    }
}
