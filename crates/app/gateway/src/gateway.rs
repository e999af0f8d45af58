//! What every use case is given: the ports, and what the operator chose.

use std::sync::Arc;

use lodge_firewall::Rules;
use lodge_kernel::{Clock, Digest, Entropy, Keyring, Timestamp};
use lodge_provider::Providers;
use lodge_storage::{Storage, UsageJournal};

use crate::{
    AccountTokens, GrantCache, administration::LivingRules, events::EventPorts, people::PeoplePorts,
};

/// What can be switched off, on a loopback address only, to measure its cost.
#[derive(Clone, Copy, Debug)]
pub struct Policies {
    /// Review what leaves.
    pub firewall: bool,
    /// Write the journal.
    pub journal: bool,
}

/// The ports, wired once by the composition root.
pub struct Gateway {
    /// The database.
    pub storage: Arc<dyn Storage>,
    /// The Git hosts.
    pub providers: Providers,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub entropy: Arc<dyn Entropy>,
    /// Keys.
    pub keys: Arc<dyn Keyring>,
    /// What must not leave.
    pub rules: LivingRules,
    /// Where reads are recorded.
    pub journal: Arc<dyn UsageJournal>,
    /// Tokens and approvals that were looked up lately.
    pub grants: GrantCache,
    /// What accounts at the hosts are read with.
    pub accounts: AccountTokens,
    /// How apps are told what happens.
    pub events: EventPorts,
    /// How people prove who they are.
    pub people: PeoplePorts,
    /// What is switched on.
    pub policies: Policies,
}

impl Gateway {
    /// The instant it is now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// What must not leave at this moment.
    pub fn rules(&self) -> Arc<Rules> {
        self.rules.at(self.now())
    }

    /// SHA-256 of a secret's text.
    pub(crate) fn digest(&self, text: &str) -> Digest {
        self.keys.digest(text.as_bytes())
    }
}
