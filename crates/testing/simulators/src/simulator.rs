//! One host, imitated.

use async_trait::async_trait;

use crate::{Accounts, Ask, Reply, World};

/// One host, imitated.
#[async_trait]
pub trait Simulator: Send + Sync {
    /// The host's name: the first segment of its address.
    fn name(&self) -> &'static str;

    /// What the host answers.
    async fn answer(&self, ask: &Ask, world: &World, accounts: &Accounts) -> Reply;
}
