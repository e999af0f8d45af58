//! A window of the journal, cut into the whole hours and days of which sums are kept.

/// An hour, in the microseconds of instants.
pub(crate) const HOUR: i64 = 3_600_000_000;

/// A part of a window, in microseconds: from, and the first instant after it.
pub(crate) enum Part {
    /// Whole units of so many hours.
    Kept(i64, i64, i64),
    /// What is left.
    Rows(i64, i64),
}

/// Cuts a window into whole units of `units` hours, the longest first.
pub(crate) fn cut(from: i64, to: i64, units: &[i64], parts: &mut Vec<Part>) {
    let Some((hours, smaller)) = units.split_first() else {
        if from < to {
            parts.push(Part::Rows(from, to));
        }
        return;
    };
    let width = hours * HOUR;
    let first = -(-from).div_euclid(width) * width;
    let last = to.div_euclid(width) * width;
    if first < last {
        cut(from, first, smaller, parts);
        parts.push(Part::Kept(*hours, first, last));
        cut(last, to, smaller, parts);
    } else {
        cut(from, to, smaller, parts);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(from: i64, to: i64, units: &[i64]) -> String {
        let mut parts = Vec::new();
        cut(from, to, units, &mut parts);
        let parts = parts.iter().map(|it| match it {
            Part::Kept(hours, from, to) => format!("{hours}h {}-{}", from / HOUR, to / HOUR),
            Part::Rows(from, to) => format!("{} min", (to - from) / 60_000_000),
        });
        parts.collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn a_window_is_cut_into_the_longest_units_and_nothing_is_left_out() {
        let minutes = |it: i64| it * 60_000_000;
        let hours = |it: i64| it * HOUR;
        let both: &[i64] = &[24, 1];
        assert_eq!(
            told(hours(22) - minutes(10), hours(73) + minutes(5), both),
            "10 min, 1h 22-24, 24h 24-72, 1h 72-73, 5 min"
        );
        assert_eq!(told(hours(24), hours(48), both), "24h 24-48");
        assert_eq!(told(hours(3), hours(30), both), "1h 3-30");
        assert_eq!(told(hours(3), hours(30), &[24]), "1620 min");
        assert_eq!(told(hours(3) - minutes(1), hours(3) + minutes(1), both), "2 min");
        assert_eq!(told(hours(-30), hours(2), both), "1h -30--24, 24h -24-0, 1h 0-2");
    }
}
