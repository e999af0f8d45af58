//! GitLab, simulated over the known folder.
#![allow(dead_code, clippy::allow_attributes, reason = "each test file uses a part of this")]

use lodge_forge::ProviderName;
use lodge_provider::{Host, HostTokenKind, RepositoryRef};
use lodge_provider_kit::{HostConfig, KitConfig, Registration};
use lodge_simulators::{
    GitLabSimulator, Sandbox,
    sandbox::{account, repository_at},
};
use lodge_testkit::conformance::watched;

/// A simulated GitLab and the adapter that reads it.
pub(crate) struct GitLab {
    pub(crate) sandbox: Sandbox,
    pub(crate) simulator: GitLabSimulator,
    pub(crate) host: Host,
}

impl GitLab {
    pub(crate) async fn start() -> Self {
        Self::start_with(HostTokenKind::OAuth, KitConfig::default()).await
    }

    pub(crate) async fn start_with(kind: HostTokenKind, config: KitConfig) -> Self {
        let simulator = GitLabSimulator::default();
        let sandbox = Sandbox::start(simulator.clone()).await.unwrap();
        let host = open(&sandbox, kind, config);
        Self { sandbox, simulator, host }
    }

    /// A repository of the folder: `team/full` or `team/empty`.
    pub(crate) fn repository(&self, full_name: &str) -> RepositoryRef {
        let number = self.sandbox.repository(full_name).unwrap().number;
        repository_at(account(1), &number.to_string()).unwrap()
    }
}

pub(crate) fn open(sandbox: &Sandbox, kind: HostTokenKind, config: KitConfig) -> Host {
    let name = ProviderName::parse("gitlab").unwrap();
    let config_of_host = HostConfig {
        address: Some(sandbox.base().unwrap()),
        registration: Some(Registration {
            client_id: "lodge".to_owned(),
            client_secret: "hidden".to_owned().into(),
        }),
        ..HostConfig::new(name, "GitLab")
    };
    let kit = sandbox.kit(kind, config).unwrap();
    let mut host = lodge_provider_gitlab::open(config_of_host, &kit).unwrap();
    host.provider = watched(host.provider);
    host
}
