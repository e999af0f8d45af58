//! How two things are compared on a machine that is never quite quiet.
//!
//! A and B take turns, and each pair gives one ratio; before and after each pair we
//! look at the machine, and drop the pair when it changed. The median of the ratios
//! is the figure, their range is said with it. Nothing absolute leaves this module.

use std::{fs, time::Duration};

use anyhow::bail;

use super::{Bench, probe::Weather};
use crate::terminal::note;

/// How many pairs, and how long.
#[derive(Clone, Copy, Debug)]
pub(super) struct Protocol {
    /// Pairs that must count.
    pub pairs: usize,
    /// How long each side is loaded. Whole seconds, for wrk.
    pub window: Duration,
    /// How long each probe looks.
    look: Duration,
    /// Pairs during which the machine changed do not count.
    strict: bool,
}

/// The ratios of the pairs that count.
#[derive(Clone, Debug)]
pub(super) struct Series {
    ratios: Vec<f64>,
    /// What was measured of ours in each, in the unit of the goal.
    ours: Vec<f64>,
    dropped: usize,
}

impl Protocol {
    pub(super) const FULL: Self = Self {
        pairs: 5,
        window: Duration::from_secs(8),
        look: Duration::from_secs(1),
        strict: true,
    };
    pub(super) const QUICK: Self = Self {
        pairs: 2,
        window: Duration::from_secs(2),
        look: Duration::from_millis(200),
        strict: false,
    };

    /// Compares: each side is given how long it may take and answers with its rate,
    /// and a ratio is A's rate ÷ B's.
    ///
    /// # Errors
    ///
    /// When a side fails, or the machine is so restless that too few pairs count.
    pub(super) fn compare(
        self,
        bench: &Bench<'_>,
        mut a: impl FnMut(Duration) -> anyhow::Result<f64>,
        mut b: impl FnMut(Duration) -> anyhow::Result<f64>,
    ) -> anyhow::Result<Series> {
        let folder = bench.workspace.target.join("bench");
        fs::create_dir_all(&folder)?;
        // Caches, connections and clock speed settle before anything counts.
        let warm_up = Duration::from_secs(self.window.as_secs().div_ceil(4));
        a(warm_up)?;
        b(warm_up)?;
        let mut series = Series { ratios: Vec::new(), ours: Vec::new(), dropped: 0 };
        let mut before = Weather::look(&folder, self.look)?;
        while series.ratios.len() < self.pairs {
            let (ours, theirs) = (a(self.window)?, b(self.window)?);
            let ratio = ours / theirs;
            let after = Weather::look(&folder, self.look)?;
            if self.strict && before.moved_until(after) {
                series.dropped += 1;
                note(&format!("pair dropped, the machine changed: {before:?} → {after:?}"));
            } else {
                series.ratios.push(ratio);
                series.ours.push(ours);
                note(&format!("pair {}: {ratio:.3}, {ours:.1} ÷ {theirs:.1}", series.ratios.len()));
            }
            before = after;
            if series.dropped > 3 * self.pairs {
                bail!("this machine is too restless: {} pairs were dropped", series.dropped);
            }
        }
        Ok(series)
    }
}

impl Series {
    /// The median of the ratios.
    pub(super) fn figure(&self) -> f64 {
        median(&self.ratios)
    }

    /// How far to trust the figure.
    pub(super) fn spread(&self) -> String {
        let least = self.ratios.iter().copied().fold(f64::INFINITY, f64::min);
        let most = self.ratios.iter().copied().fold(0.0, f64::max);
        let (pairs, ours) = (self.ratios.len(), median(&self.ours));
        format!("{pairs} pairs {least:.3}–{most:.3}, {} dropped, ours {ours:.1}", self.dropped)
    }
}

/// The middle value; of two middle ones, their mean. Not a number when there is none.
pub(super) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    let upper = sorted.get(middle).copied().unwrap_or(f64::NAN);
    if sorted.len() % 2 == 1 {
        return upper;
    }
    let lower = middle.checked_sub(1).and_then(|it| sorted.get(it)).copied().unwrap_or(f64::NAN);
    f64::midpoint(lower, upper)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn the_median_is_the_middle() {
        assert!(same(median(&[3.0, 1.0, 2.0]), 2.0));
        assert!(same(median(&[4.0, 1.0, 2.0, 3.0]), 2.5));
        assert!(median(&[]).is_nan());
    }

    #[test]
    fn one_wild_pair_does_not_move_the_figure() {
        let ratios = vec![0.5, 0.51, 0.49, 9.0, 0.5];
        let series = Series { ratios, ours: vec![4.0, 2.0, 3.0], dropped: 2 };
        assert!(same(series.figure(), 0.5));
        assert_eq!(series.spread(), "5 pairs 0.490–9.000, 2 dropped, ours 3.0");
    }
}
