//! What the operator can set, of the transport and of each host.

use std::{num::NonZeroUsize, sync::Arc, time::Duration};

use lodge_forge::ProviderName;
use lodge_kernel::{Clock, SecretString};
use lodge_provider::{HostTokens, HostWatch};

use crate::{
    Base, ClientAuthentication, Dialect, HostClient, OAuthClient, OAuthEndpoints, Transport,
};

/// Bounds of one question to a host.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Until the connection stands.
    pub connect: Duration,
    /// Until the body is read, tries included.
    pub total: Duration,
    /// Of a body, decompressed, in bytes.
    pub body: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connect: Duration::from_secs(3), total: Duration::from_secs(20), body: 16 << 20 }
    }
}

/// What the operator can set of the transport.
#[derive(Clone, Debug)]
pub struct KitConfig {
    /// Bounds of one question.
    pub limits: Limits,
    /// Bodies that are kept for revalidation and what was made of them, in bytes,
    /// for each host.
    pub memory: u64,
    /// Questions that may be under way at once for one account.
    pub at_once: NonZeroUsize,
    /// Ask the host whether a body has changed, rather than for the body
    /// again. Off, only to measure what it saves.
    pub revalidate: bool,
    /// Ask identical questions that are under way at the same time once. Off,
    /// only to measure what it saves.
    pub coalesce: bool,
    /// A proxy that everything goes through: `http://proxy.example.com:3128`.
    pub proxy: Option<String>,
}

impl Default for KitConfig {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            memory: 32 << 20,
            at_once: NonZeroUsize::new(16).unwrap_or(NonZeroUsize::MIN),
            revalidate: true,
            coalesce: true,
            proxy: None,
        }
    }
}

/// This installation, as the operator registered it at a host.
#[derive(Clone, Debug)]
pub struct Registration {
    /// The client's id.
    pub client_id: String,
    /// Its secret.
    pub client_secret: SecretString,
}

/// One host, as the operator set it. An adapter takes from it what it needs.
#[derive(Clone, Debug)]
pub struct HostConfig {
    /// The name in URLs and tokens.
    pub name: ProviderName,
    /// The name for people.
    pub label: String,
    /// Where the instance is, for people: `https://git.example.com`. `None`
    /// for the vendor's own.
    pub address: Option<Base>,
    /// How accounts are connected by a login; `None` where only tokens are
    /// given to us.
    pub registration: Option<Registration>,
    /// The registration is a GitHub App rather than an OAuth app.
    pub is_app: bool,
    /// The Microsoft Entra tenant that people log in to; `organizations` when
    /// nobody says.
    pub entra_tenant: Option<String>,
    /// The organisations that are read at a host that cannot list them for
    /// the account (Azure DevOps with a token bound to one organisation).
    pub organizations: Vec<String>,
}

impl HostConfig {
    /// The vendor's own host called `name`.
    pub fn new(name: ProviderName, label: impl Into<String>) -> Self {
        Self {
            name,
            label: label.into(),
            address: None,
            registration: None,
            is_app: false,
            entra_tenant: None,
            organizations: Vec::new(),
        }
    }
}

/// What every adapter is given: the connections, the bounds, the tokens and
/// the time.
#[derive(Clone)]
pub struct Kit {
    /// The connections to all hosts.
    pub transport: Transport,
    /// The bounds.
    pub config: KitConfig,
    /// The tokens of accounts.
    pub tokens: Arc<dyn HostTokens>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Who is told how questions went, and of which host they were.
    pub(crate) watch: Option<(ProviderName, Arc<dyn HostWatch>)>,
}

impl std::fmt::Debug for Kit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Kit").field("config", &self.config).finish_non_exhaustive()
    }
}

impl Kit {
    /// What every adapter is given.
    ///
    /// # Errors
    ///
    /// When the system has no TLS roots, or the proxy is not an address.
    pub fn new(
        config: KitConfig,
        tokens: Arc<dyn HostTokens>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, reqwest::Error> {
        let transport = Transport::new(&config)?;
        Ok(Self { transport, config, tokens, clock, watch: None })
    }

    /// The same for the host `name`, of whose answers `watch` is told.
    #[must_use]
    pub fn watched(&self, name: ProviderName, watch: Arc<dyn HostWatch>) -> Self {
        Self { watch: Some((name, watch)), ..self.clone() }
    }

    /// A host that is asked in `dialect`.
    pub fn client(&self, dialect: impl Dialect + 'static) -> HostClient {
        HostClient::new(self, dialect)
    }

    /// This installation as a client of a host's OAuth server.
    pub fn oauth(
        &self,
        endpoints: OAuthEndpoints,
        registration: &Registration,
        authentication: ClientAuthentication,
    ) -> OAuthClient {
        OAuthClient::new(self, endpoints, registration, authentication)
    }
}
