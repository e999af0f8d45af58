//! Days of the calendar, in whatever time zone.

use std::fmt;

use crate::Timestamp;

const SECONDS: i64 = 86_400;

/// One day, as a calendar names it. Its text is `2026-11-22` (ISO 8601).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i64);

impl Day {
    /// The day of `at` where clocks are `offset` seconds ahead of UTC at that
    /// instant (east of Greenwich; negative in the west).
    pub fn of(at: Timestamp, offset: i32) -> Self {
        Self((at.as_seconds() + i64::from(offset)).div_euclid(SECONDS))
    }

    /// The Monday of its week: weeks begin with it (ISO 8601).
    #[must_use]
    pub const fn monday(self) -> Self {
        // The first day of 1970 was a Thursday.
        Self(self.0 - (self.0 + 3).rem_euclid(7))
    }

    /// The day so many weeks before it.
    #[must_use]
    pub fn weeks_before(self, weeks: u32) -> Self {
        Self(self.0 - 7 * i64::from(weeks))
    }

    /// The same day of the next week.
    #[must_use]
    pub const fn next_week(self) -> Self {
        Self(self.0 + 7)
    }

    /// When it begins, where clocks are `offset` seconds ahead of UTC. Where a
    /// clock is changed at midnight, within that hour.
    pub fn start(self, offset: impl Fn(Timestamp) -> i32) -> Timestamp {
        let at = |ahead: i32| {
            let seconds = self.0.saturating_mul(SECONDS) - i64::from(ahead);
            Timestamp::from_seconds(seconds)
        };
        // What clocks say is asked for near the instant that is looked for.
        at(offset(at(offset(at(0)))))
    }

    /// How many days lie between it and `earlier`; zero when that is later.
    pub fn days_since(self, earlier: Self) -> u64 {
        u64::try_from(self.0 - earlier.0).unwrap_or_default()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let start = Timestamp::from_seconds(self.0.saturating_mul(SECONDS)).to_string();
        f.write_str(start.split('T').next().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_day_starts_when_its_clocks_say() {
        // As in Bratislava: an hour ahead until 1:00 UTC on that day, then two.
        let change = Timestamp::parse("2026-03-29T01:00:00Z").unwrap();
        let offset = |at: Timestamp| if at < change { 3_600 } else { 7_200 };
        let sunday = Day::of(change, 3_600);
        assert_eq!(sunday.start(offset), Timestamp::parse("2026-03-28T23:00:00Z").unwrap());
        let next = sunday.next_week();
        assert_eq!(next.start(offset), Timestamp::parse("2026-04-04T22:00:00Z").unwrap());
        assert_eq!(next.weeks_before(1), sunday);
    }

    #[test]
    fn a_day_begins_at_midnight_of_its_place() {
        let late = Timestamp::parse("2026-11-22T23:30:00Z").unwrap();
        for (offset, day, monday) in [
            (0, "2026-11-22", "2026-11-16"),
            (3_600, "2026-11-23", "2026-11-23"),
            (-86_400, "2026-11-21", "2026-11-16"),
        ] {
            assert_eq!(Day::of(late, offset).to_string(), day);
            assert_eq!(Day::of(late, offset).monday().to_string(), monday);
        }
        let before = Timestamp::parse("1969-12-31T23:59:59Z").unwrap();
        assert_eq!(Day::of(before, 0).to_string(), "1969-12-31");
        assert_eq!(Day::of(before, 0).monday().to_string(), "1969-12-29");
    }

    proptest! {
        #[test]
        fn a_week_has_seven_days(micros: i64, offset in -86_400..86_400) {
            let day = Day::of(Timestamp::from_micros(micros), offset);
            prop_assert!(day.days_since(day.monday()) < 7);
            prop_assert_eq!(day.monday().monday(), day.monday());
            prop_assert_eq!(day.monday().days_since(day), 0);
        }
    }
}
