//! What is counted, for Prometheus.

use std::sync::atomic::AtomicU64;

use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};

/// The labels of a request. Routes are patterns, so that their number is
/// bounded.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct RequestLabels {
    method: &'static str,
    route: String,
    status: u16,
}

/// What is counted.
pub struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    durations: Histogram,
    withheld: Counter,
    masked: Counter,
    limited: Counter,
    /// Rows of the journal that wait to be written.
    pub journal_waiting: Gauge<u64, AtomicU64>,
    journal_lost: Counter,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("gitlodge");
        let requests = Family::<RequestLabels, Counter>::default();
        // From a cached answer to a host's longest deadline, in seconds.
        let bounds = [0.000_1, 0.000_5, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0];
        let durations = Histogram::new(bounds);
        let withheld = Counter::default();
        let masked = Counter::default();
        let limited = Counter::default();
        let journal_waiting = Gauge::default();
        let journal_lost = Counter::default();
        registry.register("http_requests", "Requests that were answered", requests.clone());
        registry.register(
            "http_request_duration_seconds",
            "From a request's head to its answer",
            durations.clone(),
        );
        registry.register("firewall_withheld", "Files that were held back", withheld.clone());
        registry.register("firewall_masked", "Secrets that were masked", masked.clone());
        registry.register("rate_limited", "Requests that came too often", limited.clone());
        registry.register(
            "journal_waiting_rows",
            "Rows of the journal that wait to be written",
            journal_waiting.clone(),
        );
        registry.register(
            "journal_lost_rows",
            "Rows of the journal that the database refused",
            journal_lost.clone(),
        );
        Self {
            registry,
            requests,
            durations,
            withheld,
            masked,
            limited,
            journal_waiting,
            journal_lost,
        }
    }
}

impl Metrics {
    /// Counts one answer.
    pub(crate) fn answered(&self, method: &str, route: Option<String>, status: u16, seconds: f64) {
        let method = match method {
            "GET" => "GET",
            "POST" => "POST",
            "PATCH" => "PATCH",
            "DELETE" => "DELETE",
            "HEAD" => "HEAD",
            "OPTIONS" => "OPTIONS",
            _ => "other",
        };
        let route = route.unwrap_or_else(|| "none".to_owned());
        self.requests.get_or_create(&RequestLabels { method, route, status }).inc();
        self.durations.observe(seconds);
    }

    /// Counts what the firewall did to one answer.
    pub(crate) fn reviewed(&self, withheld: u64, masked: u64) {
        self.withheld.inc_by(withheld);
        self.masked.inc_by(masked);
    }

    /// Counts one request that came too often.
    pub(crate) fn limited(&self) {
        self.limited.inc();
    }

    /// Takes note that the journal has lost `rows` rows so far.
    pub fn journal_lost(&self, rows: u64) {
        self.journal_lost.inc_by(rows.saturating_sub(self.journal_lost.get()));
    }

    /// Everything, in the `OpenMetrics` text format.
    ///
    /// # Errors
    ///
    /// When text cannot be written, which does not happen in memory.
    pub fn text(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}
