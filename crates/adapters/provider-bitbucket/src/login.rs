//! Connecting an account by Bitbucket's OAuth server:
//! <https://developer.atlassian.com/cloud/bitbucket/oauth-2/>.
//!
//! The scopes are those that the operator ticked for the consumer (`account`,
//! `email`, `repository`, `pullrequest`, `pipeline`, and `webhook` for event
//! subscriptions): a login cannot ask for fewer. There is no PKCE, and nothing
//! that takes a token back.

use async_trait::async_trait;
use lodge_forge::Resource;
use lodge_kernel::SecretString;
use lodge_provider::{
    CodeExchange, HostAccount, HostCredentials, HostLogin, HostToken, LoginError, LoginRequest,
    ProviderError,
};
use lodge_provider_kit::{
    Base, BaseError, Call, ClientAuthentication, HostClient, Kit, OAuthClient, OAuthEndpoints,
    Registration, Text,
};

use crate::payload::profile::AccountPayload;

pub(crate) struct BitbucketLogin {
    oauth: OAuthClient,
    api: Base,
    client: HostClient,
}

impl BitbucketLogin {
    /// Logins at the OAuth server below `oauth`, for the API at `api`.
    pub(crate) fn new(
        kit: &Kit,
        oauth: &Base,
        registration: &Registration,
        api: Base,
        client: HostClient,
    ) -> Result<Self, BaseError> {
        let below = |path: &str| Base::parse(&format!("{}/{path}", oauth.url()));
        let endpoints = OAuthEndpoints {
            authorize: below("authorize")?.url().clone(),
            token: below("access_token")?.url().clone(),
            revoke: None,
        };
        let oauth = kit.oauth(endpoints, registration, ClientAuthentication::Basic);
        Ok(Self { oauth, api, client })
    }
}

#[async_trait]
impl HostLogin for BitbucketLogin {
    fn pkce(&self) -> bool {
        false
    }

    fn authorize_url(&self, request: &LoginRequest) -> String {
        self.oauth.authorize_url(request, &[])
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
        let answer = self.client.send_with(token, Call::get(&self.api, ["user"])).await?;
        let payload: AccountPayload<'_> = answer.json(Resource::Profile)?;
        let login = payload.known_as();
        let id = payload.uuid.and_then(Text::filled).ok_or_else(|| ProviderError::Malformed {
            resource: Resource::Profile,
            source: "the account has no id".into(),
        })?;
        Ok(HostAccount { login: login.unwrap_or_else(|| id.clone()), id })
    }
}
