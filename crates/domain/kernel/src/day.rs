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
