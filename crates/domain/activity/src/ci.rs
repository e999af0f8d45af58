//! What runs of continuous integration come to.

use std::{collections::BTreeMap, time::Duration};

use lodge_kernel::{Day, Timestamp};

use crate::{
    CiStatus, Pipeline,
    shares::{hundredths, ratio},
    timeline::Offset,
};

/// What runs come to. Times are in whole seconds, rounded to the nearest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CiMetrics {
    /// Runs that ended: well, badly, or because somebody stopped them. One that
    /// was left out did not run.
    pub ended: u64,
    /// Successful ÷ ended, in hundredths of a percent. `None` when none ended.
    pub success_rate: Option<u32>,
    /// Mean time to recovery: from the end of the first failed run after a
    /// successful one to the end of the next successful one on the same branch
    /// or tag. A failure that nobody has mended yet is not in it. `None` when
    /// nothing was mended.
    pub recovery: Option<u64>,
    /// How many times something was mended.
    pub recoveries: u64,
    /// Mean of end − start, of ended runs of which both are told.
    pub mean_duration: Option<u64>,
    /// The median of the same; of an even number the mean of the middle two.
    pub median_duration: Option<u64>,
    /// Runs ÷ days from the first run's day to the last run's, both counted, in
    /// hundredths. `None` when there is none.
    pub builds_per_day: Option<u32>,
    /// The coverage that the last run of each day told, in hundredths of a
    /// percent; days without any are left out.
    pub coverage: BTreeMap<Day, u32>,
    /// The last of these less the first, in hundredths of a percentage point.
    /// `None` with less than two.
    pub coverage_trend: Option<i64>,
}

