//! What is counted, for Prometheus. `docs/operating.md` lists every name.

mod hosts;
mod work;

use std::sync::{Arc, atomic::AtomicU64};

use lodge_gateway::events::Backlog;
use lodge_kernel::Timestamp;
use lodge_storage::{Connections, Depth};
use prometheus_client::{
    encoding::{
        EncodeLabelSet,
        text::{encode_eof, encode_registry},
    },
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};

pub use self::hosts::HostMetrics;
use self::work::WorkMetrics;
use crate::teaching::{IntakeMetrics, ResultMetrics};

/// The labels of a request. Paths are patterns, so that their number is
/// bounded.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    path: String,
    status: u16,
}

/// The labels of how long a request took.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Asked {
    method: &'static str,
    path: String,
}

/// From a cached answer to a host's longest deadline, in seconds.
const BOUNDS: [f64; 11] = [0.000_1, 0.000_5, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0];

/// What is counted.
pub struct Metrics {
    /// What only this product has.
    registry: Registry,
    /// Under the names that dashboards of course platforms know.
    common: Registry,
    /// What hosts deliver to courses.
    pub intake: IntakeMetrics,
    /// How long results and reports of courses take.
    pub results: Arc<ResultMetrics>,
    /// How hosts answer.
    pub hosts: Arc<HostMetrics>,
    work: WorkMetrics,
    requests: Family<Answered, Counter>,
    durations: Family<Asked, Histogram>,
    withheld: Counter,
    masked: Counter,
    limited: Counter,
    /// Rows of the journal that wait to be written.
    pub journal_waiting: Gauge<u64, AtomicU64>,
    journal_lost: Counter,
    hooks_waiting: Gauge<u64, AtomicU64>,
    hooks_dead: Gauge<u64, AtomicU64>,
    deliveries_waiting: Gauge<u64, AtomicU64>,
    deliveries_dead: Gauge<u64, AtomicU64>,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("gitlodge");
        let withheld = Counter::default();
        let masked = Counter::default();
        let limited = Counter::default();
        let journal_waiting = Gauge::default();
        let journal_lost = Counter::default();
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
        let [hooks_waiting, hooks_dead, deliveries_waiting, deliveries_dead] = [
            ("hooks_waiting", "Webhooks that wait to be understood"),
            ("hooks_dead", "Webhooks that could not be understood"),
            ("deliveries_waiting", "Deliveries to apps that wait"),
            ("deliveries_dead", "Deliveries to apps that were given up"),
        ]
        .map(|(name, help)| {
            let gauge = Gauge::<u64, AtomicU64>::default();
            registry.register(name, help, gauge.clone());
            gauge
        });
        let mut common = Registry::default();
        let requests = Family::<Answered, Counter>::default();
        let durations = Family::<Asked, Histogram>::new_with_constructor(|| Histogram::new(BOUNDS));
        common.register("http_requests", "Requests that were answered", requests.clone());
        common.register(
            "http_request_duration_seconds",
            "From a request's head to its answer",
            durations.clone(),
        );
        let intake = IntakeMetrics::register(&mut common);
        let results = Arc::new(ResultMetrics::register(&mut common));
        let hosts = Arc::new(HostMetrics::register(&mut common));
        let work = WorkMetrics::register(&mut common);
        Self {
            registry,
            common,
            intake,
            results,
            hosts,
            work,
            requests,
            durations,
            withheld,
            masked,
            limited,
            journal_waiting,
            journal_lost,
            hooks_waiting,
            hooks_dead,
            deliveries_waiting,
            deliveries_dead,
        }
    }
}

impl Metrics {
    /// Counts one answer.
    pub(crate) fn answered(&self, method: &str, path: Option<String>, status: u16, seconds: f64) {
        let method = match method {
            "GET" => "GET",
            "POST" => "POST",
            "PUT" => "PUT",
            "PATCH" => "PATCH",
            "DELETE" => "DELETE",
            "HEAD" => "HEAD",
            "OPTIONS" => "OPTIONS",
            _ => "other",
        };
        let path = path.unwrap_or_else(|| "none".to_owned());
        let asked = Asked { method, path: path.clone() };
        self.durations.get_or_create(&asked).observe(seconds);
        self.requests.get_or_create(&Answered { method, path, status }).inc();
    }

    /// Counts what the firewall did to one answer.
    pub(crate) fn reviewed(&self, withheld: u64, masked: u64) {
        self.withheld.inc_by(withheld);
        self.masked.inc_by(masked);
    }

    /// Takes note of what waits.
    pub(crate) fn waits(&self, backlog: &Backlog) {
        self.hooks_waiting.set(backlog.hooks_waiting);
        self.hooks_dead.set(backlog.hooks_dead);
        self.deliveries_waiting.set(backlog.deliveries_waiting);
        self.deliveries_dead.set(backlog.deliveries_dead);
    }

    /// Takes note of the jobs in each line; a line that is not named is empty.
    pub(crate) fn jobs(&self, depth: &[Depth], now: Timestamp) {
        self.work.jobs(depth, now);
    }

    /// Takes note of this process: how many jobs failed in it so far, and its
    /// connections to the database.
    pub(crate) fn process(&self, failed_jobs: u64, connections: Connections) {
        self.work.failed(failed_jobs);
        self.work.process(connections);
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
        encode_registry(&mut text, &self.registry)?;
        encode_registry(&mut text, &self.common)?;
        encode_eof(&mut text)?;
        Ok(text)
    }
}
