//! The clock of this machine.

use std::time::{SystemTime, UNIX_EPOCH};

use lodge_kernel::{Clock, Timestamp};

/// The clock of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        // A clock before 1970 is a broken one: everything it signs has expired.
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_micros(i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_goes_forward_and_knows_its_century() {
        let before = SystemClock.now();
        let after = SystemClock.now();
        assert!(before <= after);
        assert!(before > Timestamp::parse("2025-01-01T00:00:00Z").unwrap());
        assert!(before < Timestamp::parse("2125-01-01T00:00:00Z").unwrap());
    }
}
