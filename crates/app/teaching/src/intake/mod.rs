//! Intake: how courses hear what happens at hosts.
//!
//! Reading order: [`hooks`] (the doors), [`receive`] (a host delivers),
//! [`process`] with [`handler`] and [`facts`] (what it tells is taken in), [`events`] (people
//! look at it, replay it, discard it), [`forget`].

mod door;
pub mod events;
pub mod facts;
pub mod forget;
pub mod handler;
pub mod hooks;
mod parcel;
pub mod process;
pub mod receive;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, sync::Arc};

use lodge_firewall::Rules;
use lodge_forge::ProviderName;
use lodge_kernel::{SecretString, Vault};
use lodge_provider::WebhookScheme;
use lodge_storage::IntakeLog;

pub use door::OpenDoors;
pub use events::{EventDetail, Numbers, Replayed};
pub use facts::ActivityFacts;
pub use handler::{Handled, IntakeHandler, LastActivity};
pub use hooks::{HookWish, NewHook};
pub use receive::{ReceiveError, Received};

/// How the hosts that may deliver prove what they deliver, by their names.
#[derive(Clone, Default)]
pub struct Schemes(BTreeMap<ProviderName, &'static dyn WebhookScheme>);

impl Schemes {
    /// These hosts. Of two with one name, the later one counts.
    pub fn new(
        hosts: impl IntoIterator<Item = (ProviderName, &'static dyn WebhookScheme)>,
    ) -> Self {
        Self(hosts.into_iter().collect())
    }

    /// The host named `name`, as it stands in a URL, with its name.
    pub fn find(&self, name: &str) -> Option<(&ProviderName, &'static dyn WebhookScheme)> {
        let (name, scheme) = self.0.iter().find(|(known, _)| known.as_str() == name)?;
        Some((name, *scheme))
    }

    /// The names of all, for people.
    pub fn names(&self) -> String {
        self.0.keys().map(ProviderName::as_str).collect::<Vec<_>>().join(", ")
    }
}

/// What only intake needs.
pub struct IntakePorts {
    /// Seals the secrets of hooks.
    pub vault: Arc<dyn Vault>,
    /// Who may deliver.
    pub schemes: Schemes,
    /// Where deliveries are left.
    pub log: Arc<dyn IntakeLog>,
    /// What is masked before people see it.
    pub rules: Arc<Rules>,
    /// What takes in what they tell.
    pub handler: Arc<dyn IntakeHandler>,
    /// The secret of the installation, and the host that may use it.
    pub installation: Option<(ProviderName, SecretString)>,
    /// Doors that were opened lately.
    pub doors: OpenDoors,
}
