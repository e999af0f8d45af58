//! Why an app cannot subscribe.

use lodge_services::CallbackError;
use lodge_storage::StorageError;

use crate::read::ReadError;

/// An app cannot subscribe, or its subscription cannot be changed.
#[derive(Debug, thiserror::Error)]
pub enum SubscribeError {
    /// The token may not, or the host did not answer.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The wish itself makes no sense.
    #[error("{problem}")]
    Invalid {
        /// What to correct.
        problem: String,
    },
    /// The app did not prove that it wants to be called.
    #[error("the callback did not pass the challenge: {problem}")]
    Challenge {
        /// What it did in its place.
        problem: String,
    },
    /// There is no such subscription or delivery of this app.
    #[error("the {what} is not there")]
    NotFound {
        /// What was asked for.
        what: &'static str,
    },
    /// The database did not answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<CallbackError> for SubscribeError {
    fn from(error: CallbackError) -> Self {
        match error {
            CallbackError::Forbidden { .. } | CallbackError::Secret => {
                Self::Invalid { problem: error.to_string() }
            }
            other => Self::Challenge { problem: other.to_string() },
        }
    }
}
