//! What must be shown.

/// One goal.
#[derive(Debug)]
pub(super) struct Goal {
    pub name: &'static str,
    /// What is divided by what.
    pub ratio: &'static str,
    pub aim: Aim,
    /// What must be reached.
    pub must: f64,
    /// What we would be proud of.
    pub stretch: Option<f64>,
}

/// Which way is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aim {
    AtLeast,
    AtMost,
}

#[rustfmt::skip]
pub(super) const GOALS: &[Goal] = &[
    Goal { name: "P1",  ratio: "req/s of /v1/repositories ÷ nginx proxy_pass",              aim: Aim::AtLeast, must: 0.50, stretch: Some(0.65) },
    Goal { name: "P2",  ratio: "req/s, normalised and firewalled ÷ nginx proxy_pass",       aim: Aim::AtLeast, must: 0.35, stretch: Some(0.50) },
    Goal { name: "P3",  ratio: "req/s with all policies ÷ without, same binary",            aim: Aim::AtLeast, must: 0.70, stretch: Some(0.80) },
    Goal { name: "P5",  ratio: "webhooks/s, 202 after the commit ÷ pgbench one-row insert commits/s", aim: Aim::AtLeast, must: 1.0, stretch: Some(2.0) },
    Goal { name: "P5e", ratio: "the same, embedded ÷ SQLite WAL FULL rows/s in batches of 50", aim: Aim::AtLeast, must: 0.40, stretch: Some(0.70) },
    Goal { name: "P6",  ratio: "p99 of a webhook's answer at 200/s ÷ median fdatasync",     aim: Aim::AtMost, must: 6.0, stretch: Some(3.0) },
    Goal { name: "P7",  ratio: "firewall MB/s on one core ÷ rg -j1 -c",                     aim: Aim::AtLeast, must: 0.35, stretch: Some(0.60) },
    Goal { name: "P8",  ratio: "jobs/s on PostgreSQL ÷ graphile-worker, job by job",        aim: Aim::AtLeast, must: 1.50, stretch: Some(2.50) },
    Goal { name: "P8b", ratio: "jobs/s on PostgreSQL ÷ graphile-worker, in batches",        aim: Aim::AtLeast, must: 0.80, stretch: Some(1.50) },
    Goal { name: "P9",  ratio: "wait until a job is picked up, p50 ÷ graphile-worker",      aim: Aim::AtMost,  must: 2.00, stretch: Some(1.00) },
    Goal { name: "P10", ratio: "memory of an idle client at a job's stream ÷ at a bare actix stream", aim: Aim::AtMost, must: 1.60, stretch: Some(1.20) },
    Goal { name: "P11", ratio: "p99 of reads while 20 people log in ÷ while nobody does",   aim: Aim::AtMost,  must: 2.0,  stretch: Some(1.3) },
    Goal { name: "P12", ratio: "memory after 1 M mixed requests ÷ after 10 k",              aim: Aim::AtMost,  must: 1.15, stretch: None },
    Goal { name: "P13", ratio: "host requests for 1,000 repeated reads, remembered ÷ not",  aim: Aim::AtMost,  must: 0.10, stretch: Some(0.02) },
    Goal { name: "P14", ratio: "local host ÷ the git program, the worst of log, show, ls-tree", aim: Aim::AtMost, must: 0.50, stretch: Some(0.10) },
];

/// How much worse than `must` a figure may be before a run fails: noise.
const TOLERANCE: f64 = 0.15;

impl Goal {
    pub(super) fn meets(&self, figure: f64, bound: f64) -> bool {
        match self.aim {
            Aim::AtLeast => figure >= bound,
            Aim::AtMost => figure <= bound,
        }
    }

    /// Missed by more than noise explains.
    pub(super) fn is_clearly_missed(&self, figure: f64) -> bool {
        let bound = match self.aim {
            Aim::AtLeast => self.must * (1.0 - TOLERANCE),
            Aim::AtMost => self.must * (1.0 + TOLERANCE),
        };
        !self.meets(figure, bound)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_forgiven_and_no_more() {
        let throughput = &GOALS[0];
        assert!(!throughput.meets(0.45, throughput.must));
        assert!(!throughput.is_clearly_missed(0.45));
        assert!(throughput.is_clearly_missed(0.42));
        let memory = GOALS.iter().find(|it| it.name == "P12").unwrap();
        assert!(memory.meets(1.1, memory.must));
        assert!(memory.is_clearly_missed(1.5));
        assert!(memory.is_clearly_missed(f64::NAN));
    }
}
