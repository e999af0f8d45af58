//! What is counted of jobs, the database's connections and this process.

use std::sync::atomic::{AtomicU64, Ordering};

use lodge_jobs::Queue;
use lodge_kernel::Timestamp;
use lodge_storage::{Connections, Depth};
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::Registry,
};

type Number = Gauge<u64, AtomicU64>;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfQueue {
    queue_name: &'static str,
}

/// What is counted of jobs, the database's connections and this process.
pub(super) struct WorkMetrics {
    depth: Family<OfQueue, Number>,
    active: Family<OfQueue, Number>,
    lag: Family<OfQueue, Gauge<f64, AtomicU64>>,
    failed: Counter,
    pool: Number,
    checked_out: Number,
    memory: Number,
}

impl WorkMetrics {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let it = Self {
            depth: Family::default(),
            active: Family::default(),
            lag: Family::default(),
            failed: Counter::default(),
            pool: Number::default(),
            checked_out: Number::default(),
            memory: Number::default(),
        };
        let depth = it.depth.clone();
        registry.register("queue_depth", "Jobs that wait for a worker, or for their time", depth);
        let active = it.active.clone();
        registry.register("queue_workers_active", "Jobs that are being done", active);
        let lag = it.lag.clone();
        registry.register("queue_lag_seconds", "How long the oldest job that is due waits", lag);
        let failed = it.failed.clone();
        registry.register("queue_failed_jobs", "Jobs of this process that failed for good", failed);
        let pool = it.pool.clone();
        registry.register("db_pool_size", "Connections that there may be", pool);
        let busy = it.checked_out.clone();
        registry.register("db_pool_checked_out", "Connections that are at work", busy);
        let memory = it.memory.clone();
        registry.register("process_resident_memory_bytes", "Memory of this process", memory);
        it
    }

    /// A line that is not named is empty.
    pub(super) fn jobs(&self, depth: &[Depth], now: Timestamp) {
        for queue in Queue::ALL {
            let line = depth.iter().find(|it| it.queue == queue);
            let label = OfQueue { queue_name: queue.name() };
            self.depth.get_or_create(&label).set(line.map_or(0, |it| it.queued));
            self.active.get_or_create(&label).set(line.map_or(0, |it| it.running));
            let first = line.and_then(|it| it.first_due);
            let lag = first.map(|it| now.since(it)).unwrap_or_default();
            let gauge = self.lag.get_or_create(&label);
            gauge.inner().store(lag.as_secs_f64().to_bits(), Ordering::Relaxed);
        }
    }

    /// Takes note that `failed` jobs failed so far.
    pub(super) fn failed(&self, failed: u64) {
        self.failed.inc_by(failed.saturating_sub(self.failed.get()));
    }

    pub(super) fn process(&self, connections: Connections) {
        let number = |it: usize| u64::try_from(it).unwrap_or(u64::MAX);
        self.pool.set(number(connections.most));
        self.checked_out.set(number(connections.in_use));
        if let Some(bytes) = resident() {
            self.memory.set(bytes);
        }
    }
}

/// The memory of this process, in bytes; `None` where the system does not say
/// it the way of Linux (proc(5), `VmRSS`).
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|it| it.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kibibytes.checked_mul(1024)
}
