//! What is counted, for Prometheus.

use std::sync::atomic::AtomicU64;

use lodge_gateway::events::Backlog;
use lodge_jobs::Queue;
use lodge_storage::Depth;
use prometheus_client::{
    encoding::{
        EncodeLabelSet,
        text::{encode_eof, encode_registry},
    },
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};

use crate::teaching::IntakeMetrics;

/// The labels of a request. Routes are patterns, so that their number is
/// bounded.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct RequestLabels {
    method: &'static str,
    route: String,
    status: u16,
}

/// The label of what is counted for each line of jobs.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct QueueLabel {
    queue: &'static str,
}

/// What is counted.
pub struct Metrics {
    registry: Registry,
    /// Under the names that dashboards of courses know.
    of_courses: Registry,
    /// What hosts deliver to courses.
    pub intake: IntakeMetrics,
    requests: Family<RequestLabels, Counter>,
    durations: Histogram,
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
    jobs_queued: Family<QueueLabel, Gauge<u64, AtomicU64>>,
    jobs_running: Family<QueueLabel, Gauge<u64, AtomicU64>>,
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
        let [jobs_queued, jobs_running] = [
            ("jobs_queued", "Jobs that wait for a worker, or for their time"),
            ("jobs_running", "Jobs that are being done"),
        ]
        .map(|(name, help)| {
            let lines = Family::<QueueLabel, Gauge<u64, AtomicU64>>::default();
            registry.register(name, help, lines.clone());
            lines
        });
        let mut of_courses = Registry::default();
        let intake = IntakeMetrics::register(&mut of_courses);
        Self {
            registry,
            of_courses,
            intake,
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
            jobs_queued,
            jobs_running,
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

    /// Takes note of what waits.
    pub(crate) fn waits(&self, backlog: &Backlog) {
        self.hooks_waiting.set(backlog.hooks_waiting);
        self.hooks_dead.set(backlog.hooks_dead);
        self.deliveries_waiting.set(backlog.deliveries_waiting);
        self.deliveries_dead.set(backlog.deliveries_dead);
    }

    /// Takes note of the jobs in each line; a line that is not named is empty.
    pub(crate) fn jobs(&self, depth: &[Depth]) {
        for queue in Queue::ALL {
            let line = depth.iter().find(|it| it.queue == queue);
            let label = QueueLabel { queue: queue.name() };
            self.jobs_queued.get_or_create(&label).set(line.map_or(0, |it| it.queued));
            self.jobs_running.get_or_create(&label).set(line.map_or(0, |it| it.running));
        }
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
        encode_registry(&mut text, &self.of_courses)?;
        encode_eof(&mut text)?;
        Ok(text)
    }
}
