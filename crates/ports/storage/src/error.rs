//! Errors, sorted by what the caller does next.

/// Whatever lies beneath.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The database did not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StorageError {
    /// Something like it is already there. Tell the caller.
    #[error("such a {entity} exists already")]
    Duplicate {
        /// What was to be added.
        entity: &'static str,
    },
    /// What it belongs to is not there. Tell the caller.
    #[error("what the {entity} belongs to does not exist")]
    Orphan {
        /// What was to be added or changed.
        entity: &'static str,
    },
    /// Another unit of work was faster. Begin again.
    #[error("another change came in between")]
    Conflict(#[source] BoxError),
    /// No connection, or none free in time. Try later.
    #[error("the database cannot be reached")]
    Unavailable(#[source] BoxError),
    /// A row that the domain refuses. A bug, or a changed file.
    #[error("a stored {entity} cannot be read")]
    Corrupt {
        /// What was to be read.
        entity: &'static str,
        /// What is wrong with it.
        #[source]
        source: BoxError,
    },
    /// Anything else. A bug, here or there.
    #[error("the database refused")]
    Other(#[source] BoxError),
}
