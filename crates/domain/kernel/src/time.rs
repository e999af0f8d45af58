//! Instants. Everything is UTC; the unit is the microsecond.

use std::{fmt, time::Duration};

use chrono::{DateTime, SecondsFormat, Utc};

/// A text is not an instant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an instant is written as in RFC 3339, for example 2026-11-22T09:30:00Z")]
pub struct ParseTimestampError;

/// One instant, in microseconds since 1970-01-01T00:00:00Z.
///
/// Its text is RFC 3339 with milliseconds, as in the contract's examples.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Self = Self(0);
    /// The last instant with a four-digit year: what lies after it is clamped.
    const LAST: i64 = 253_402_300_799_999_999;
    /// The first instant of year 0.
    const FIRST: i64 = -62_167_219_200_000_000;

    /// The instant `micros` microseconds after the epoch, clamped to the years
    /// 0 to 9999, which RFC 3339 can write.
    pub const fn from_micros(micros: i64) -> Self {
        if micros > Self::LAST {
            Self(Self::LAST)
        } else if micros < Self::FIRST {
            Self(Self::FIRST)
        } else {
            Self(micros)
        }
    }

    /// The instant `seconds` seconds after the epoch, as Git writes it.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self::from_micros(seconds.saturating_mul(1_000_000))
    }

    /// Microseconds since the epoch.
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, as OAuth's `exp` and `iat` count.
    pub const fn as_seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// `self` and `duration` later.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        let micros = i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
        Self::from_micros(self.0.saturating_add(micros))
    }

    /// `self` and `duration` earlier.
    #[must_use]
    pub fn minus(self, duration: Duration) -> Self {
        let micros = i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
        Self::from_micros(self.0.saturating_sub(micros))
    }

    /// How long ago `earlier` was; zero when it lies ahead.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or_default())
    }

    /// Reads RFC 3339, with any offset.
    ///
    /// # Errors
    ///
    /// [`ParseTimestampError`] when `text` is something else.
    pub fn parse(text: &str) -> Result<Self, ParseTimestampError> {
        DateTime::parse_from_rfc3339(text)
            .map(|at| Self::from_micros(at.timestamp_micros()))
            .map_err(|_not_rfc_3339| ParseTimestampError)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = DateTime::<Utc>::from_timestamp_micros(self.0).unwrap_or(DateTime::UNIX_EPOCH);
        f.write_str(&at.to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_instant_reads_as_in_the_contract() {
        let at = Timestamp::parse("2026-04-02T16:00:00+02:00").unwrap();
        assert_eq!(at.to_string(), "2026-04-02T14:00:00.000Z");
    }

    proptest! {
        #[test]
        fn the_text_of_any_instant_can_be_read_again(micros: i64) {
            let at = Timestamp::from_micros(micros);
            let again = Timestamp::parse(&at.to_string()).unwrap();
            prop_assert!(at.since(again) < Duration::from_millis(1));
        }

        #[test]
        fn no_text_makes_the_parser_panic(text: String) {
            let _ = Timestamp::parse(&text);
        }
    }
}
