//! GitHub, simulated over the contract's known folder, and its adapter.

use lodge_forge::ProviderName;
use lodge_kernel::SecretString;
use lodge_provider::{Account, Host, HostTokenKind, RepositoryRef};
use lodge_provider_kit::{HostConfig, KitConfig, Registration};
use lodge_simulators::{GithubSimulator, Sandbox, WorldRepository, sandbox};
use lodge_testkit::conformance::watched;

/// Where OAuth sends the browser back to.
pub(crate) const BACK: &str = "https://lodge.example.org/connect/github/callback";

pub(crate) async fn github() -> (Host, Sandbox) {
    let sandbox = Sandbox::start(GithubSimulator::default()).await.unwrap();
    (open(&sandbox, "Ov23li.lodge", KitConfig::default()), sandbox)
}

/// The adapter, registered as `client_id`: a GitHub App's begins with `Iv`.
pub(crate) fn open(sandbox: &Sandbox, client_id: &str, config: KitConfig) -> Host {
    let kit = sandbox.kit(HostTokenKind::OAuth, config).unwrap();
    let config = HostConfig {
        address: Some(sandbox.base().unwrap()),
        registration: Some(Registration {
            client_id: client_id.to_owned(),
            client_secret: SecretString::from("a secret"),
        }),
        is_app: client_id.starts_with("Iv"),
        ..HostConfig::new(ProviderName::parse("github").unwrap(), "GitHub")
    };
    let mut host = lodge_provider_github::open(config, &kit).unwrap();
    host.provider = watched(host.provider);
    host
}

pub(crate) fn account() -> Account {
    sandbox::account(1)
}

pub(crate) fn number(repository: &WorldRepository) -> String {
    repository.number.to_string()
}

/// `team/full`
pub(crate) fn full(sandbox: &Sandbox) -> RepositoryRef {
    at(&number(sandbox.repository("team/full").unwrap()))
}

pub(crate) fn at(id: &str) -> RepositoryRef {
    sandbox::repository_at(account(), id).unwrap()
}
