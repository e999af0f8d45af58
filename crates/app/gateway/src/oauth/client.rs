//! Authenticating an app by its secret.

use lodge_access::{App, Secret, SecretKind};
use lodge_kernel::ClientId;
use lodge_storage::UnitOfWork;

use crate::{Gateway, oauth::OAuthError};

/// What an app says it is, from the body or from HTTP Basic.
#[derive(Clone)]
pub struct ClientCredentials {
    /// The `client_id`.
    pub id: String,
    /// The `client_secret`.
    pub secret: String,
}

impl Gateway {
    /// The app with these credentials.
    pub(crate) async fn authenticate_client(
        &self,
        work: &mut dyn UnitOfWork,
        credentials: &ClientCredentials,
    ) -> Result<App, OAuthError> {
        let id: ClientId = credentials.id.parse().map_err(|_not_an_id| OAuthError::client())?;
        let secret = Secret::parse(SecretKind::ClientSecret, &credentials.secret);
        let secret = secret.ok_or_else(OAuthError::client)?;
        let app = work.apps().find(id).await?.filter(App::is_active);
        // The digest is of 178 random bits: comparing it tells nothing of them.
        let digest = self.digest(secret.expose());
        app.filter(|it| it.has_secret(digest, self.now())).ok_or_else(OAuthError::client)
    }
}
