//! A host that is down is left alone for a while, instead of being asked, and
//! waited for, by everybody.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use lodge_kernel::Timestamp;

/// Failures in a row that open the breaker.
const FAILURES: u32 = 10;
/// How long the host is left alone then.
const REST: Duration = Duration::from_secs(15);

#[derive(Debug, Default)]
struct State {
    failures: u32,
    /// The host is left alone until then; one question is let through after.
    until: Option<Timestamp>,
}

/// The state of one host.
#[derive(Debug, Default)]
pub(crate) struct Breaker(Mutex<State>);

impl Breaker {
    /// Lets a question through, or says when the next one may be.
    pub(crate) fn enter(&self, now: Timestamp) -> Result<(), Timestamp> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match state.until {
            Some(until) if until > now => Err(until),
            Some(_) => {
                // This one is the probe; the others wait for what it finds.
                state.until = Some(now.plus(REST));
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// The host answered, well or not.
    pub(crate) fn answered(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = State::default();
    }

    /// The host did not answer, or said that it is broken.
    pub(crate) fn failed(&self, now: Timestamp) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.failures = state.failures.saturating_add(1);
        if state.failures >= FAILURES {
            state.until = Some(now.plus(REST));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_host_is_left_alone_and_then_asked_once() {
        let breaker = Breaker::default();
        let now = Timestamp::from_seconds(0);
        for _ in 0..FAILURES {
            assert_eq!(breaker.enter(now), Ok(()));
            breaker.failed(now);
        }
        let later = now.plus(REST);
        assert_eq!(breaker.enter(now), Err(later));
        assert_eq!(breaker.enter(later), Ok(()), "the probe");
        assert!(breaker.enter(later).is_err(), "beside the probe");
        breaker.answered();
        assert_eq!(breaker.enter(later), Ok(()));
    }
}
