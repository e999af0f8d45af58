//! How long results and reports take, under the names that dashboards of courses
//! know.

use std::{future::Future, sync::Arc, time::Instant};

use async_trait::async_trait;
use lodge_services::{RenderError, Report, ReportFormat, ReportRenderer};
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, histogram::Histogram},
    registry::Registry,
};

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct EndLabels {
    status: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct FormatLabels {
    format: &'static str,
}

/// From one student to a large course over a year, in seconds.
const BOUNDS: [f64; 9] = [0.002, 0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 20.0];

/// How long results and reports take.
pub struct ResultMetrics {
    computed: Family<EndLabels, Counter>,
    compute: Histogram,
    reports: Family<FormatLabels, Histogram>,
}

impl ResultMetrics {
    /// Counts in `registry`, which puts nothing before the names.
    pub(crate) fn register(registry: &mut Registry) -> Self {
        let computed = Family::default();
        let compute = Histogram::new(BOUNDS);
        let reports: Family<FormatLabels, Histogram> =
            Family::new_with_constructor(|| Histogram::new(BOUNDS));
        registry.register(
            "metrics_compute",
            "Results that were asked for, by how it went",
            Family::clone(&computed),
        );
        registry.register(
            "metrics_compute_duration_seconds",
            "How long results took to work out",
            compute.clone(),
        );
        registry.register(
            "report_generation_duration_seconds",
            "How long files took to write",
            Family::clone(&reports),
        );
        Self { computed, compute, reports }
    }

    /// Works results out, and counts how that went.
    pub(crate) async fn computed<T, E>(
        &self,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        let begun = Instant::now();
        let done = work.await;
        let status = if done.is_ok() { "success" } else { "failure" };
        self.computed.get_or_create(&EndLabels { status }).inc();
        self.compute.observe(begun.elapsed().as_secs_f64());
        done
    }
}

/// Writes reports, and says how long that took.
pub struct MeteredReports {
    /// What writes them.
    pub inner: Arc<dyn ReportRenderer>,
    /// What is told.
    pub metrics: Arc<ResultMetrics>,
}

#[async_trait]
impl ReportRenderer for MeteredReports {
    async fn render(&self, report: Report, format: ReportFormat) -> Result<Vec<u8>, RenderError> {
        let begun = Instant::now();
        let file = self.inner.render(report, format).await;
        let labels = FormatLabels { format: format.name() };
        self.metrics.reports.get_or_create(&labels).observe(begun.elapsed().as_secs_f64());
        file
    }
}
