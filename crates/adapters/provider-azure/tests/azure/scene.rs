//! Azure DevOps over a known folder, and the adapter that is opened for it.

use std::sync::Arc;

use lodge_forge::ProviderName;
use lodge_kernel::SecretString;
use lodge_pagination::{Limit, PageRequest};
use lodge_provider::{GitProvider, Host, HostTokenKind, RepositoryRef};
use lodge_provider_kit::{HostConfig, KitConfig, Registration};
use lodge_simulators::{
    AzureSimulator, Sandbox, WorldRepository,
    sandbox::{account, repository_at},
};
use lodge_testkit::conformance::watched;

/// A repository that is not there.
pub(crate) const MISSING: &str = "team~00000000-0000-4000-8000-000000000000";

/// The adapter, with the host that it asks.
pub(crate) struct Scene {
    pub(crate) sandbox: Sandbox,
    pub(crate) host: Host,
}

impl Scene {
    pub(crate) async fn new() -> Self {
        Self::with(AzureSimulator::default(), HostTokenKind::OAuth, KitConfig::default(), &[]).await
    }

    pub(crate) async fn with(
        simulator: AzureSimulator,
        kind: HostTokenKind,
        kit: KitConfig,
        organizations: &[&str],
    ) -> Self {
        Self::over(Sandbox::start(simulator).await.unwrap(), kind, kit, organizations)
    }

    pub(crate) fn over(
        sandbox: Sandbox,
        kind: HostTokenKind,
        kit: KitConfig,
        organizations: &[&str],
    ) -> Self {
        let kit = sandbox.kit(kind, kit).unwrap();
        let config = HostConfig {
            address: Some(sandbox.base().unwrap()),
            registration: Some(Registration {
                client_id: "lodge".to_owned(),
                client_secret: SecretString::from("a client's secret"),
            }),
            organizations: organizations.iter().map(|it| (*it).to_owned()).collect(),
            ..HostConfig::new(ProviderName::parse("azure").unwrap(), "Azure DevOps")
        };
        let mut host = lodge_provider_azure::open(config, &kit).unwrap();
        host.provider = watched(host.provider);
        Self { sandbox, host }
    }

    pub(crate) fn provider(&self) -> Arc<dyn GitProvider> {
        Arc::clone(&self.host.provider)
    }

    /// What the world knows of `team/full`.
    pub(crate) fn known(&self) -> &WorldRepository {
        self.sandbox.repository("team/full").unwrap()
    }

    /// `team/full`, as the adapter is asked for it.
    pub(crate) fn full(&self) -> RepositoryRef {
        repository_at(account(1), &id(self.known())).unwrap()
    }

    pub(crate) fn empty(&self) -> RepositoryRef {
        let empty = self.sandbox.repository("team/empty").unwrap();
        repository_at(account(1), &id(empty)).unwrap()
    }
}

/// The adapter's id of a repository.
pub(crate) fn id(repository: &WorldRepository) -> String {
    format!("{}~{}", repository.namespace(), repository.uuid)
}

/// The first page, of 100.
pub(crate) fn page() -> PageRequest {
    PageRequest { from: None, limit: Limit::MAX }
}
