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

    /// The webhooks that were made here and not removed, for somebody who wants
    /// to deliver as the host would. None where that cannot be ordered.
    fn webhooks(&self) -> Vec<Webhook> {
        Vec::new()
    }
}

/// One webhook that was made at a simulated host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// Where the host delivers to.
    pub url: String,
    /// What it signs with. A real host never shows it again.
    pub secret: String,
}
