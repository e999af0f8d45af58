//! A simulated Bitbucket, and the adapter that reads it.

use std::sync::Arc;

use lodge_forge::ProviderName;
use lodge_kernel::SecretString;
use lodge_provider::{GitProvider, Host, HostTokenKind, RepositoryRef};
use lodge_provider_bitbucket::open;
use lodge_provider_kit::{HostConfig, KitConfig, Registration};
use lodge_simulators::{
    BitbucketSimulator, Sandbox, WorldRepository,
    sandbox::{account, repository_at},
};
use lodge_testkit::conformance::watched;

/// A repository that is nowhere.
pub(crate) const MISSING: &str = "00000000-0000-4000-8000-00000000dead";

/// A simulated Bitbucket with the adapter that reads it.
pub(crate) struct Bench {
    pub(crate) sandbox: Sandbox,
    pub(crate) host: Host,
}

impl Bench {
    pub(crate) async fn new() -> Self {
        Self::with(HostTokenKind::OAuth, KitConfig::default()).await
    }

    pub(crate) async fn with(kind: HostTokenKind, config: KitConfig) -> Self {
        let sandbox = Sandbox::start(BitbucketSimulator::default()).await.unwrap();
        Self::over(sandbox, kind, config)
    }

    pub(crate) fn over(sandbox: Sandbox, kind: HostTokenKind, config: KitConfig) -> Self {
        let kit = sandbox.kit(kind, config).unwrap();
        let mut host = open(config_of(&sandbox), &kit).unwrap();
        host.provider = watched(host.provider);
        Self { sandbox, host }
    }

    pub(crate) fn provider(&self) -> &Arc<dyn GitProvider> {
        &self.host.provider
    }

    pub(crate) fn world(&self) -> &WorldRepository {
        self.sandbox.repository("team/full").unwrap()
    }

    /// `team/full`, through the account numbered `n`.
    pub(crate) fn full(&self, n: u128) -> RepositoryRef {
        repository_at(account(n), &id_of(self.world())).unwrap()
    }
}

pub(crate) fn id_of(it: &WorldRepository) -> String {
    it.uuid.to_string()
}

fn config_of(sandbox: &Sandbox) -> HostConfig {
    let registration =
        Registration { client_id: "key".to_owned(), client_secret: SecretString::from("secret") };
    let mut config = HostConfig::new(ProviderName::parse("bitbucket").unwrap(), "Bitbucket Cloud");
    config.address = Some(sandbox.base().unwrap());
    config.registration = Some(registration);
    config
}
