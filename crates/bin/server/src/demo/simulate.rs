//! `--simulate`: imitations of the Git hosts over the demo's repositories, so
//! that logins and reads can be tried without an account anywhere.

use std::{net::SocketAddr, path::Path, sync::Arc};

use anyhow::{Context as _, ensure};
use lodge_forge::ProviderName;
use lodge_kernel::{Clock, SecretString};
use lodge_provider_kit::{Base, HostConfig, Registration};
use lodge_simulators::{
    AzureSimulator, BitbucketSimulator, GitLabSimulator, GiteaSimulator, GithubSimulator,
    Simulation, Simulator, World,
};

use crate::{hosts::HostEntry, wire::KINDS};

/// What `--simulate` takes.
pub(crate) const CHOICES: [&str; 6] = ["all", "azure", "bitbucket", "gitea", "github", "gitlab"];

/// The host called `name`, imitated.
fn simulator(name: &str) -> Option<Box<dyn Simulator>> {
    Some(match name {
        "azure" => Box::new(AzureSimulator::default()),
        "bitbucket" => Box::new(BitbucketSimulator::default()),
        "gitea" => Box::new(GiteaSimulator::default()),
        "github" => Box::new(GithubSimulator::default()),
        "gitlab" => Box::new(GitLabSimulator::default()),
        _ => return None,
    })
}

/// Starts the `chosen` hosts over the repositories of `folder`, on a free port
/// of this machine. They end when the simulation is dropped.
pub(crate) async fn simulate(
    chosen: &[String],
    folder: &Path,
    clock: Arc<dyn Clock>,
) -> anyhow::Result<(Simulation, Vec<HostEntry>)> {
    let all = chosen.iter().any(|it| it == "all");
    let kinds: Vec<_> =
        KINDS.iter().filter(|kind| all || chosen.iter().any(|it| it == kind.name)).collect();
    let world = World::read(folder, clock).await.context("the repositories cannot be simulated")?;
    let simulators: Vec<_> = kinds.iter().filter_map(|kind| simulator(kind.name)).collect();
    ensure!(simulators.len() == kinds.len(), "not every host can be simulated");
    let listen = SocketAddr::from(([127, 0, 0, 1], 0));
    let simulation = Simulation::start(listen, world, simulators)?;
    let mut entries = Vec::new();
    for kind in kinds {
        let name = ProviderName::parse(kind.name)?;
        let label = format!("{} (simulated)", kind.label);
        let config = HostConfig {
            address: Some(Base::parse(&simulation.address(kind.name))?),
            // A GitHub App, since only its tokens end and are refreshed.
            registration: Some(Registration {
                client_id: "Iv23liGitlodgeDemo".to_owned(),
                client_secret: SecretString::from("no secret: it is simulated"),
            }),
            is_app: true,
            ..HostConfig::new(name, label)
        };
        entries.push(HostEntry { kind, config });
    }
    Ok((simulation, entries))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_host_can_be_simulated() {
        for kind in KINDS {
            assert!(simulator(kind.name).is_some(), "{}", kind.name);
            assert!(CHOICES.contains(&kind.name), "{}", kind.name);
        }
    }
}
