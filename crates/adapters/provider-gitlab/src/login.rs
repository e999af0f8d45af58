//! Connecting an account at GitLab.
//!
//! <https://docs.gitlab.com/api/oauth2/>: PKCE with S256; an access token lives
//! two hours; a refresh ends both tokens and wants the `redirect_uri` again.

use async_trait::async_trait;
use lodge_access::{Permission, PermissionSet};
use lodge_kernel::SecretString;
use lodge_provider::{
    CodeExchange, HostAccount, HostCredentials, HostLogin, HostToken, LoginError, LoginRequest,
    ProviderError,
};
use lodge_provider_kit::{
    Base, ClientAuthentication, Kit, OAuthClient, OAuthEndpoints, Registration,
};

use crate::{api::Api, profile};

pub(crate) struct GitLabLogin {
    pub(crate) api: Api,
    pub(crate) oauth: OAuthClient,
}

/// This installation as a client of the GitLab at `address`.
pub(crate) fn client(address: &Base, kit: &Kit, registration: &Registration) -> OAuthClient {
    let at = |last| address.below(["oauth", last]).url().clone();
    let endpoints = OAuthEndpoints {
        authorize: at("authorize"),
        token: at("token"),
        revoke: Some(at("revoke")),
    };
    kit.oauth(endpoints, registration, ClientAuthentication::Body)
}

/// The smallest scope: <https://docs.gitlab.com/integration/oauth_provider/>.
/// To make a webhook, GitLab knows none but that for everything.
fn scope(permissions: PermissionSet) -> &'static str {
    if permissions.contains(Permission::SubscribeEvents) {
        "api"
    } else if permissions.iter().all(Permission::is_of_account) {
        "read_user"
    } else {
        "read_api"
    }
}

#[async_trait]
impl HostLogin for GitLabLogin {
    fn pkce(&self) -> bool {
        true
    }

    fn authorize_url(&self, request: &LoginRequest) -> String {
        self.oauth.authorize_url(request, &[("scope", scope(request.permissions))])
    }

    async fn exchange(&self, exchange: CodeExchange) -> Result<HostCredentials, LoginError> {
        self.oauth.exchange(&exchange).await
    }

    async fn refresh(
        &self,
        refresh: &SecretString,
        redirect_uri: &str,
    ) -> Result<HostCredentials, LoginError> {
        self.oauth.refresh(refresh, &[("redirect_uri", redirect_uri)]).await
    }

    async fn revoke(&self, token: &HostToken) -> Result<(), LoginError> {
        self.oauth.revoke(&token.text).await
    }

    async fn identify(&self, token: &HostToken) -> Result<HostAccount, ProviderError> {
        profile::identify(&self.api, token).await
    }
}