/// What the runs of one project come to, with days where clocks are `offset`
/// ahead of UTC. Each run is there once.
///
/// Source: the measures that GitLab's CI/CD analytics and DORA
/// (<https://dora.dev/guides/dora-metrics-four-keys/>) have.
pub fn ci_metrics<'a, A: 'a>(
    runs: impl IntoIterator<Item = &'a Pipeline<A>>,
    offset: Offset<'_>,
) -> CiMetrics {
    let mut runs: Vec<_> = runs.into_iter().collect();
    runs.sort_by_key(|it| (end(it), &it.id));
    let ended: Vec<_> = runs
        .iter()
        .copied()
        .filter(|it| it.status.has_ended() && it.status != CiStatus::Skipped)
        .collect();
    let succeeded = ended.iter().filter(|it| it.status == CiStatus::Success).count();
    let recoveries = recoveries(&ended);
    let mut durations: Vec<_> = ended.iter().filter_map(|it| duration(it)).collect();
    durations.sort_unstable();
    let coverage = coverage(&runs, offset);
    CiMetrics {
        ended: count(ended.len()),
        success_rate: ratio(count(succeeded), count(ended.len())),
        recovery: mean(&recoveries),
        recoveries: count(recoveries.len()),
        mean_duration: mean(&durations),
        median_duration: median(&durations),
        builds_per_day: builds_per_day(&runs, offset),
        coverage_trend: trend(&coverage),
        coverage,
    }
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

/// When a run came to stand as it does.
fn end<A>(it: &Pipeline<A>) -> Timestamp {
    it.finished_at.unwrap_or(it.updated_at)
}

fn duration<A>(it: &Pipeline<A>) -> Option<Duration> {
    Some(it.finished_at?.since(it.started_at?))
}

/// How long each failure lasted. `ended` is in the order of their ends.
fn recoveries<A>(ended: &[&Pipeline<A>]) -> Vec<Duration> {
    let mut broken = BTreeMap::new();
    let mut mended = Vec::new();
    for it in ended {
        match it.status {
            CiStatus::Failed => {
                broken.entry(&it.reference).or_insert(end(it));
            }
            CiStatus::Success => {
                mended.extend(broken.remove(&it.reference).map(|since| end(it).since(since)));
            }
            _ => {}
        }
    }
    mended
}

/// The mean, in seconds.
fn mean(all: &[Duration]) -> Option<u64> {
    let sum: u128 = all.iter().map(Duration::as_millis).sum();
    let millis = sum.checked_div(u128::from(count(all.len())))?;
    Some(u64::try_from((millis + 500) / 1_000).unwrap_or(u64::MAX))
}

/// The median of what is in order, in seconds.
fn median(sorted: &[Duration]) -> Option<u64> {
    let middle = sorted.len() / 2;
    let from = if sorted.len().is_multiple_of(2) { middle.checked_sub(1)? } else { middle };
    mean(sorted.get(from..=middle)?)
}

fn builds_per_day<A>(runs: &[&Pipeline<A>], offset: Offset<'_>) -> Option<u32> {
    let days = runs.iter().map(|it| Day::of(it.created_at, offset(it.created_at)));
    let (first, last) = (days.clone().min()?, days.max()?);
    let days = last.days_since(first).saturating_add(1);
    hundredths(count(runs.len()), days)
}

/// `runs` is in the order of their ends: the last one of a day stays.
fn coverage<A>(runs: &[&Pipeline<A>], offset: Offset<'_>) -> BTreeMap<Day, u32> {
    let of = |it: &&Pipeline<A>| Some((Day::of(end(it), offset(end(it))), it.coverage?));
    runs.iter().filter_map(of).collect()
}

fn trend(coverage: &BTreeMap<Day, u32>) -> Option<i64> {
    let (first, last) = (coverage.first_key_value()?, coverage.last_key_value()?);
    (first.0 != last.0).then(|| i64::from(*last.1) - i64::from(*first.1))
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*, sample::select};

    use super::*;
    use crate::{
        ActorId,
        testing::{a_run, at},
        timeline::UTC,
    };

    fn run(id: &str, status: CiStatus, time: &str, seconds: u64) -> Pipeline<ActorId> {
        a_run(id, status, at(time), seconds, None)
    }

    #[test]
    fn a_week_of_runs() {
        let main = [
            run("1", CiStatus::Success, "2026-11-02T10:00:00Z", 100),
            // Broken from 10:02 of the third on: 30 s, 60 s later 40 s.
            run("2", CiStatus::Failed, "2026-11-03T10:00:00Z", 120),
            run("3", CiStatus::Failed, "2026-11-03T11:00:00Z", 30),
            run("4", CiStatus::Canceled, "2026-11-03T11:30:00Z", 10),
            run("5", CiStatus::Success, "2026-11-03T12:00:00Z", 240),
            // Nobody has mended it.
            run("6", CiStatus::Failed, "2026-11-05T10:00:00Z", 100),
        ];
        let elsewhere = Pipeline {
            reference: "17-fix".to_owned(),
            coverage: Some(5_000),
            ..run("7", CiStatus::Failed, "2026-11-01T10:00:00Z", 60)
        };
        let skipped = run("8", CiStatus::Skipped, "2026-11-01T10:00:00Z", 0);
        let running = Pipeline {
            finished_at: None,
            coverage: Some(6_250),
            ..run("9", CiStatus::Running, "2026-11-05T12:00:00Z", 0)
        };
        let runs: Vec<_> = main.into_iter().chain([elsewhere, skipped, running]).collect();
        let metrics = ci_metrics(&runs, UTC);
        assert_eq!(metrics.ended, 7);
        // 2 of 7.
        assert_eq!(metrics.success_rate, Some(2_857));
        // From 10:02:00 to 12:04:00.
        assert_eq!((metrics.recoveries, metrics.recovery), (1, Some(7_320)));
        // 10, 30, 60, 100, 100, 120, 240: 660 in 7.
        assert_eq!(metrics.mean_duration, Some(94));
        assert_eq!(metrics.median_duration, Some(100));
        // 9 in the five days from the first to the fifth.
        assert_eq!(metrics.builds_per_day, Some(180));
        let coverage: Vec<_> = metrics.coverage.values().copied().collect();
        assert_eq!((coverage, metrics.coverage_trend), (vec![5_000, 6_250], Some(1_250)));
    }

    #[test]
    fn nothing_comes_to_nothing() {
        assert_eq!(ci_metrics::<ActorId>(&[], UTC), CiMetrics::default());
        let waiting = run("1", CiStatus::Pending, "2026-11-01T10:00:00Z", 0);
        let metrics = ci_metrics(&[waiting], UTC);
        assert_eq!((metrics.ended, metrics.success_rate), (0, None));
        assert_eq!((metrics.mean_duration, metrics.median_duration), (None, None));
        assert_eq!(metrics.builds_per_day, Some(100));
    }

    #[test]
    fn the_median_of_an_even_number_is_between_the_middle_two() {
        let seconds =
            |all: &[u64]| all.iter().copied().map(Duration::from_secs).collect::<Vec<_>>();
        assert_eq!(median(&seconds(&[1, 2, 5, 90])), Some(4));
        assert_eq!(median(&seconds(&[1, 2, 90])), Some(2));
        assert_eq!(median(&seconds(&[7])), Some(7));
        assert_eq!(median(&[]), None);
    }

    proptest! {
        #[test]
        fn the_order_of_runs_does_not_matter(
            told in vec((select(CiStatus::ALL.to_vec()), 0..500_000_i64, 0..900_u64, 0..3_u32), 0..20),
        ) {
            let mut runs: Vec<_> = told
                .into_iter()
                .enumerate()
                .map(|(n, (status, at, seconds, coverage))| Pipeline {
                    coverage: coverage.checked_sub(1),
                    reference: (n % 2).to_string(),
                    ..a_run(&n.to_string(), status, Timestamp::from_seconds(at), seconds, None)
                })
                .collect();
            let before = ci_metrics(&runs, UTC);
            runs.reverse();
            prop_assert_eq!(&before, &ci_metrics(&runs, UTC));
            prop_assert!(before.success_rate.is_none_or(|it| it <= 10_000));
            prop_assert_eq!(before.success_rate.is_none(), before.ended == 0);
        }
    }
}
