//! Errors around people and their sessions.

use lodge_gateway::people::{Denied, SessionError};

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
}
