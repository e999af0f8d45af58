//! When a job is tried again.

use std::time::Duration;

use lodge_kernel::Timestamp;

/// How long to wait after the first failure, the second, and so on.
pub const WAITS: [Duration; 5] = [
    Duration::from_secs(5),
    Duration::from_secs(30),
    Duration::from_mins(2),
    Duration::from_mins(10),
    Duration::from_hours(1),
];

/// How often a job is tried unless it says otherwise: once, and after every
/// wait.
pub const TRIES: u32 = 6;

/// When to try again after `made` failures. Whoever has more tries than there
/// are waits, waits as long as the last time. `jitter` is a random byte: the
/// wait grows by up to a quarter, so that many that failed together do not
/// come back together.
pub fn after(made: u32, now: Timestamp, jitter: u8) -> Timestamp {
    let index = usize::try_from(made.saturating_sub(1)).unwrap_or(usize::MAX);
    let [.., longest] = WAITS;
    let wait = WAITS.get(index).copied().unwrap_or(longest);
    now.plus(wait + wait * u32::from(jitter) / 1_024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wait_is_longer_and_chance_adds_less_than_a_quarter() {
        let now = Timestamp::from_seconds(0);
        for (made, wait) in (1..).zip(WAITS) {
            assert_eq!(after(made, now, 0), now.plus(wait));
            assert!(after(made, now, 255) < now.plus(wait + wait / 4));
        }
        assert_eq!(after(60, now, 0), now.plus(Duration::from_hours(1)));
    }
}
