//! The client's side of OAuth 2 (RFC 6749), as hosts speak it, more or less: an
//! error may come with status 200, and scopes may be parted by commas.

use std::{sync::Arc, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use lodge_forge::Resource;
use lodge_kernel::{Clock, ExposeSecret as _, SecretString};
use lodge_provider::{CodeExchange, HostCredentials, LoginError, LoginRequest, ProviderError};
use reqwest::{
    Method,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue},
};
use serde::{Deserialize, Serialize};
use url::{Url, form_urlencoded::Serializer};

use crate::{
    Base, Kit, Registration, Transport,
    call::Overflow,
    transport::{Raw, Request},
};

/// The longest answer of a token endpoint, in bytes.
const MOST: usize = 64 << 10;

/// How this installation proves to a host who it is (RFC 6749 §2.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientAuthentication {
    /// `client_id` and `client_secret` in the body.
    Body,
    /// HTTP Basic.
    Basic,
}

/// Where a host's OAuth server is.
#[derive(Clone, Debug)]
pub struct OAuthEndpoints {
    /// The page that the browser goes to.
    pub authorize: Url,
    /// Where codes and refresh tokens are exchanged.
    pub token: Url,
    /// Where tokens are given up (RFC 7009), if the host has it.
    pub revoke: Option<Url>,
}

/// This installation as a client of one host's OAuth server.
#[derive(Clone)]
pub struct OAuthClient {
    transport: Transport,
    clock: Arc<dyn Clock>,
    endpoints: OAuthEndpoints,
    registration: Registration,
    authentication: ClientAuthentication,
}

impl std::fmt::Debug for OAuthClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OAuthClient")
            .field("endpoints", &self.endpoints)
            .field("registration", &self.registration)
            .finish_non_exhaustive()
    }
}

/// What a token endpoint says, good or bad.
#[derive(Deserialize)]
struct TokenAnswer {
    access_token: Option<SecretString>,
    refresh_token: Option<SecretString>,
    expires_in: Option<Seconds>,
    /// GitHub's and Azure's names for the same.
    #[serde(alias = "refresh_expires_in")]
    refresh_token_expires_in: Option<Seconds>,
    #[serde(alias = "scopes")]
    scope: Option<String>,
    error: Option<String>,
}

/// Most hosts send a number, some a text.
#[derive(Clone, Copy, Deserialize)]
#[serde(try_from = "Spelled")]
struct Seconds(u64);

#[derive(Deserialize)]
#[serde(untagged)]
enum Spelled {
    Number(u64),
    Text(String),
}

impl TryFrom<Spelled> for Seconds {
    type Error = std::num::ParseIntError;

    fn try_from(spelled: Spelled) -> Result<Self, Self::Error> {
        match spelled {
            Spelled::Number(seconds) => Ok(Self(seconds)),
            Spelled::Text(text) => text.trim().parse().map(Self),
        }
    }
}

impl OAuthClient {
    pub(crate) fn new(
        kit: &Kit,
        endpoints: OAuthEndpoints,
        registration: &Registration,
        authentication: ClientAuthentication,
    ) -> Self {
        Self {
            transport: kit.transport.clone(),
            clock: Arc::clone(&kit.clock),
            endpoints,
            registration: registration.clone(),
            authentication,
        }
    }

    /// The address of the login page. `more` are the pairs that this host
    /// wants beside the usual ones, `scope` among them.
    pub fn authorize_url(&self, request: &LoginRequest, more: &[(&str, &str)]) -> String {
        let mut url = self.endpoints.authorize.clone();
        {
            let mut query = url.query_pairs_mut();
            query
                .append_pair("response_type", "code")
                .append_pair("client_id", &self.registration.client_id)
                .append_pair("redirect_uri", &request.redirect_uri)
                .append_pair("state", &request.state);
            if let Some(challenge) = &request.challenge {
                query
                    .append_pair("code_challenge", challenge)
                    .append_pair("code_challenge_method", "S256");
            }
            query.extend_pairs(more);
        }
        url.into()
    }

