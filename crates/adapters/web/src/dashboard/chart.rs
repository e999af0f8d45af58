//! Bars of reads over time, drawn on the server.

use std::time::Duration;

use lodge_access::{UsageSummary, UsageSums, UsageWindow};
use lodge_kernel::Timestamp;

/// The drawing, in its own units.
const WIDTH: u64 = 720;
const HEIGHT: u64 = 140;

/// Bars, and the same as rows of a table.
#[derive(Debug)]
pub(super) struct Chart {
    pub(super) bars: Vec<Bar>,
    /// The most reads in one slot.
    pub(super) most: u64,
    /// What the first and last slot are called.
    pub(super) first: String,
    pub(super) last: String,
}

/// One slot.
#[derive(Debug)]
pub(super) struct Bar {
    pub(super) at: String,
    pub(super) requests: u64,
    pub(super) errors: u64,
    pub(super) x: u64,
    pub(super) width: u64,
    /// Of what went well, and above it of what did not.
    pub(super) good: (u64, u64),
    pub(super) bad: (u64, u64),
}

impl Chart {
    /// Every slot of `window`, those without a read too.
    pub(super) fn new(window: UsageWindow, slot: Duration, summary: &UsageSummary) -> Self {
        let width = i64::try_from(slot.as_micros()).unwrap_or(i64::MAX).max(1);
        let start = |at: Timestamp| at.as_micros().div_euclid(width).saturating_mul(width);
        let (first, end) = (start(window.from), window.to.as_micros());
        let known = |at: i64| {
            let found = summary.slots.iter().find(|(it, _)| it.as_micros() == at);
            found.map_or(UsageSums::default(), |(_, sums)| *sums)
        };
        let starts = std::iter::successors(Some(first), |at| at.checked_add(width));
        // A hundred slots are the most that a summary has; two may be cut at the ends.
        let slots: Vec<_> = starts.take_while(|at| *at < end).take(102).collect();
        let sums: Vec<_> = slots.iter().map(|at| (*at, known(*at))).collect();
        let most = sums.iter().map(|(_, it)| it.requests).max().unwrap_or_default();
        let count = u64::try_from(sums.len()).unwrap_or(1).max(1);
        let bars = (0..).zip(&sums).map(|(place, (at, sums)): (u64, _)| {
            let x = WIDTH * place / count;
            let gap = if count > 60 { 1 } else { 2 };
            let width = (WIDTH * (place + 1) / count - x).saturating_sub(gap).max(1);
            let tall = |n: u64| scaled(n, most);
            let (all, bad) = (tall(sums.requests), tall(sums.errors));
            let label: String = name(Timestamp::from_micros(*at), slot);
            Bar {
                at: label,
                requests: sums.requests,
                errors: sums.errors,
                x,
                width,
                good: (HEIGHT - (all - bad), all - bad),
                bad: (HEIGHT - all, bad),
            }
        });
        let bars: Vec<_> = bars.collect();
        let named = |it: Option<&Bar>| it.map_or_else(String::new, |it| it.at.clone());
        Self { first: named(bars.first()), last: named(bars.last()), most, bars }
    }

    /// What a reader who does not see it is told.
    pub(super) fn told(&self) -> String {
        let (all, bad) = self.bars.iter().fold((0_u64, 0_u64), |(all, bad), it| {
            (all.saturating_add(it.requests), bad.saturating_add(it.errors))
        });
        format!(
            "{all} reads from {} to {}, {bad} of them refused or failed; at most {} at a time",
            self.first, self.last, self.most
        )
    }
}

/// Something is seen of everything that there is.
fn scaled(n: u64, most: u64) -> u64 {
    if n == 0 { 0 } else { (n.saturating_mul(HEIGHT) / most.max(1)).clamp(2, HEIGHT) }
}

/// A day, or a day and an hour.
fn name(at: Timestamp, slot: Duration) -> String {
    let text = at.to_string();
    let length = if slot < Duration::from_hours(24) { 16 } else { 10 };
    text.chars().take(length).collect::<String>().replace('T', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quiet_hour_has_a_place_and_a_single_error_is_seen() {
        let from = Timestamp::parse("2026-11-22T09:30:00Z").unwrap();
        let hour = Duration::from_hours(1);
        let window = UsageWindow { from, to: from.plus(hour * 3) };
        let sums = |requests, errors| UsageSums { requests, errors, ..UsageSums::default() };
        let at = |it: &str| Timestamp::parse(it).unwrap();
        let summary = UsageSummary {
            slots: vec![
                (at("2026-11-22T09:00:00Z"), sums(1_000, 1)),
                (at("2026-11-22T11:00:00Z"), sums(10, 10)),
            ],
            ..UsageSummary::default()
        };
        let chart = Chart::new(window, hour, &summary);
        let bars: Vec<_> = chart.bars.iter().map(|it| (&*it.at, it.good.1, it.bad.1)).collect();
        assert_eq!(
            bars,
            [
                ("2026-11-22 09:00", 138, 2),
                ("2026-11-22 10:00", 0, 0),
                ("2026-11-22 11:00", 0, 2),
                ("2026-11-22 12:00", 0, 0)
            ]
        );
        assert!(chart.bars.iter().all(|it| it.x + it.width <= WIDTH));
        assert_eq!(
            chart.told(),
            "1010 reads from 2026-11-22 09:00 to 2026-11-22 12:00, 11 of them refused or failed; at most 1000 at a time"
        );
    }
}
