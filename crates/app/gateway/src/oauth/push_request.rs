//! Authorization requests that an app's server sends ahead (RFC 9126).

use lodge_access::{PushedRequest, Secret, SecretKind, connect::PUSHED_REQUEST_LIFETIME};

use crate::{
    Gateway,
    oauth::{AuthorizeRequest, ClientCredentials, OAuthError, OAuthErrorCode, check::registered},
};

/// What a `request_uri` starts with (RFC 9126, 2.2).
pub const REQUEST_URI_PREFIX: &str = "urn:ietf:params:oauth:request_uri:";

impl Gateway {
    /// Keeps `parameters` (form-encoded), which `request` was read from, of the
    /// app with `credentials`, and answers the `request_uri` that stands for
    /// them, once, for 90 seconds.
    ///
    /// # Errors
    ///
    /// `invalid_client` for wrong credentials, `invalid_request` for more
    /// than 8 KiB of parameters, and everything for which the browser would be
    /// sent away (RFC 9126, 2.1). It is checked again when the browser comes:
    /// the app may have changed.
    pub async fn push_request(
        &self,
        credentials: &ClientCredentials,
        request: &AuthorizeRequest,
        parameters: String,
    ) -> Result<String, OAuthError> {
        if parameters.len() > 8_192 {
            let description = "an authorization request has at most 8 KiB";
            return Err(OAuthError::refused(OAuthErrorCode::InvalidRequest, description));
        }
        let app = self.authenticate_client(&mut *self.storage.read().await?, credentials).await?;
        registered(&app, request)
            .map_err(|problem| OAuthError::refused(OAuthErrorCode::InvalidRequest, problem))?;
        self.check_request(&app, request)
            .map_err(|it| OAuthError::refused(it.code, it.description))?;
        let mut work = self.storage.begin().await?;
        let secret = Secret::fresh(SecretKind::PushedRequest, &*self.entropy);
        let request = PushedRequest {
            digest: self.digest(secret.expose()),
            client: app.id,
            parameters,
            expires_at: self.now().plus(PUSHED_REQUEST_LIFETIME),
            used_at: None,
        };
        work.pushed_requests().add(&request).await?;
        work.commit().await?;
        Ok(format!("{REQUEST_URI_PREFIX}{}", secret.expose()))
    }

    /// The parameters behind a `request_uri`, once, and only for its own app.
    ///
    /// # Errors
    ///
    /// `invalid_request` when there are none.
    pub async fn take_pushed_request(
        &self,
        client_id: &str,
        request_uri: &str,
    ) -> Result<String, OAuthError> {
        let refused = || {
            let description = "the request_uri is unknown, expired or was used before";
            OAuthError::refused(OAuthErrorCode::InvalidRequest, description)
        };
        let text = request_uri.strip_prefix(REQUEST_URI_PREFIX).ok_or_else(refused)?;
        let secret = Secret::parse(SecretKind::PushedRequest, text).ok_or_else(refused)?;
        let mut work = self.storage.begin().await?;
        let digest = self.digest(secret.expose());
        let request = work.pushed_requests().take(digest, self.now()).await?.ok_or_else(refused)?;
        work.commit().await?;
        if request.client.to_string() == client_id {
            Ok(request.parameters)
        } else {
            Err(refused())
        }
    }
}
