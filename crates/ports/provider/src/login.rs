//! Connecting an account by a login at its host: OAuth 2 with the host as the
//! authorization server and us as the client (RFC 6749, RFC 7636).

use async_trait::async_trait;
use lodge_access::PermissionSet;
use lodge_kernel::{SecretString, Timestamp};

use crate::{HostToken, ProviderError};

/// What the host's login page is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginRequest {
    /// Where the host sends the browser back to.
    pub redirect_uri: String,
    /// What the browser must bring back unchanged.
    pub state: String,
    /// The PKCE challenge (S256). `None` for a host without PKCE.
    pub challenge: Option<String>,
    /// What will be read. The adapter asks for the smallest scopes that do,
    /// and for a scope that writes only with
    /// [`SubscribeEvents`](lodge_access::Permission::SubscribeEvents).
    pub permissions: PermissionSet,
}

/// A code that the host's login page sent back.
#[derive(Clone, Debug)]
pub struct CodeExchange {
    /// The code.
    pub code: SecretString,
    /// The same as in the request.
    pub redirect_uri: String,
    /// The PKCE verifier. `None` for a host without PKCE.
    pub verifier: Option<SecretString>,
}

/// What a host gives for a code or a refresh token.
#[derive(Clone, Debug)]
pub struct HostCredentials {
    /// The access token.
    pub access: SecretString,
    /// When it ends; `None` when the host does not say, or never.
    pub expires_at: Option<Timestamp>,
    /// What gets the next one. `None` when the host gives none: then the one
    /// before, if any, stays good.
    pub refresh: Option<SecretString>,
    /// When the refresh token ends, if the host says.
    pub refresh_expires_at: Option<Timestamp>,
    /// The scopes that the host granted, in its own words.
    pub scopes: Vec<String>,
}

/// Whose account was connected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostAccount {
    /// The account's id at its host: stays the same when it is renamed.
    pub id: String,
    /// The name that its owner knows it by.
    pub login: String,
}

/// A login or a refresh did not succeed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoginError {
    /// The code or the refresh token is not good, or no longer
    /// (`invalid_grant`). The customer must connect again.
    #[error("the host no longer takes this code or refresh token")]
    Ended,
    /// The host does not know this installation, or not these scopes
    /// (`invalid_client`, `invalid_scope` …). The operator must correct it.
    #[error("the host refuses this installation: {problem}")]
    Misconfigured {
        /// The host's error code, and nothing secret.
        problem: String,
    },
    /// The host did not answer well. Nothing is known of the code or token.
    #[error(transparent)]
    Host(#[from] ProviderError),
}

/// A host that accounts are connected at by a login.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait HostLogin: Send + Sync {
    /// The host understands PKCE with S256.
    fn pkce(&self) -> bool;

    /// The address of the host's login page.
    fn authorize_url(&self, request: &LoginRequest) -> String;

    /// Exchanges a code.
    async fn exchange(&self, exchange: CodeExchange) -> Result<HostCredentials, LoginError>;

    /// Gets the next credentials. MUST be called by one caller at a time for
    /// one account.
    async fn refresh(
        &self,
        refresh: &SecretString,
        redirect_uri: &str,
    ) -> Result<HostCredentials, LoginError>;

    /// Tells the host that the token is no longer used. Does nothing where the
    /// host has no way to be told.
    async fn revoke(&self, token: &HostToken) -> Result<(), LoginError>;

    /// Whose token it is.
    async fn identify(&self, token: &HostToken) -> Result<HostAccount, ProviderError>;
}
