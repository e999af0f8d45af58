//! Second tries, within a budget: when everything fails, trying everything
//! twice would only double the load.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// Second tries that are saved up at most.
const MOST: f64 = 20.0;
/// How much of a second try every first one earns.
const EARNED: f64 = 0.1;
/// Tries of one question, the first one included.
pub(crate) const TRIES: u32 = 3;

/// What is left of one host's budget of second tries.
#[derive(Debug)]
pub(crate) struct Retries(Mutex<f64>);

impl Retries {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(MOST))
    }

    /// A first try.
    pub(crate) fn earn(&self) {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *left = (*left + EARNED).min(MOST);
    }

    /// Takes one second try, if there is one.
    pub(crate) fn take(&self) -> bool {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let some = *left >= 1.0;
        if some {
            *left -= 1.0;
        }
        some
    }
}

/// How long to wait before try `number` (the second is 1): 100 ms, 200 ms …
pub(crate) fn wait_before(number: u32) -> Duration {
    Duration::from_millis(50) * 2u32.saturating_pow(number.min(6))
}
