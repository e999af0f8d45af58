//! How Git hosts answer: for Prometheus, and for who asks whether we are ready.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use lodge_forge::ProviderName;
use lodge_provider::{Exchange, HostWatch};
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, histogram::Histogram},
    registry::Registry,
};

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Asked {
    host: String,
    method: &'static str,
    status: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfHost {
    host: String,
}

/// From a host next door to the longest deadline, in seconds.
const BOUNDS: [f64; 9] = [0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 20.0];

/// What is counted of questions to hosts. Its labels are bounded: hosts are
/// those of the operator's file.
pub struct HostMetrics {
    asked: Family<Asked, Counter>,
    durations: Family<OfHost, Histogram>,
    /// Failures in a row since the last good answer, by host.
    failures: Mutex<BTreeMap<ProviderName, u32>>,
}

impl HostMetrics {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let it = Self {
            asked: Family::default(),
            durations: Family::new_with_constructor(|| Histogram::new(BOUNDS)),
            failures: Mutex::default(),
        };
        let (asked, durations) = (it.asked.clone(), it.durations.clone());
        registry.register("gitlab_api_requests", "Questions to Git hosts of any kind", asked);
        registry.register("gitlab_api_duration_seconds", "Until a Git host answered", durations);
        it
    }

    /// How often in a row `host` failed; 0 for one that was never asked.
    pub(crate) fn failures(&self, host: &ProviderName) -> u32 {
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        failures.get(host).copied().unwrap_or_default()
    }
}

impl HostWatch for HostMetrics {
    fn exchanged(&self, host: &ProviderName, method: &'static str, how: Exchange, took: Duration) {
        let status = match how {
            Exchange::Answered(status) => status.to_string(),
            Exchange::TimedOut => "timed-out".to_owned(),
            Exchange::Unreachable => "unreachable".to_owned(),
        };
        let name = host.to_string();
        self.asked.get_or_create(&Asked { host: name.clone(), method, status }).inc();
        self.durations.get_or_create(&OfHost { host: name }).observe(took.as_secs_f64());
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if how.is_well() {
            failures.remove(host);
        } else {
            let in_a_row = failures.entry(host.clone()).or_default();
            *in_a_row = in_a_row.saturating_add(1);
        }
    }
}
