//! Authorization codes (RFC 6749, 4.1) with PKCE (RFC 7636).

use std::time::Duration;

use lodge_kernel::{AuthorizationId, ClientId, Digest, FamilyId, Timestamp};

use crate::PermissionSet;

/// How long a code can be exchanged.
pub const LIFETIME: Duration = Duration::from_mins(1);

/// A code cannot be exchanged. Clients learn only that it cannot; the reason
/// is for the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RedeemCodeError {
    /// It was exchanged before: what was issued from it must be revoked.
    #[error("the code was used before")]
    Replayed,
    /// It is older than [`LIFETIME`].
    #[error("the code has expired")]
    Expired,
    /// It was issued to another app.
    #[error("the code belongs to another client")]
    OtherClient,
    /// The exchange names another redirect URI than the authorization.
    #[error("the redirect URI is not the one of the authorization request")]
    OtherRedirectUri,
    /// The verifier is missing or wrong, or given where no challenge was.
    #[error("the PKCE verifier does not fit the challenge")]
    Verifier,
}

/// One authorization code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// SHA-256 of the code.
    pub digest: Digest,
    /// The app it was issued to.
    pub client: ClientId,
    /// The approval it stands for.
    pub authorization: AuthorizationId,
    /// The redirect URI of the authorization request.
    pub redirect_uri: String,
    /// The S256 challenge: SHA-256 of the verifier.
    pub challenge: Option<Digest>,
    /// What the customer approved.
    pub permissions: PermissionSet,
    /// All tokens that will go back to this code.
    pub family: FamilyId,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When it was exchanged.
    pub used_at: Option<Timestamp>,
}

impl Code {
    /// Checks an exchange at `now`. `verifier` is SHA-256 of the verifier.
    ///
    /// # Errors
    ///
    /// The first reason against it. A replay comes before everything that the
    /// caller could not know, so that a stolen code always ends the family.
    pub fn check(
        &self,
        client: ClientId,
        redirect_uri: Option<&str>,
        verifier: Option<Digest>,
        now: Timestamp,
    ) -> Result<(), RedeemCodeError> {
        if self.client != client {
            return Err(RedeemCodeError::OtherClient);
        }
        if self.used_at.is_some() {
            return Err(RedeemCodeError::Replayed);
        }
        if now.since(self.issued_at) > LIFETIME {
            return Err(RedeemCodeError::Expired);
        }
        if redirect_uri != Some(self.redirect_uri.as_str()) {
            return Err(RedeemCodeError::OtherRedirectUri);
        }
        // A verifier without a challenge is refused too: RFC 9700, 2.1.1.
        if self.challenge != verifier {
            return Err(RedeemCodeError::Verifier);
        }
        Ok(())
    }
}
