//! What is run for each goal. One file each.

mod firewall;
mod footprint;
mod idle_streams;
mod ingest;
mod ingest_latency;
mod jobs;
mod local_host;
mod logins;
mod pass_through;
mod policies;
mod throughput;
mod upstream;

use super::Bench;

/// What a run came to.
#[derive(Clone, Debug)]
pub(super) enum Outcome {
    Measured { figure: f64, details: String },
    NotMeasurable { reason: String },
}

/// One run and the goals that it answers for.
pub(super) struct Run {
    pub answers: &'static [&'static str],
    pub measure: fn(&Bench<'_>) -> anyhow::Result<Outcome>,
}

#[rustfmt::skip]
pub(super) const RUNS: &[Run] = &[
    Run { answers: &["P1"],  measure: throughput::measure },
    Run { answers: &["P2"],  measure: pass_through::measure },
    Run { answers: &["P3"],  measure: policies::measure },
    Run { answers: &["P5"],  measure: ingest::on_postgres },
    Run { answers: &["P5e"], measure: ingest::embedded },
    Run { answers: &["P6"],  measure: ingest_latency::measure },
    Run { answers: &["P7"],  measure: firewall::measure },
    Run { answers: &["P8"],  measure: jobs::measure },
    Run { answers: &["P8b"], measure: jobs::measure_batched },
    Run { answers: &["P9"],  measure: jobs::measure_pickup },
    Run { answers: &["P10"], measure: idle_streams::measure },
    Run { answers: &["P11"], measure: logins::measure },
    Run { answers: &["P12"], measure: footprint::measure },
    Run { answers: &["P13"], measure: upstream::measure },
    Run { answers: &["P14"], measure: local_host::measure },
];

impl Outcome {
    /// The ratio, when there is one.
    pub(super) fn figure(&self) -> Option<f64> {
        match self {
            Self::Measured { figure, .. } => Some(*figure),
            Self::NotMeasurable { .. } => None,
        }
    }
}
