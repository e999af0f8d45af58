//! From the text of a session to the developer.

use lodge_access::{Secret, SecretKind, User};
use lodge_storage::StorageError;

use crate::Gateway;

/// A developer cannot be recognised.
#[derive(Debug, thiserror::Error)]
pub enum DeveloperError {
    /// Not a session of ours.
    #[error("the session token is not one of this gateway")]
    Unknown,
    /// The session has ended.
    #[error("the session has ended: log in again")]
    Ended,
    /// The database did not answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Gateway {
    /// The developer whose session `text` is.
    ///
    /// # Errors
    ///
    /// [`DeveloperError`].
    pub async fn authenticate_developer(&self, text: &str) -> Result<User, DeveloperError> {
        let secret = Secret::parse(SecretKind::UserSession, text).ok_or(DeveloperError::Unknown)?;
        let mut work = self.storage.read().await?;
        let session = work.sessions().find_by_digest(self.digest(secret.expose())).await?;
        let session = session.ok_or(DeveloperError::Unknown)?;
        if !session.is_live(self.now()) {
            return Err(DeveloperError::Ended);
        }
        work.users().find(session.user).await?.ok_or(DeveloperError::Unknown)
    }
}
