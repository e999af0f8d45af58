//! Logging in through Microsoft Entra. Azure DevOps' own OAuth takes no new
//! applications: <https://learn.microsoft.com/azure/devops/integrate/get-started/authentication/entra-oauth>.

use std::sync::Arc;

use async_trait::async_trait;
use lodge_access::{Permission, PermissionSet};
use lodge_kernel::SecretString;
use lodge_provider::{
    CodeExchange, HostAccount, HostCredentials, HostLogin, HostToken, LoginError, LoginRequest,
    ProviderError,
};
use lodge_provider_kit::OAuthClient;

use crate::azure::Azure;

/// Azure DevOps, as Entra knows it: every scope begins with it. A bare
/// `vso.code` would be a scope of nobody.
const RESOURCE: &str = "499b84ac-1321-427f-aa17-267ca6975798";

/// Logging in through Microsoft Entra.
pub(crate) struct AzureLogin {
    pub(crate) azure: Arc<Azure>,
    pub(crate) oauth: OAuthClient,
}

/// The smallest scopes that do. There is none that writes among them: webhooks
/// are made under the scope that reads what they tell.
fn scopes(permissions: PermissionSet) -> String {
    use Permission as P;
    let any = |wanted: &[P]| wanted.iter().any(|it| permissions.contains(*it));
    let code = [
        P::ReadRepositories,
        P::ReadBranches,
        P::ReadCommits,
        P::ReadPullRequests,
        P::ReadDiffs,
        P::ReadAuthors,
        P::ReadTags,
        P::ReadChecks,
        P::ReadDeployments,
        P::ReadFileTree,
        P::SubscribeEvents,
    ];
    let build = [P::ReadChecks, P::ReadDeployments, P::SubscribeEvents];
    let named = [
        // Who it is, and which organisations there are.
        ("vso.profile", true),
        ("vso.code", any(&code)),
        ("vso.build", any(&build)),
        ("vso.release", any(&[P::ReadDeployments])),
    ];
    let mut scopes = named
        .into_iter()
        .filter(|(_, wanted)| *wanted)
        .map(|(scope, _)| format!("{RESOURCE}/{scope}"))
        .collect::<Vec<_>>();
    // A refresh token.
    scopes.push("offline_access".to_owned());
    scopes.join(" ")
}

#[async_trait]
impl HostLogin for AzureLogin {
    fn pkce(&self) -> bool {
        true
    }

    fn authorize_url(&self, request: &LoginRequest) -> String {
        let scope = scopes(request.permissions);
        self.oauth.authorize_url(request, &[("scope", &scope), ("response_mode", "query")])
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
        self.oauth.revoke(&token.text).await
    }

    async fn identify(&self, token: &HostToken) -> Result<HostAccount, ProviderError> {
        self.azure.identify(token).await
    }
}
