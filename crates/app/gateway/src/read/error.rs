//! Why a read was not answered.

use lodge_access::Refusal;
use lodge_forge::{NameError, ProviderName};
use lodge_pagination::{CursorError, LimitError};
use lodge_provider::ProviderError;

/// Why a read was not answered.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The token may not.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// There is no such host, or it is not enabled.
    #[error("`{given}` is not an enabled provider")]
    UnknownProvider {
        /// What was given, cut at 64 characters.
        given: String,
    },
    /// A name that no repository can have.
    #[error(transparent)]
    Name(#[from] NameError),
    /// Not a page size.
    #[error(transparent)]
    Limit(#[from] LimitError),
    /// Not a cursor of this request.
    #[error(transparent)]
    Cursor(#[from] CursorError),
    /// A cursor where none can be.
    #[error("a cursor continues the repositories of one provider: say which with `provider`")]
    PaginationNotSupported,
    /// A parameter makes no sense.
    #[error("{problem}")]
    Invalid {
        /// What is wrong, in plain words.
        problem: String,
    },
    /// The host did not answer.
    #[error("{source}")]
    Provider {
        /// Which host.
        provider: ProviderName,
        /// Why.
        source: ProviderError,
    },
}

impl ReadError {
    pub(crate) fn invalid(problem: impl Into<String>) -> Self {
        Self::Invalid { problem: problem.into() }
    }
}
