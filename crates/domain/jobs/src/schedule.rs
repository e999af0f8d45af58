//! What comes again and again. Everything is UTC.

use std::{str::FromStr as _, time::Duration};

use chrono::{DateTime, Utc};
use croner::Cron;
use lodge_kernel::Timestamp;

use crate::{KindName, Queue};

/// A schedule cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    /// It lasts less than a second. A bug.
    #[error("what comes again comes at most once a second")]
    TooOften,
    /// It is not the five fields of cron, or no instant fits them.
    #[error("`{0}` is not a schedule; for example `17 3 * * *` is each day at 03:17 UTC")]
    NotCron(String),
}

/// When something comes again.
#[derive(Clone, Debug)]
pub struct When(Rule);

#[derive(Clone, Debug)]
enum Rule {
    /// Whole multiples of it since 1970, in microseconds.
    Every(i64),
    Cron(Box<Cron>),
}

impl When {
    /// Every `interval`, counted from 1970 on, so that all processes agree.
    ///
    /// # Errors
    ///
    /// [`ScheduleError::TooOften`].
    pub fn every(interval: Duration) -> Result<Self, ScheduleError> {
        let micros = i64::try_from(interval.as_micros()).unwrap_or(i64::MAX);
        if micros < 1_000_000 {
            Err(ScheduleError::TooOften)
        } else {
            Ok(Self(Rule::Every(micros)))
        }
    }

    /// As cron writes it: minute, hour, day of the month, month, day of the
    /// week.
    ///
    /// # Errors
    ///
    /// [`ScheduleError::NotCron`].
    pub fn cron(text: &str) -> Result<Self, ScheduleError> {
        let refused = || ScheduleError::NotCron(text.to_owned());
        let cron = Cron::from_str(text).map_err(|_not_cron| refused())?;
        let when = Self(Rule::Cron(Box::new(cron)));
        // The thirtieth of February never comes.
        when.slot(Timestamp::from_seconds(1_795_339_800)).ok_or_else(refused)?;
        Ok(when)
    }

    /// The last time at or before `now` at which it was due. What was missed
    /// before that is not made up for.
    pub fn slot(&self, now: Timestamp) -> Option<Timestamp> {
        match &self.0 {
            Rule::Every(micros) => {
                let now = now.as_micros();
                Some(Timestamp::from_micros(now - now.rem_euclid(*micros)))
            }
            Rule::Cron(cron) => {
                let at = DateTime::<Utc>::from_timestamp_micros(now.as_micros())?;
                let slot = cron.find_previous_occurrence(&at, true).ok()?;
                Some(Timestamp::from_micros(slot.timestamp_micros()))
            }
        }
    }
}

/// A job that comes again and again. Its name is the kind's.
#[derive(Clone, Debug)]
pub struct Schedule {
    /// What is done.
    pub kind: KindName,
    /// When.
    pub when: When,
    /// In which line.
    pub queue: Queue,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn a_slot_is_the_last_time_that_it_was_due() {
        let daily = When::cron("17 3 * * *").unwrap();
        let slot = |now| daily.slot(at(now));
        assert_eq!(slot("2026-11-22T03:16:59Z"), Some(at("2026-11-21T03:17:00Z")));
        assert_eq!(slot("2026-11-22T03:17:00Z"), Some(at("2026-11-22T03:17:00Z")));
        assert_eq!(slot("2026-11-22T23:00:00Z"), Some(at("2026-11-22T03:17:00Z")));
        let hourly = When::every(Duration::from_hours(1)).unwrap();
        assert_eq!(hourly.slot(at("2026-11-22T03:59:59Z")), Some(at("2026-11-22T03:00:00Z")));
    }

    #[test]
    fn what_is_no_schedule_is_refused() {
        for wrong in ["", "often", "61 * * * *", "0 0 30 2 *", "* * * *"] {
            assert_eq!(When::cron(wrong).err(), Some(ScheduleError::NotCron(wrong.to_owned())));
        }
        let often = When::every(Duration::from_millis(999)).err();
        assert_eq!(often, Some(ScheduleError::TooOften));
    }

    proptest! {
        #[test]
        fn all_instants_of_a_slot_agree_on_it(seconds in 1_700_000_000_i64..1_900_000_000, later in 0_u64..3_600) {
            for when in [When::every(Duration::from_hours(1)).unwrap(), When::cron("0 * * * *").unwrap()] {
                let slot = when.slot(Timestamp::from_seconds(seconds)).unwrap();
                let again = when.slot(slot.plus(Duration::from_secs(later))).unwrap();
                prop_assert_eq!(slot, again);
            }
        }

        #[test]
        fn no_text_makes_the_parser_panic(text: String) {
            let _ = When::cron(&text);
        }
    }
}
