//! Errors, sorted by what the caller does next.

use lodge_forge::Resource;
use lodge_kernel::Timestamp;

/// Whatever lies beneath.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A host did not answer what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProviderError {
    /// The host has nothing like it. Do not ask again.
    #[error("this host has no {resource}")]
    Unsupported {
        /// What was asked for.
        resource: Resource,
    },
    /// The repository is not there, or the account cannot see it. Ask the
    /// customer.
    #[error("the repository is not there")]
    RepositoryNotFound,
    /// The repository is there, this part of it is not. Correct the request.
    #[error("the {what} is not there")]
    NotFound {
        /// What was asked for: `branch`, `commit`, `path` …
        what: &'static str,
    },
    /// The request itself makes no sense to the host. Correct it.
    #[error("{problem}")]
    Invalid {
        /// What is wrong, in plain words.
        problem: String,
    },
    /// A position that this adapter did not write. Begin from the first page.
    #[error("the position is not one of this listing")]
    Position,
    /// The app's installation, workspace or organisation is gone at the host.
    /// The customer must install again.
    #[error("the installation at the host is gone")]
    InstallationNotFound,
    /// The host forbids it: single sign-on, an address list, a disabled
    /// repository. Ask the host's administrator.
    #[error("the host forbids it")]
    Forbidden,
    /// The account was connected without a permission that this needs. The
    /// customer must connect again.
    #[error("the connected account lacks a permission")]
    InsufficientScope,
    /// Our credentials are no longer good. The customer must connect again.
    #[error("the host refused our credentials")]
    CredentialsRefused,
    /// We asked too often. Ask again at `retry_at`.
    #[error("rate limited until {retry_at}")]
    RateLimited {
        /// When the host listens again.
        retry_at: Timestamp,
    },
    /// No answer in time. Try later.
    #[error("the host did not answer in time")]
    TimedOut,
    /// No answer, or one that blames the host. Try later.
    #[error("the host cannot be reached")]
    Unreachable {
        /// When the host said it is back.
        retry_at: Option<Timestamp>,
        /// What happened.
        #[source]
        source: BoxError,
    },
    /// An answer, or a repository, that cannot be read: broken there, or a
    /// bug here.
    #[error("the host's {resource} cannot be read")]
    Malformed {
        /// What was read.
        resource: Resource,
        /// What is wrong with it.
        #[source]
        source: BoxError,
    },
    /// What the host answered, with what it says of the answer: for its
    /// support, and for ours.
    #[error("{cause}")]
    Answered {
        /// The HTTP status.
        status: u16,
        /// The host's id of the request.
        request_id: Option<String>,
        /// What the answer means.
        #[source]
        cause: Box<ProviderError>,
    },
}

impl ProviderError {
    /// What went wrong, without what the host says of its answer.
    pub fn cause(&self) -> &Self {
        match self {
            Self::Answered { cause, .. } => cause.cause(),
            plain => plain,
        }
    }
}
