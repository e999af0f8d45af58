//! Administrators who were refused.

use actix_web::http::StatusCode;
use lodge_gateway::administration::{AdminKeyError, FirewallProblem, GrantError, PlatformError};
use lodge_kernel::Timestamp;

use super::{Code, Problem};

impl Problem {
    /// An admin key was not taken.
    pub fn admin_key(error: &AdminKeyError) -> Self {
        let message = error.to_string();
        match error {
            AdminKeyError::Unknown => Self::new(Code::InvalidCredentials, message),
            AdminKeyError::Ended => {
                Self::new(Code::AuthExpired, message).with_action("contact_admin")
            }
            AdminKeyError::Scope { .. } => {
                Self::new(Code::InsufficientScope, message).with_action("contact_admin")
            }
            AdminKeyError::Storage(error) => Self::storage(error),
        }
    }

    /// An organisation or an app cannot be made.
    pub fn platform(error: &PlatformError) -> Self {
        let message = error.to_string();
        match error {
            PlatformError::Invalid { .. } => Self::invalid(message),
            PlatformError::NotFound { .. } => Self::new(Code::ResourceNotFound, message),
            PlatformError::App(error) => Self::app(error),
            PlatformError::Storage(error) => Self::storage(error),
        }
    }

    /// A grant cannot be made or taken back.
    pub fn grant(error: &GrantError, now: Timestamp) -> Self {
        let message = error.to_string();
        match error {
            GrantError::Invalid { .. } => Self::invalid(message),
            GrantError::NotFound { .. } => Self::new(Code::ResourceNotFound, message),
            GrantError::Host(error) => Self::provider(error, now),
            GrantError::Storage(error) => Self::storage(error),
        }
    }

    /// The firewall's settings cannot be changed.
    pub fn firewall(error: &FirewallProblem) -> Self {
        let message = error.to_string();
        match error {
            FirewallProblem::Invalid { .. } | FirewallProblem::Rules(_) => Self::invalid(message),
            FirewallProblem::Changed { .. } => {
                Self::invalid(message).with_status(StatusCode::PRECONDITION_FAILED)
            }
            FirewallProblem::Storage(error) => Self::storage(error),
        }
    }
}
