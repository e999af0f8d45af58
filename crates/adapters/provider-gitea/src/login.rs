//! Connecting an account by a login at the instance.
//!
//! Source: <https://docs.gitea.com/development/oauth2-provider>. PKCE with
//! S256; an access token lives an hour, a refresh token a month, and whether
//! the latter is replaced is the operator's choice.

use std::sync::Arc;

use async_trait::async_trait;
use lodge_access::{Permission, PermissionSet};
use lodge_kernel::SecretString;
use lodge_provider::{
    CodeExchange, HostAccount, HostCredentials, HostLogin, HostToken, LoginError, LoginRequest,
    ProviderError,
};
use lodge_provider_kit::{
    Base, BaseError, ClientAuthentication, Kit, OAuthClient, OAuthEndpoints, Registration,
};

use crate::{instance::Instance, profile};

/// The login of one instance.
pub(crate) struct GiteaLogin {
    instance: Arc<Instance>,
    oauth: OAuthClient,
}

impl GiteaLogin {
    pub(crate) fn open(
        instance: Arc<Instance>,
        address: &Base,
        registration: &Registration,
        kit: &Kit,
    ) -> Result<Self, BaseError> {
        let address = address.url().as_str().trim_end_matches('/');
        let at = |path| Base::parse(&format!("{address}/login/oauth/{path}"));
        let endpoints = OAuthEndpoints {
            authorize: at("authorize")?.url().clone(),
            token: at("access_token")?.url().clone(),
            // There is no way to give a token up.
            revoke: None,
        };
        let oauth = kit.oauth(endpoints, registration, ClientAuthentication::Body);
        Ok(Self { instance, oauth })
    }
}

/// The smallest scopes that do. Everything of a repository, pull requests
/// included, is one; the account itself is always read, to learn whose it is.
fn scopes(permissions: PermissionSet) -> &'static str {
    if permissions.contains(Permission::SubscribeEvents) {
        "read:user write:repository"
    } else if permissions.iter().any(|it| !it.is_of_account()) {
        "read:user read:repository"
    } else {
        "read:user"
    }
}

#[async_trait]
impl HostLogin for GiteaLogin {
    fn pkce(&self) -> bool {
        true
    }

    fn authorize_url(&self, request: &LoginRequest) -> String {
        self.oauth.authorize_url(request, &[("scope", scopes(request.permissions))])
    }

    async fn exchange(&self, exchange: CodeExchange) -> Result<HostCredentials, LoginError> {
        self.oauth.exchange(&exchange).await
    }

    async fn refresh(
        &self,
        refresh: &SecretString,
        _redirect_uri: &str,
    ) -> Result<HostCredentials, LoginError> {
        match self.oauth.refresh(refresh, &[]).await {
            // Gitea's word for a refresh token that is spent or too old.
            Err(LoginError::Misconfigured { problem }) if problem == "unauthorized_client" => {
                Err(LoginError::Ended)
            }
            answer => answer,
        }
    }

    async fn revoke(&self, token: &HostToken) -> Result<(), LoginError> {
        self.oauth.revoke(&token.text).await
    }

    async fn identify(&self, token: &HostToken) -> Result<HostAccount, ProviderError> {
        profile::of_token(&self.instance, token).await
    }
}
