//! Logging in at GitHub, as an OAuth app or a GitHub App.
//!
//! <https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps>,
//! <https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps>

use std::sync::Arc;

use async_trait::async_trait;
use lodge_access::{Permission, PermissionSet};
use lodge_forge::Resource;
use lodge_kernel::{ExposeSecret as _, SecretString};
use lodge_provider::{
    CodeExchange, HostAccount, HostCredentials, HostLogin, HostToken, LoginError, LoginRequest,
    ProviderError,
};
use lodge_provider_kit::OAuthClient;
use serde::Serialize;

use crate::{api::Api, payload::profile::ProfilePayload, profile};

/// GitHub's login.
pub(crate) struct Login {
    pub(crate) api: Arc<Api>,
    pub(crate) oauth: OAuthClient,
    pub(crate) client_id: String,
    /// What a GitHub App may read is set where it is registered and installed.
    pub(crate) is_app: bool,
}

#[derive(Serialize)]
struct GivenUp<'a> {
    access_token: &'a str,
}

/// The scopes that `permissions` need. `repo` also writes: GitHub has nothing
/// smaller that reads private repositories.
fn scopes(permissions: PermissionSet) -> String {
    let mut scopes = Vec::new();
    if permissions.contains(Permission::ReadProfile) {
        scopes.push("read:user");
    }
    let of_repositories = |it: &Permission| {
        !it.is_of_account() && *it != Permission::SubscribeEvents && permissions.contains(*it)
    };
    if Permission::ALL.iter().any(of_repositories) {
        scopes.push("repo");
    }
    if permissions.contains(Permission::SubscribeEvents) {
        scopes.push("admin:repo_hook");
    }
    scopes.join(" ")
}

#[async_trait]
impl HostLogin for Login {
    fn pkce(&self) -> bool {
        true
    }

    fn authorize_url(&self, request: &LoginRequest) -> String {
        if self.is_app {
            return self.oauth.authorize_url(request, &[]);
        }
        self.oauth.authorize_url(request, &[("scope", &scopes(request.permissions))])
    }

    async fn exchange(&self, exchange: CodeExchange) -> Result<HostCredentials, LoginError> {
        self.oauth.exchange(&exchange).await
    }

    async fn refresh(
        &self,
        refresh: &SecretString,
        _redirect_uri: &str,
    ) -> Result<HostCredentials, LoginError> {
        self.oauth.refresh(refresh, &[]).await
    }

    async fn revoke(&self, token: &HostToken) -> Result<(), LoginError> {
        let at = self.api.base.below(["applications", self.client_id.as_str(), "token"]);
        self.oauth.delete(at.url(), &GivenUp { access_token: token.text.expose_secret() }).await
    }

    async fn identify(&self, token: &HostToken) -> Result<HostAccount, ProviderError> {
        let answer = self.api.client.send_with(token, profile::call(&self.api)).await?;
        Ok(answer.json::<ProfilePayload<'_>>(Resource::Profile)?.into())
    }
}
