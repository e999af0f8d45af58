//! An app takes a token back (RFC 7009).

use lodge_access::{Action, Actor, Secret, SecretKind};

use crate::{
    Gateway,
    audit::Happened,
    oauth::{ClientCredentials, OAuthError, OAuthErrorCode},
};

impl Gateway {
    /// Takes `token` back, and with it everything of its family. A token that
    /// is unknown, or another app's, is no error (RFC 7009, 2.2).
    ///
    /// # Errors
    ///
    /// `invalid_client` for wrong credentials.
    pub async fn revoke_token(
        &self,
        credentials: &ClientCredentials,
        token: &str,
    ) -> Result<(), OAuthError> {
        let app = self.authenticate_client(&mut *self.storage.read().await?, credentials).await?;
        if token.is_empty() {
            return Err(missing_token());
        }
        let Some(secret) = access_or_refresh(token) else { return Ok(()) };
        let mut work = self.storage.begin().await?;
        let digest = self.digest(secret.expose());
        let found = work.tokens().find_by_digest(digest).await?;
        if let Some(found) = found.filter(|it| it.client == app.id) {
            work.tokens().revoke_family(found.family, self.now()).await?;
            work.touch_access().await?;
            let revoked = Happened::new(app.tenant, Actor::Client(app.id), Action::TokenRevoked);
            self.audit(&mut *work, revoked.to(found.id)).await?;
            work.commit().await?;
            self.grants.forget();
        }
        Ok(())
    }
}

/// `token` is required (RFC 7009, 2.1 and RFC 7662, 2.1).
pub(crate) fn missing_token() -> OAuthError {
    OAuthError::refused(OAuthErrorCode::InvalidRequest, "`token` is missing")
}

/// `token_type_hint` is not needed: the prefix tells.
pub(crate) fn access_or_refresh(token: &str) -> Option<Secret> {
    let access = Secret::parse(SecretKind::AccessToken, token);
    access.or_else(|| Secret::parse(SecretKind::RefreshToken, token))
}
