//! What is counted of deliveries to courses, under the names that dashboards
//! of courses know.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use lodge_intake::{Intake, Kind, State, Tally};
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct KindLabels {
    event_type: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct EndLabels {
    event_type: &'static str,
    status: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StateLabels {
    state: &'static str,
}

/// From an ignored event to one that fails at a slow database, in seconds.
const BOUNDS: [f64; 8] = [0.000_5, 0.002, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0];

/// What is counted of deliveries to courses.
pub struct IntakeMetrics {
    received: Family<KindLabels, Counter>,
    repeated: Counter,
    processed: Family<EndLabels, Counter>,
    durations: Family<KindLabels, Histogram>,
    events: Family<StateLabels, Gauge<u64, AtomicU64>>,
    unbalanced: Gauge<u64, AtomicU64>,
    lag: Gauge<f64, AtomicU64>,
}

impl IntakeMetrics {
    /// Counts in `registry`, which puts nothing before the names.
    pub(crate) fn register(registry: &mut Registry) -> Self {
        let it = Self {
            received: Family::default(),
            repeated: Counter::default(),
            processed: Family::default(),
            durations: Family::new_with_constructor(|| Histogram::new(BOUNDS)),
            events: Family::default(),
            unbalanced: Gauge::default(),
            lag: Gauge::default(),
        };
        let received = it.received.clone();
        registry.register("webhook_events_received", "New deliveries to courses", received);
        let repeated = it.repeated.clone();
        registry.register("webhook_events_repeated", "Deliveries that came before", repeated);
        let processed = it.processed.clone();
        registry.register("webhook_events_processed", "Tries, by how they went", processed);
        let durations = it.durations.clone();
        registry.register("webhook_processing_duration_seconds", "How long a try took", durations);
        let events = it.events.clone();
        registry.register(
            "webhook_events",
            "Deliveries in the database: received is processed, ignored, dead and pending",
            events,
        );
        let unbalanced = it.unbalanced.clone();
        registry.register(
            "webhook_events_unbalanced",
            "By how much received differs from the sum of the others: 0 unless something is wrong",
            unbalanced,
        );
        let lag = it.lag.clone();
        registry.register("webhook_lag_seconds", "How long the oldest has waited", lag);
        it
    }

    /// Counts one delivery.
    pub(crate) fn received(&self, kind: Kind, repeated: bool) {
        if repeated {
            self.repeated.inc();
        } else {
            self.received.get_or_create(&KindLabels { event_type: kind.name() }).inc();
        }
    }

    /// Counts one try, after which the delivery is as `intake`.
    pub fn worked(&self, intake: &Intake, took: Duration) {
        let event_type = intake.kind.name();
        let status = match &intake.state {
            State::Pending { .. } => "failed",
            other => other.name(),
        };
        self.processed.get_or_create(&EndLabels { event_type, status }).inc();
        self.durations.get_or_create(&KindLabels { event_type }).observe(took.as_secs_f64());
    }

    /// Takes note of what the database says.
    pub(crate) fn stands(&self, tally: &Tally, lag: Duration) {
        let ended = [
            ("received", tally.received),
            (State::PROCESSED, tally.processed),
            (State::IGNORED, tally.ignored),
            (State::DEAD, tally.dead),
            (State::PENDING, tally.pending),
        ];
        for (state, count) in ended {
            self.events.get_or_create(&StateLabels { state }).set(count);
        }
        let others = tally.processed + tally.ignored + tally.dead + tally.pending;
        self.unbalanced.set(tally.received.abs_diff(others));
        self.lag.inner().store(lag.as_secs_f64().to_bits(), Ordering::Relaxed);
    }
}