    /// Exchanges a code.
    ///
    /// # Errors
    ///
    /// [`LoginError`] with what to do.
    pub async fn exchange(&self, exchange: &CodeExchange) -> Result<HostCredentials, LoginError> {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", exchange.code.expose_secret()),
            ("redirect_uri", exchange.redirect_uri.as_str()),
        ];
        if let Some(verifier) = &exchange.verifier {
            form.push(("code_verifier", verifier.expose_secret()));
        }
        self.token(&form).await
    }

    /// Gets the next credentials. `more` are the pairs that this host wants
    /// beside the usual ones.
    ///
    /// # Errors
    ///
    /// [`LoginError`] with what to do.
    pub async fn refresh(
        &self,
        refresh: &SecretString,
        more: &[(&str, &str)],
    ) -> Result<HostCredentials, LoginError> {
        let mut form =
            vec![("grant_type", "refresh_token"), ("refresh_token", refresh.expose_secret())];
        form.extend(more);
        self.token(&form).await
    }

    /// Gives a token up (RFC 7009). Nothing where the host has no such
    /// endpoint.
    ///
    /// # Errors
    ///
    /// [`LoginError::Host`] when the host did not take it.
    pub async fn revoke(&self, token: &SecretString) -> Result<(), LoginError> {
        let Some(url) = &self.endpoints.revoke else { return Ok(()) };
        let raw = self.post(url, &[("token", token.expose_secret())]).await?;
        if raw.status.is_success() { Ok(()) } else { Err(refused(&raw).into()) }
    }

    /// Deletes what is at `url`, with `body` as JSON, in this installation's own
    /// name (HTTP Basic). What is not there any more is not an error.
    ///
    /// # Errors
    ///
    /// [`LoginError::Host`] when the host did not do it.
    pub async fn delete(&self, url: &Url, body: &impl Serialize) -> Result<(), LoginError> {
        let body = serde_json::to_vec(body)
            .map_err(|error| ProviderError::Invalid { problem: error.to_string() })?;
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(AUTHORIZATION, self.basic()?);
        let raw = self.send(Method::DELETE, url, headers, body.into()).await?;
        let gone = matches!(raw.status.as_u16(), 404 | 422);
        if gone || raw.status.is_success() { Ok(()) } else { Err(refused(&raw).into()) }
    }

    async fn token(&self, form: &[(&str, &str)]) -> Result<HostCredentials, LoginError> {
        let raw = self.post(&self.endpoints.token, form).await?;
        let body = raw.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&raw.body);
        let answer: TokenAnswer = serde_json::from_slice(body).map_err(|error| {
            if raw.status.is_success() {
                ProviderError::Malformed { resource: Resource::Profile, source: error.into() }
            } else {
                refused(&raw)
            }
        })?;
        if let Some(error) = answer.error {
            return Err(match error.as_str() {
                // GitHub's words for a spent code and a spent refresh token, and
                // those of OpenID Connect (§3.1.2.6) when a person must decide.
                "invalid_grant"
                | "bad_verification_code"
                | "bad_refresh_token"
                | "interaction_required"
                | "login_required"
                | "consent_required" => LoginError::Ended,
                _ => LoginError::Misconfigured { problem: error.chars().take(64).collect() },
            });
        }
        let Some(access) = answer.access_token.filter(|_| raw.status.is_success()) else {
            return Err(refused(&raw).into());
        };
        let now = self.clock.now();
        let scopes = answer.scope.unwrap_or_default();
        let scopes = scopes.split([' ', ',']).filter(|it| !it.is_empty());
        let after = |it: Seconds| now.plus(Duration::from_secs(it.0));
        Ok(HostCredentials {
            access,
            expires_at: answer.expires_in.map(after),
            refresh: answer.refresh_token.filter(|it| !it.expose_secret().is_empty()),
            refresh_expires_at: answer.refresh_token_expires_in.map(after),
            scopes: scopes.take(64).map(str::to_owned).collect(),
        })
    }

    async fn post(&self, url: &Url, form: &[(&str, &str)]) -> Result<Raw, ProviderError> {
        let mut headers = HeaderMap::new();
        let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
        headers.insert(CONTENT_TYPE, kind);
        let mut pairs = form.to_vec();
        match self.authentication {
            ClientAuthentication::Body => {
                let Registration { client_id, client_secret } = &self.registration;
                pairs.push(("client_id", client_id));
                pairs.push(("client_secret", client_secret.expose_secret()));
            }
            ClientAuthentication::Basic => {
                headers.insert(AUTHORIZATION, self.basic()?);
            }
        }
        let body = Serializer::new(String::new()).extend_pairs(pairs).finish();
        self.send(Method::POST, url, headers, body.into()).await
    }

    fn basic(&self) -> Result<HeaderValue, ProviderError> {
        let Registration { client_id, client_secret } = &self.registration;
        let pair = STANDARD.encode(format!("{client_id}:{}", client_secret.expose_secret()));
        let mut value = HeaderValue::from_str(&format!("Basic {pair}"))
            .map_err(|_not_a_header| ProviderError::CredentialsRefused)?;
        value.set_sensitive(true);
        Ok(value)
    }

    async fn send(
        &self,
        method: Method,
        url: &Url,
        mut headers: HeaderMap,
        body: Bytes,
    ) -> Result<Raw, ProviderError> {
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        let request = Request {
            method,
            url: url.clone(),
            headers,
            body: Some(body),
            most: Some(MOST),
            overflow: Overflow::Refuse,
            follow: false,
        };
        let base = Base::of(url);
        let exchange = self.transport.exchange(&base, request);
        let raw = tokio::time::timeout(self.transport.total, exchange).await;
        raw.unwrap_or(Err(ProviderError::TimedOut))
    }
}

/// An answer that is neither a token nor one of OAuth's errors.
fn refused(raw: &Raw) -> ProviderError {
    ProviderError::Unreachable {
        retry_at: None,
        source: format!("its token endpoint answered with status {}", raw.status.as_u16()).into(),
    }
}
