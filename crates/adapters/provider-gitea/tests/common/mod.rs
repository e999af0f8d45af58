//! A simulated instance, and the adapter that asks it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

use lodge_forge::ProviderName;
use lodge_kernel::SecretString;
use lodge_provider::{Host, HostTokenKind};
use lodge_provider_kit::{HostConfig, KitConfig, Registration};
use lodge_simulators::{GiteaSimulator, Sandbox};
use lodge_testkit::conformance::watched;

/// A simulated instance, asked with tokens of OAuth.
pub(crate) async fn sandbox(simulator: GiteaSimulator) -> (Host, Sandbox) {
    let sandbox = Sandbox::start(simulator).await.unwrap();
    (open(&sandbox, KitConfig::default()), sandbox)
}

/// The adapter over a sandbox.
pub(crate) fn open(sandbox: &Sandbox, kit: KitConfig) -> Host {
    let kit = sandbox.kit(HostTokenKind::OAuth, kit).unwrap();
    let mut config = HostConfig::new(ProviderName::parse("gitea").unwrap(), "Gitea");
    config.address = Some(sandbox.base().unwrap());
    config.registration = Some(Registration {
        client_id: "gitlodge".to_owned(),
        client_secret: SecretString::from("a secret of the client"),
    });
    let mut host = lodge_provider_gitea::open(config, &kit).unwrap();
    host.provider = watched(host.provider);
    host
}
