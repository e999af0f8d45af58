//! Imitations of the Git hosts over one folder of real repositories: what each
//! adapter is proved against, what `serve --demo --simulate` runs on, and a
//! sandbox for developers.
//!
//! A [`World`] is the truth: the repositories of a folder, with pull requests,
//! checks and deployments invented for them, always the same. Each
//! [`Simulator`] tells it in one host's words, quirks included, and nothing is
//! shared with the adapters: it is written from the host's documentation. A
//! [`Simulation`] serves several of them on one loopback address, each below
//! its name, and lets tests order [`Fault`]s.
//!
//! Reading order: [`World`], [`Ask`] and [`Reply`], [`Simulator`], then
//! [`Simulation`] with [`Accounts`] and [`Fault`]. The feature `sandbox` adds
//! what the tests of adapters share.

// Bodies of repositories have more fields than `json!` counts by itself.
#![recursion_limit = "256"]

mod accounts;
mod ask;
mod azure;
mod bitbucket;
mod control;
mod fault;
mod gitea;
mod github;
mod gitlab;
mod reply;
#[cfg(feature = "sandbox")]
pub mod sandbox;
mod serve;
mod simulator;
mod world;

pub use accounts::{Accounts, Issued};
pub use ask::Ask;
pub use azure::{AzureDelivery, AzureSimulator, azure_deliveries};
pub use bitbucket::{BitbucketSimulator, bitbucket_delivery};
pub use fault::{Fault, Faults};
pub use gitea::{GiteaDelivery, GiteaSimulator, gitea_deliveries};
pub use github::{GithubSimulator, github_deliveries};
pub use gitlab::{GitLabProof, GitLabSimulator, gitlab_delivery};
pub use reply::Reply;
#[cfg(feature = "sandbox")]
pub use sandbox::Sandbox;
pub use serve::{Simulation, StartError};
pub use simulator::{Simulator, Webhook};
pub use world::{
    World, WorldError, WorldIssue, WorldNote, WorldRepository, WorldRun, WorldUser, person_id,
};
