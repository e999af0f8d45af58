//! What the databases say, sorted by what the caller does next.

use diesel::result::{DatabaseErrorKind as Kind, Error};
use lodge_storage::StorageError;

/// Explains an error that came up around an `entity`.
pub(crate) fn about(entity: &'static str) -> impl FnOnce(Error) -> StorageError {
    move |error| match &error {
        Error::DatabaseError(kind, told) => match kind {
            Kind::UniqueViolation => StorageError::Duplicate { entity },
            Kind::ForeignKeyViolation => StorageError::Orphan { entity },
            Kind::SerializationFailure => StorageError::Conflict(error.into()),
            Kind::UnableToSendCommand | Kind::ClosedConnection => {
                StorageError::Unavailable(error.into())
            }
            // Diesel has no kind for these, and hides the SQLSTATE.
            _ if told.message() == "deadlock detected" => StorageError::Conflict(error.into()),
            // A disk that is full, or broken: others may make room.
            _ if matches!(told.message(), "database or disk is full" | "disk I/O error") => {
                StorageError::Unavailable(error.into())
            }
            _ if told.message() == "database is locked"
                || told.message() == "canceling statement due to statement timeout" =>
            {
                StorageError::Unavailable(error.into())
            }
            _ => StorageError::Other(error.into()),
        },
        Error::DeserializationError(_) => StorageError::Corrupt { entity, source: error.into() },
        _ => StorageError::Other(error.into()),
    }
}

/// An `entity` was added, unless its place was taken: `INSERT … ON CONFLICT DO
/// NOTHING` has then changed no row. On PostgreSQL an error would end the unit
/// of work, and a duplicate should not.
pub(crate) const fn added(rows: usize, entity: &'static str) -> Result<(), StorageError> {
    if rows == 0 { Err(StorageError::Duplicate { entity }) } else { Ok(()) }
}

/// A known `entity` was changed, unless there is none.
pub(crate) const fn changed(rows: usize, entity: &'static str) -> Result<(), StorageError> {
    if rows == 0 { Err(StorageError::Orphan { entity }) } else { Ok(()) }
}
