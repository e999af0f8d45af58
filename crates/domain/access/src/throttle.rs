//! How long somebody who guesses must wait.

use std::time::Duration;

use lodge_kernel::Timestamp;

/// After how long a silence all attempts are forgotten.
const FORGOTTEN: Duration = Duration::from_hours(24);

/// What is limited: each has its own patience.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// One account, wherever the guesses come from.
    Account,
    /// One network: 256 addresses of version 4, or 64 bits of version 6.
    Network,
}

impl Subject {
    /// How many attempts in a row cost nothing.
    const fn free(self) -> u32 {
        match self {
            Self::Account => 5,
            // Behind one address may be a whole office.
            Self::Network => 30,
        }
    }

    /// The longest wait. That of an account is short, since a stranger could
    /// keep its owner out; 288 guesses a day remain.
    const fn longest(self) -> Duration {
        match self {
            Self::Account => Duration::from_mins(5),
            Self::Network => Duration::from_mins(15),
        }
    }
}

/// The attempts of one subject since the last one that succeeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Throttle {
    /// How many.
    pub attempts: u32,
    /// When the latest was.
    pub last_at: Timestamp,
}

impl Throttle {
    /// Nobody has tried.
    pub const NONE: Self = Self { attempts: 0, last_at: Timestamp::from_seconds(0) };

    /// Takes note of an attempt at `now`, before it is known how it ends: many
    /// at the same time must not all be the first.
    ///
    /// # Errors
    ///
    /// How long to wait. Nothing has changed then: asking too early does not
    /// make the wait longer.
    pub fn attempt(self, subject: Subject, now: Timestamp) -> Result<Self, Duration> {
        if now.since(self.last_at) >= FORGOTTEN {
            return Ok(Self { attempts: 1, last_at: now });
        }
        let until = self.last_at.plus(self.wait(subject));
        if now < until {
            return Err(until.since(now));
        }
        Ok(Self { attempts: self.attempts.saturating_add(1), last_at: now })
    }

    /// One attempt was no guess after all.
    #[must_use]
    pub fn forgive(self) -> Self {
        Self { attempts: self.attempts.saturating_sub(1), ..self }
    }

    /// How long after the latest attempt the next one may come: nothing at
    /// first, then a second, and twice as long each time.
    fn wait(self, subject: Subject) -> Duration {
        let Some(more) = self.attempts.checked_sub(subject.free()) else { return Duration::ZERO };
        let seconds = 1_u64.checked_shl(more).unwrap_or(u64::MAX);
        Duration::from_secs(seconds).min(subject.longest())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn five_guesses_are_free_and_then_each_wait_is_twice_as_long() {
        let mut now = Timestamp::from_seconds(1_000_000);
        let mut throttle = Throttle::NONE;
        for _ in 0..5 {
            throttle = throttle.attempt(Subject::Account, now).unwrap();
        }
        for seconds in [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300] {
            let wait = Duration::from_secs(seconds);
            assert_eq!(throttle.attempt(Subject::Account, now), Err(wait));
            now = now.plus(wait);
            throttle = throttle.attempt(Subject::Account, now).unwrap();
        }
        let tomorrow = now.plus(FORGOTTEN);
        assert_eq!(throttle.attempt(Subject::Account, tomorrow).unwrap().attempts, 1);
    }

    proptest! {
        #[test]
        fn a_day_of_guessing_is_never_more_than_three_hundred(steps in prop::collection::vec(0_u64..600, 1..2_000)) {
            let start = Timestamp::from_seconds(1_000_000);
            let end = start.plus(Duration::from_hours(24));
            let (mut now, mut throttle, mut taken) = (start, Throttle::NONE, 0);
            for step in steps {
                now = now.plus(Duration::from_secs(step));
                if now >= end { break; }
                if let Ok(next) = throttle.attempt(Subject::Account, now) {
                    throttle = next;
                    taken += 1;
                }
            }
            prop_assert!(taken <= 300, "{taken}");
        }

        #[test]
        fn a_wait_is_never_longer_than_it_may_be_and_then_over(attempts: u32, last in 0_i64..4_000_000_000, later in 0_u64..100_000) {
            let throttle = Throttle { attempts, last_at: Timestamp::from_seconds(last) };
            let now = throttle.last_at.plus(Duration::from_secs(later));
            for subject in [Subject::Account, Subject::Network] {
                if let Err(wait) = throttle.attempt(subject, now) {
                    prop_assert!(wait <= subject.longest() && !wait.is_zero());
                    prop_assert!(throttle.attempt(subject, now.plus(wait)).is_ok());
                }
            }
        }
    }
}
