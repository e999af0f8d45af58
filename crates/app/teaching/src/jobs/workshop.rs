//! What jobs need of the process that they run in.

use std::sync::{Arc, atomic::AtomicU64};

use lodge_kernel::Tasks;
use lodge_provider::Providers;

use super::Bell;

/// The runtime, and what those of this process tell each other.
#[derive(Clone)]
pub struct Workshop {
    /// The runtime.
    pub tasks: Arc<dyn Tasks>,
    /// A job waits. Workers of other processes find it by looking.
    pub queued: Arc<Bell>,
    /// A job has told something. Those who watch in other processes find it by
    /// looking.
    pub told: Arc<Bell>,
    /// How many jobs of this process ended without success, since its start.
    pub failed: Arc<AtomicU64>,
    /// The hosts that courses are brought in from.
    pub hosts: Providers,
}

impl Workshop {
    /// Over a runtime.
    pub fn new(tasks: Arc<dyn Tasks>) -> Self {
        Self {
            tasks,
            queued: Arc::default(),
            told: Arc::default(),
            failed: Arc::default(),
            hosts: Providers::default(),
        }
    }

    /// The same, for courses of these hosts.
    #[must_use]
    pub fn with_hosts(self, hosts: Providers) -> Self {
        Self { hosts, ..self }
    }
}
